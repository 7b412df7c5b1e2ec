import type { Account } from '../account.ts'
import { invalidRequest } from '../errors.ts'
import { get } from '../get.ts'
import type { TaxRate } from '../invoicing-objects.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { render } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'
import { changeObject } from '../lifecycle/change-object.ts'
import { publishedNulls } from '../published-data.ts'

interface TaxRateFields {
  readonly active?: boolean
  readonly country?: string
  readonly description?: string
  readonly display_name?: string
  readonly jurisdiction?: string
  readonly metadata?: MetadataChange | null
  readonly state?: string
  readonly tax_type?: string
}

interface NewTaxRate extends TaxRateFields {
  readonly display_name: string
  readonly inclusive: boolean
  readonly percentage: number
}

const fields = ['active', 'country', 'description', 'display_name', 'jurisdiction', 'metadata', 'state', 'tax_type']

export const taxRateRoutes: Routes = {
  'tax-rates.create': route<NewTaxRate>({
    supports: [...fields, 'inclusive', 'percentage'],
    handle: ({ account, parameters }) => render(account.store, createTaxRate(account, parameters)),
  }),
  'tax-rates.retrieve': retrieveRoute('taxRates'),
  'tax-rates.update': route<TaxRateFields>({
    supports: fields,
    handle({ account, id, parameters: { metadata, ...given } }) {
      const before = get(account.store.taxRates, id)
      const changes = { ...given, metadata: changeMetadata(before.metadata, metadata) }
      return render(account.store, changeObject(account, 'taxRates', before, changes, 'tax_rate.updated'))
    },
  }),
  'tax-rates.list': listRoute('taxRates', { fields: ['active', 'created', 'inclusive'] }),
}

/** The rates that a parameter names, by id. An archived one is not given to anything new. */
export function readTaxRates(account: Account, ids: readonly string[], param: string): readonly string[] {
  for (const [index, id] of ids.entries()) {
    if (get(account.store.taxRates, id, `${param}[${index}]`).active) continue
    throw invalidRequest(`The tax rate \`${id}\` is not active.`, { param: `${param}[${index}]` })
  }
  return ids
}

function createTaxRate(account: Account, given: NewTaxRate): TaxRate {
  if (given.percentage < 0 || given.percentage > 100 || !/^\d+(\.\d{1,4})?$/.test(String(given.percentage))) {
    throw invalidRequest('Invalid percentage: from 0 to 100, with at most 4 decimal places', { param: 'percentage' })
  }
  const rate = account.store.taxRates.save({
    id: account.identifiers.next('txr'),
    object: 'tax_rate',
    ...publishedNulls('tax_rate'),
    active: given.active ?? true,
    country: given.country ?? null,
    created: account.clock.seconds(),
    description: given.description ?? null,
    display_name: given.display_name,
    effective_percentage: given.percentage,
    inclusive: given.inclusive,
    jurisdiction: given.jurisdiction ?? null,
    livemode: false,
    metadata: changeMetadata({}, given.metadata),
    percentage: given.percentage,
    rate_type: 'percentage',
    state: given.state ?? null,
    tax_type: given.tax_type ?? null,
  })
  account.emit('tax_rate.created', rate)
  return rate
}
