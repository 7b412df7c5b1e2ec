import type { Account } from '../account.ts'
import type { Taxation } from '../amount-objects.ts'
import { exclusiveParameters, invalidRequest } from '../errors.ts'
import { get } from '../get.ts'
import type { TaxRate } from '../invoicing-objects.ts'
import { automaticTax, newTaxRate } from '../lifecycle/amounts/automatic-tax.ts'
import { changeObject } from '../lifecycle/change-object.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { render } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'

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

/** How something shall be taxed; what is not given stays as it is. */
export interface GivenTaxes {
  readonly automatic_tax?: { readonly enabled: boolean }
  readonly default_tax_rates?: readonly string[] | null
}

/** Parameters of {@link GivenTaxes}, which `path` leads to. */
export function taxParameters(path: string): readonly string[] {
  return ['automatic_tax.enabled', 'automatic_tax.liability.type', 'default_tax_rates'].map((name) => `${path}${name}`)
}

/** Reads how something shall be taxed: Stripe works out the tax where no rates say it. */
export function readTaxes(account: Account, { automatic_tax, default_tax_rates: rates }: GivenTaxes, path = 'default_tax_rates'): Taxation {
  if (automatic_tax?.enabled === true && (rates ?? []).length > 0) throw exclusiveParameters(['automatic_tax', 'default_tax_rates'], path)
  return {
    ...(automatic_tax !== undefined && { automatic_tax: automaticTax(automatic_tax.enabled) }),
    ...(rates !== undefined && { default_tax_rates: readTaxRates(account, rates ?? [], path) }),
  }
}

function createTaxRate(account: Account, given: NewTaxRate): TaxRate {
  if (given.percentage < 0 || given.percentage > 100 || !/^\d+(\.\d{1,4})?$/.test(String(given.percentage))) {
    throw invalidRequest('Invalid percentage: from 0 to 100, with at most 4 decimal places', { param: 'percentage' })
  }
  const made = { active: true, ...given, id: account.identifiers.next('txr'), metadata: changeMetadata({}, given.metadata) }
  const rate = account.store.taxRates.save(newTaxRate(account, made))
  account.emit('tax_rate.created', rate)
  return rate
}
