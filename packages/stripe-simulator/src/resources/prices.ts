import type { Account } from '../account.ts'
import { invalidRequest, missingParameter, unsupported } from '../errors.ts'
import { get } from '../get.ts'
import { shortestDecimal } from '../lifecycle/money.ts'
import type { Interval, Price } from '../objects.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { isWithin, listPage, type InstantFilter, type PageParameters } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { createProduct } from './products.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface PriceFields {
  readonly active?: boolean
  readonly lookup_key?: string
  readonly metadata?: MetadataChange | null
  readonly nickname?: string
  readonly tax_behavior?: string
  readonly transfer_lookup_key?: boolean
}

interface NewPrice extends PriceFields {
  readonly billing_scheme?: string
  readonly currency: string
  readonly product?: string
  readonly product_data?: { readonly name: string; readonly id?: string; readonly metadata?: MetadataChange }
  readonly recurring?: { readonly interval: Interval; readonly interval_count?: number; readonly usage_type?: string }
  readonly unit_amount?: number
  readonly unit_amount_decimal?: string
}

interface PriceFilter extends PageParameters {
  readonly active?: boolean
  readonly created?: InstantFilter
  readonly currency?: string
  readonly lookup_keys?: readonly string[]
  readonly product?: string
  readonly recurring?: { readonly interval?: string; readonly usage_type?: string }
  readonly type?: string
}

const fields = ['active', 'lookup_key', 'metadata', 'nickname', 'transfer_lookup_key']
const longestPeriod: Readonly<Record<Interval, number>> = { day: 1095, week: 156, month: 36, year: 3 }
const largestAmount = 999_999_999_999

export const priceRoutes: Routes = {
  'prices.create': route<NewPrice>({
    answers: 'price',
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
      'recurring.usage_type',
      'unit_amount',
      'unit_amount_decimal',
    ],
    echoes: ['tax_behavior'],
    handle: ({ account, parameters }) => render(account.store, createPrice(account, parameters)),
  }),
  'prices.retrieve': route({
    answers: 'price',
    handle: ({ account, id }) => render(account.store, get(account.store.prices, id)),
  }),
  'prices.update': route<PriceFields>({
    answers: 'price',
    supports: fields,
    echoes: ['tax_behavior'],
    handle({ account, id, parameters }) {
      const before = get(account.store.prices, id)
      const { metadata, transfer_lookup_key, ...given } = parameters
      const changed = { ...before, ...given, metadata: changeMetadata(before.metadata, metadata) }
      claimLookupKey(account, given.lookup_key, transfer_lookup_key, id)
      const after = account.store.prices.save(changed)
      account.emit('price.updated', after, before)
      return render(account.store, after)
    },
  }),
  'prices.list': route<PriceFilter>({
    answers: 'price',
    supports: [
      ...pageParameters,
      'active',
      'created',
      'currency',
      'lookup_keys',
      'product',
      'recurring.interval',
      'recurring.usage_type',
      'type',
    ],
    handle({ account, parameters }) {
      const { active, created, currency, lookup_keys, product, recurring, type } = parameters
      const matches = account.store.prices
        .newestFirst()
        .filter((price) => active === undefined || price.active === active)
        .filter((price) => isWithin(price.created, created))
        .filter((price) => currency === undefined || price.currency === currency.toLowerCase())
        .filter((price) => lookup_keys === undefined || lookup_keys.includes(price.lookup_key ?? ''))
        .filter((price) => product === undefined || price.product === product)
        .filter((price) => recurring?.interval === undefined || price.recurring?.interval === recurring.interval)
        .filter((price) => recurring?.usage_type === undefined || (price.recurring !== null && recurring.usage_type === 'licensed'))
        .filter((price) => type === undefined || price.type === type)
      return { ...listPage(account.store, account.store.prices, matches, parameters, '/v1/prices') }
    },
  }),
}

function createPrice(account: Account, given: NewPrice): Price {
  if (given.billing_scheme === 'tiered') throw unsupported('tiered prices', 'billing_scheme')
  if (given.recurring?.usage_type === 'metered') throw unsupported('metered prices', 'recurring[usage_type]')
  const amounts = readAmounts(given)
  const recurring = readRecurring(given.recurring)
  if (!/^[a-z]{3}$/i.test(given.currency)) {
    throw invalidRequest(`Invalid currency: ${given.currency.slice(0, 10)}`, { param: 'currency' })
  }
  if ((given.product === undefined) === (given.product_data === undefined)) {
    if (given.product === undefined) throw missingParameter('product')
    throw invalidRequest('You may only specify one of these parameters: product, product_data.', {
      code: 'parameters_exclusive',
      param: 'product',
    })
  }
  if (given.product !== undefined) get(account.store.products, given.product, 'product')
  const metadata = changeMetadata({}, given.metadata)
  claimLookupKey(account, given.lookup_key, given.transfer_lookup_key, undefined)
  const product = given.product_data === undefined ? (given.product ?? '') : createProduct(account, given.product_data).id
  const price = account.store.prices.save({
    id: account.identifiers.next('price'),
    object: 'price',
    active: given.active ?? true,
    billing_scheme: 'per_unit',
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
    tiers_mode: null,
    transform_quantity: null,
    type: recurring === null ? 'one_time' : 'recurring',
    ...amounts,
  })
  account.emit('price.created', price)
  return price
}

function readAmounts(given: NewPrice): Pick<Price, 'unit_amount' | 'unit_amount_decimal'> {
  const { unit_amount, unit_amount_decimal } = given
  if (unit_amount !== undefined && unit_amount_decimal !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: unit_amount, unit_amount_decimal.', {
      code: 'parameters_exclusive',
      param: 'unit_amount',
    })
  }
  if (unit_amount === undefined && unit_amount_decimal === undefined) throw missingParameter('unit_amount')
  const decimal = shortestDecimal(unit_amount_decimal ?? String(unit_amount))
  const param = unit_amount === undefined ? 'unit_amount_decimal' : 'unit_amount'
  if (decimal.startsWith('-')) {
    throw invalidRequest('Invalid non-negative integer', { code: 'parameter_invalid_integer', param })
  }
  if (Number(decimal) > largestAmount) throw invalidRequest('Amount is too large', { code: 'amount_too_large', param })
  return { unit_amount: decimal.includes('.') ? null : Number(decimal), unit_amount_decimal: decimal }
}

function readRecurring(given: NewPrice['recurring']): Price['recurring'] {
  if (given === undefined) return null
  const count = given.interval_count ?? 1
  if (count < 1 || count > longestPeriod[given.interval]) {
    const message = `Invalid interval_count: must be between 1 and ${longestPeriod[given.interval]} ${given.interval}s`
    throw invalidRequest(message, { code: 'parameter_invalid_integer', param: 'recurring[interval_count]' })
  }
  const details = { meter: null, trial_period_days: null, usage_type: 'licensed' as const }
  return { interval: given.interval, interval_count: count, ...details }
}

/** A lookup key names one price at a time: it is refused while another has it, or taken over. */
function claimLookupKey(account: Account, key: string | undefined, isTransferred: boolean | undefined, own: string | undefined): void {
  if (key === undefined) return
  const holder = account.store.prices.newestFirst().find((price) => price.lookup_key === key && price.id !== own)
  if (holder === undefined) return
  if (isTransferred !== true) {
    throw invalidRequest(`A price (\`${holder.id}\`) already uses that lookup key.`, { param: 'lookup_key' })
  }
  const released = account.store.prices.save({ ...holder, lookup_key: null })
  account.emit('price.updated', released, holder)
}
