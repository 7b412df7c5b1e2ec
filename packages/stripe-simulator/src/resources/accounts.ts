import type { Account } from '../account.ts'
import { missingResource } from '../errors.ts'
import type { Rendered } from '../responses/render.ts'
import { route, type Routes } from './route.ts'

export const accountRoutes: Routes = {
  'accounts.retrieveCurrent': route({
    handle: ({ account }) => renderAccount(account),
  }),
  'accounts.retrieve': route({
    handle({ account, simulation, id }) {
      if (id === account.id) return renderAccount(account)
      const connected = account.isConnected ? undefined : simulation.accounts.connected(id, account.livemode)
      if (connected === undefined) throw missingResource('account', id)
      return renderAccount(connected)
    },
  }),
}

function renderAccount({ id }: Account): Rendered {
  return {
    id,
    object: 'account',
    business_type: 'company',
    charges_enabled: true,
    country: 'US',
    default_currency: 'usd',
    details_submitted: true,
    email: null,
    metadata: {},
    payouts_enabled: true,
    type: 'standard',
  }
}
