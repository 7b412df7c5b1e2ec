import type { Account } from '../account.ts'
import { invalidRequest } from '../errors.ts'
import { get } from '../get.ts'
import type { TaxRate } from '../invoicing-objects.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { isWithin, listPage, type InstantFilter, type PageParameters } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { pageParameters, route, type Routes } from './route.ts'

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

interface TaxRateFilter extends PageParameters {
  readonly active?: boolean
  readonly created?: InstantFilter
  readonly inclusive?: boolean
}

const fields = ['active', 'country', 'description', 'display_name', 'jurisdiction', 'metadata', 'state', 'tax_type']

export const taxRateRoutes: Routes = {
  'tax-rates.create': route<NewTaxRate>({
    answers: 'tax_rate',
    supports: [...fields, 'inclusive', 'percentage'],
    handle: ({ account, parameters }) => render(account.store, createTaxRate(account, parameters)),
  }),
  'tax-rates.retrieve': route({
    answers: 'tax_rate',
    handle: ({ account, id }) => render(account.store, get(account.store.taxRates, id)),
  }),
  'tax-rates.update': route<TaxRateFields>({
    answers: 'tax_rate',
    supports: fields,
    handle({ account, id, parameters: { metadata, ...given } }) {
      const before = get(account.store.taxRates, id)
      const after = account.store.taxRates.save({ ...before, ...given, metadata: changeMetadata(before.metadata, metadata) })
      account.emit('tax_rate.updated', after, before)
      return render(account.store, after)
    },
  }),
  'tax-rates.list': route<TaxRateFilter>({
    answers: 'tax_rate',
    supports: [...pageParameters, 'active', 'created', 'inclusive'],
    handle({ account, parameters }) {
      const { active, created, inclusive } = parameters
      const matches = account.store.taxRates
        .newestFirst()
        .filter((rate) => active === undefined || rate.active === active)
        .filter((rate) => isWithin(rate.created, created))
        .filter((rate) => inclusive === undefined || rate.inclusive === inclusive)
      return { ...listPage(account.store, account.store.taxRates, matches, parameters, '/v1/tax_rates') }
    },
  }),
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
    active: given.active ?? true,
    country: given.country ?? null,
    created: account.clock.seconds(),
    description: given.description ?? null,
    display_name: given.display_name,
    effective_percentage: given.percentage,
    flat_amount: null,
    inclusive: given.inclusive,
    jurisdiction: given.jurisdiction ?? null,
    jurisdiction_level: null,
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
