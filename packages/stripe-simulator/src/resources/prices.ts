import type { Account } from '../account.ts'
import type { CurrencyOption } from '../amount-objects.ts'
import { exclusiveParameters, invalidInteger, invalidRequest, missingParameter } from '../errors.ts'
import { get } from '../get.ts'
import type { Interval, Price } from '../objects.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { render } from '../responses/render.ts'
import { readAmounts, type GivenAmounts } from './price-amounts.ts'
import { createProduct } from './products.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'
import { changeObject } from '../lifecycle/change-object.ts'

interface PriceFields {
  readonly active?: boolean
  readonly currency_options?: Readonly<Record<string, GivenAmounts>>
  readonly lookup_key?: string
  readonly metadata?: MetadataChange | null
  readonly nickname?: string
  readonly tax_behavior?: string
  readonly transfer_lookup_key?: boolean
}

export interface NewPrice extends PriceFields, GivenAmounts {
  readonly billing_scheme?: 'per_unit' | 'tiered'
  readonly currency: string
  readonly product?: string
  readonly product_data?: { readonly name: string; readonly id?: string; readonly metadata?: MetadataChange }
  readonly recurring?: {
    readonly interval: Interval
    readonly interval_count?: number
    readonly meter?: string
    readonly usage_type?: 'licensed' | 'metered'
  }
  readonly tiers_mode?: 'graduated' | 'volume'
  readonly transform_quantity?: { readonly divide_by: number; readonly round: 'down' | 'up' }
}

interface PriceFilter {
  readonly currency?: string
  readonly lookup_keys?: readonly string[]
  readonly recurring?: { readonly interval?: string; readonly usage_type?: string }
}

const fields = ['active', 'currency_options', 'lookup_key', 'metadata', 'nickname', 'transfer_lookup_key']
const longestPeriod: Readonly<Record<Interval, number>> = { day: 1095, week: 156, month: 36, year: 3 }

export const priceRoutes: Routes = {
  'prices.create': route<NewPrice>({
    supports: [
      ...fields,
      'billing_scheme',
      'currency',
      'product',
      'product_data.id',
      'product_data.metadata',
      'product_data.name',
      'recurring.interval',
      'recurring.interval_count',
      'recurring.meter',
      'recurring.usage_type',
      'tiers',
      'tiers_mode',
      'transform_quantity',
      'unit_amount',
      'unit_amount_decimal',
    ],
    echoes: ['tax_behavior'],
    handle: ({ account, parameters }) => render(account.store, createPrice(account, parameters)),
  }),
  'prices.retrieve': retrieveRoute('prices'),
  'prices.update': route<PriceFields>({
    supports: fields,
    echoes: ['tax_behavior'],
    handle({ account, id, parameters }) {
      const before = get(account.store.prices, id)
      const { currency_options, metadata, transfer_lookup_key, ...given } = parameters
      const options = readCurrencyOptions(currency_options, before['billing_scheme'] === 'tiered')
      const internal = {
        tiers: before.internal?.tiers,
        currencyOptions: { ...before.internal?.currencyOptions, ...options },
      }
      const changes = { ...given, internal, metadata: changeMetadata(before.metadata, metadata) }
      claimLookupKey(account, given.lookup_key, transfer_lookup_key, id)
      return render(account.store, changeObject(account, 'prices', before, changes, 'price.updated'))
    },
  }),
  'prices.list': listRoute('prices', {
    fields: ['active', 'created', 'product', 'type'],
    supports: ['currency', 'lookup_keys', 'recurring.interval', 'recurring.usage_type'],
    shows: (price, { currency, lookup_keys, recurring }: PriceFilter) =>
      (currency === undefined || price.currency === currency.toLowerCase()) &&
      (lookup_keys === undefined || lookup_keys.includes(price.lookup_key ?? '')) &&
      (recurring?.interval === undefined || price.recurring?.interval === recurring.interval) &&
      (recurring?.usage_type === undefined || price.recurring?.usage_type === recurring.usage_type),
  }),
}

/** Makes a price, and the product with it where that is asked for. */
export function createPrice(account: Account, given: NewPrice): Price {
  const isTiered = given.billing_scheme === 'tiered'
  const { tiers, ...amounts } = readAmounts(given, isTiered)
  const currencyOptions = readCurrencyOptions(given.currency_options, isTiered)
  const shape = readShape(given, isTiered)
  const recurring = readRecurring(account, given.recurring)
  if (!/^[a-z]{3}$/i.test(given.currency)) {
    throw invalidRequest(`Invalid currency: ${given.currency.slice(0, 10)}`, { param: 'currency' })
  }
  if ((given.product === undefined) === (given.product_data === undefined)) {
    if (given.product === undefined) throw missingParameter('product')
    throw exclusiveParameters(['product', 'product_data'])
  }
  if (given.product !== undefined) get(account.store.products, given.product, 'product')
  const metadata = changeMetadata({}, given.metadata)
  claimLookupKey(account, given.lookup_key, given.transfer_lookup_key, undefined)
  const product = given.product_data === undefined ? (given.product ?? '') : createProduct(account, given.product_data).id
  const price = account.store.prices.save({
    id: account.identifiers.next('price'),
    object: 'price',
    active: given.active ?? true,
    billing_scheme: given.billing_scheme ?? 'per_unit',
    created: account.clock.seconds(),
    currency: given.currency.toLowerCase(),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: given.lookup_key ?? null,
    metadata,
    nickname: given.nickname ?? null,
    product,
    recurring,
    tax_behavior: given.tax_behavior ?? 'unspecified',
    ...shape,
    type: recurring === null ? 'one_time' : 'recurring',
    ...amounts,
    internal: { tiers, currencyOptions },
  })
  account.emit('price.created', price)
  return price
}

function readShape(given: NewPrice, isTiered: boolean): Pick<Price, 'tiers_mode' | 'transform_quantity'> {
  const { tiers_mode, transform_quantity } = given
  if (isTiered && tiers_mode === undefined) throw missingParameter('tiers_mode')
  if (!isTiered && tiers_mode !== undefined) {
    throw invalidRequest('`tiers_mode` can only be set when `billing_scheme=tiered`.', { param: 'tiers_mode' })
  }
  if (isTiered && transform_quantity !== undefined) {
    throw invalidRequest('`transform_quantity` cannot be combined with `tiers`.', { param: 'transform_quantity' })
  }
  if (transform_quantity !== undefined && transform_quantity.divide_by < 1) {
    throw invalidInteger('positive', 'transform_quantity[divide_by]')
  }
  return { tiers_mode: tiers_mode ?? null, transform_quantity: transform_quantity ?? null }
}

function readCurrencyOptions(given: NewPrice['currency_options'], isTiered: boolean): Record<string, CurrencyOption> {
  const options = Object.entries(given ?? {}).map(([currency, amounts]): [string, CurrencyOption] => {
    const path = `currency_options[${currency}]`
    if (!/^[a-z]{3}$/i.test(currency)) throw invalidRequest(`Invalid currency: ${currency.slice(0, 10)}`, { param: path })
    const { tiers, ...amount } = readAmounts(amounts, isTiered, path)
    const tax_behavior = amounts.tax_behavior ?? 'unspecified'
    return [currency.toLowerCase(), { custom_unit_amount: null, tax_behavior, ...amount, ...(tiers !== undefined && { tiers }) }]
  })
  return Object.fromEntries(options)
}

function readRecurring(account: Account, given: NewPrice['recurring']): Price['recurring'] {
  if (given === undefined) return null
  const usage_type = given.usage_type ?? 'licensed'
  if (usage_type === 'metered' && given.meter === undefined) throw missingParameter('recurring[meter]')
  if (usage_type === 'licensed' && given.meter !== undefined) {
    throw invalidRequest('`recurring[meter]` can only be set when `recurring[usage_type]=metered`.', { param: 'recurring[meter]' })
  }
  if (given.meter !== undefined) requireActiveMeter(account, given.meter)
  const count = given.interval_count ?? 1
  if (count < 1 || count > longestPeriod[given.interval]) {
    const message = `Invalid interval_count: must be between 1 and ${longestPeriod[given.interval]} ${given.interval}s`
    throw invalidRequest(message, { code: 'parameter_invalid_integer', param: 'recurring[interval_count]' })
  }
  return { interval: given.interval, interval_count: count, meter: given.meter ?? null, trial_period_days: null, usage_type }
}

function requireActiveMeter(account: Account, id: string): void {
  if (get(account.store.meters, id, 'recurring[meter]').status === 'active') return
  throw invalidRequest(`The meter \`${id}\` is inactive.`, { param: 'recurring[meter]' })
}

/** A lookup key names one price at a time: it is refused while another has it, or taken over. */
function claimLookupKey(account: Account, key: string | undefined, isTransferred: boolean | undefined, own: string | undefined): void {
  if (key === undefined) return
  const holder = account.store.prices.newestFirst().find((price) => price.lookup_key === key && price.id !== own)
  if (holder === undefined) return
  if (isTransferred !== true) {
    throw invalidRequest(`A price (\`${holder.id}\`) already uses that lookup key.`, { param: 'lookup_key' })
  }
  changeObject(account, 'prices', holder, { lookup_key: null }, 'price.updated')
}
