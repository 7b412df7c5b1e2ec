import { invalidRequest, missingParameter } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { render } from '../responses/render.ts'
import { route, type Routes } from './route.ts'
import { publishedNulls } from '../published-data.ts'

interface NewPortalSession {
  readonly configuration?: string
  readonly customer?: string
  readonly locale?: string
  readonly return_url?: string
}

export const portalSessionRoutes: Routes = {
  'billing-portal-sessions.create': route<NewPortalSession>({
    answers: 'billing_portal.session',
    supports: ['configuration', 'customer', 'return_url'],
    echoes: ['locale'],
    handle({ account, parameters, origin }) {
      const { store } = account
      if (parameters.customer === undefined) throw missingParameter('customer')
      const customer = getCustomer(store, parameters.customer, 'customer')
      const configuration =
        parameters.configuration === undefined
          ? store.portalConfigurations.newestFirst().find((candidate) => candidate.is_default)
          : get(store.portalConfigurations, parameters.configuration, 'configuration')
      if (configuration === undefined) {
        throw invalidRequest(
          'No configuration provided and your test mode default configuration has not been created. Provide a configuration.',
          { param: 'configuration' },
        )
      }
      if (!configuration.active) {
        throw invalidRequest('This configuration is not active.', { param: 'configuration' })
      }
      const id = account.identifiers.next('bps')
      const session = store.portalSessions.save({
        id,
        object: 'billing_portal.session',
        ...publishedNulls('billing_portal.session'),
        configuration: configuration.id,
        created: account.clock.seconds(),
        customer: customer.id,
        livemode: false,
        locale: parameters.locale ?? null,
        return_url: parameters.return_url ?? configuration.default_return_url,
        url: `${origin}/p/session/${id}`,
      })
      account.emit('billing_portal.session.created', session)
      return render(store, session)
    },
  }),
}
