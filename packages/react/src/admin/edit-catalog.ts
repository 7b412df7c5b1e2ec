import { type CatalogData, type MeteredData, type PlanData, minorDigitsOf, money } from '@farebox/core/catalog'
import type { PriceInterval } from '@farebox/core/protocol'

/** An exact amount of money, as a catalog keeps it. */
export type MoneyData = ReturnType<typeof money>

type PriceData = NonNullable<NonNullable<PlanData['prices']>[PriceInterval]>
type SeatPrice = Extract<PriceData, { readonly kind: 'seat-price' }>
type AmountData = Exclude<PriceData, SeatPrice>

/** A price in the one shape that a form shows: a price without tiers has one that never ends. */
export interface PriceForm {
  readonly perSeat: boolean
  readonly minimum: number
  readonly mode: SeatPrice['mode']
  readonly tiers: readonly { readonly upTo: number | null; readonly amounts: readonly MoneyData[] }[]
}

export const intervals: readonly PriceInterval[] = ['month', 'year']

export function priceFormOf(price: PriceData): PriceForm {
  if (!('kind' in price)) return { perSeat: false, minimum: 1, mode: null, tiers: [{ upTo: null, amounts: amountsOf(price) }] }
  const { minimum, mode, tiers } = price
  return { perSeat: true, minimum, mode, tiers: tiers.map(({ upTo, each }) => ({ upTo, amounts: amountsOf(each) })) }
}

export function priceDataOf({ perSeat, minimum, mode, tiers }: PriceForm): PriceData {
  const list = tiers.map(({ upTo, amounts }) => ({ upTo, each: amountDataOf(amounts) }))
  return perSeat ? { kind: 'seat-price', mode, tiers: list, minimum } : amountDataOf(tiers[0]?.amounts ?? [])
}

export function amountsOf(amount: AmountData): readonly MoneyData[] {
  return 'minor' in amount ? [amount] : amount
}

export function amountDataOf(amounts: readonly MoneyData[]): AmountData {
  const [first, ...others] = amounts
  return first && others.length === 0 ? first : amounts
}

function mapValues<Value, Next>(record: Readonly<Record<string, Value>>, change: (value: Value) => Next): Readonly<Record<string, Next>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

/** An amount in each of these currencies that is still to be said. */
export function moneyOf(currencies: readonly string[]): AmountData {
  return amountDataOf(inCurrencies([], currencies))
}

/** The currencies in which a plan is sold, the usual one first. */
export function currenciesOf({ prices = {} }: PlanData): readonly string[] {
  const [price] = Object.values(prices)
  return price === undefined ? [] : (priceFormOf(price).tiers[0]?.amounts.map(({ currency }) => currency) ?? [])
}

/** Whether terms are those of a metered feature, or of seats without a limit: whatever they are, they can be asked. */
export function isMetered(terms: unknown): terms is MeteredData {
  return (terms as Partial<MeteredData> | null | undefined)?.kind === 'metered'
}

/** The plan, sold in these currencies: what it costs in a new one is still to be said, beyond an allowance too. */
export function withCurrencies(plan: PlanData, currencies: readonly string[]): PlanData {
  return {
    ...plan,
    prices: mapValues(plan.prices ?? {}, (price) => {
      const form = priceFormOf(price)
      return priceDataOf({ ...form, tiers: form.tiers.map(({ upTo, amounts }) => ({ upTo, amounts: inCurrencies(amounts, currencies) })) })
    }),
    features: mapValues(plan.features, (terms) => {
      const price = isMetered(terms) && terms.overagePrice
      return !price || currencies.includes(price.currency) ? terms : { ...terms, overagePrice: inCurrencies([], currencies)[0] }
    }),
  }
}

/** The plan with another price at an interval, or with none. */
export function withPrice(plan: PlanData, interval: PriceInterval, form: PriceForm | undefined): PlanData {
  const { prices = {}, ...rest } = plan
  const known = intervals.flatMap((each) => {
    const price = each === interval ? form && priceDataOf(form) : prices[each]
    return price === undefined ? [] : [[each, price] as const]
  })
  return known.length === 0 ? rest : { ...rest, prices: Object.fromEntries(known) }
}

/** The plan with other terms for a feature; without any, its gates go along, which nothing would pass. */
export function withTerms(plan: PlanData, feature: string, terms: unknown): PlanData {
  const { [feature]: _terms, ...features } = plan.features
  if (terms !== undefined) return { ...plan, features: { ...plan.features, [feature]: terms } }
  const { gates = {}, ...rest } = plan
  const { [feature]: _gates, ...others } = gates
  return { ...rest, features, ...(Object.keys(others).length > 0 && { gates: others }) }
}

/** The price with one tier more, or without its last one: a single tier is a price that all seats cost. */
export function withTier(form: PriceForm, by: 1 | -1): PriceForm {
  const { tiers } = form
  const last = tiers.at(-1)
  if (last === undefined) return form
  if (by === 1) {
    const end = (tiers.at(-2)?.upTo ?? 0) + 10
    return { ...form, mode: form.mode ?? 'graduated', tiers: [...tiers.slice(0, -1), { ...last, upTo: end }, last] }
  }
  const kept = tiers.slice(0, -1)
  const mode = kept.length === 1 ? null : form.mode
  return { ...form, mode, tiers: kept.map((tier, index) => (index === kept.length - 1 ? { ...tier, upTo: null } : tier)) }
}

/** What something costs in these currencies: in a new one it is still to be said. */
export function inCurrencies(amounts: readonly MoneyData[], currencies: readonly string[]): readonly MoneyData[] {
  return currencies.map((currency) => amounts.find((known) => known.currency === currency) ?? { currency, minor: '' })
}

/** Digits as a catalog has them: keyboards for Arabic and Japanese have others. */
export function plainDigits(text: string): string {
  return text.trim().replaceAll(/[٠-٩０-９]/g, (digit) => `${digit.charCodeAt(0) % 16}`)
}

/** Points and commas change places where the locale writes the parts of a whole after a comma. */
function pointed(text: string, locale: string): string {
  return new Intl.NumberFormat(locale).format(1.5).includes(',') ? text.replaceAll(/[.,]/g, (sign) => (sign === ',' ? '.' : ',')) : text
}

/**
 * Money as people type it, in major units, with what the locale writes before the parts. What is no amount is told as faulty, and is
 * never another amount: thousands are not parted, for `1.234` means one thing in Berlin and another in Boston.
 */
export function readMoney(text: string, currency: string, locale: string): MoneyData {
  try {
    return money(pointed(plainDigits(text), locale).replace(/[٫．]/, '.'), currency)
  } catch {
    return { currency, minor: '' }
  }
}

/** Money in major units, as {@link readMoney} reads it: without digits that say nothing. */
export function writeMoney(amount: MoneyData, locale: string): string {
  return pointed(majorOf(amount), locale)
}

function majorOf({ minor, currency }: MoneyData): string {
  if (!/^\d/.test(minor)) return ''
  const digits = minorDigitsOf(currency)
  const [whole = '', fraction = ''] = minor.split('.')
  const padded = whole.padStart(digits + 1, '0')
  const rest = padded.slice(padded.length - digits) + fraction
  const major = digits === 0 ? padded : padded.slice(0, -digits)
  if (digits === 0) return fraction ? `${major}.${fraction}` : major
  return /^0*$/.test(rest) ? major : `${major}.${rest}`
}

/** The catalog with one plan changed, or without it and the rules for moves that name it. Only one plan is the default: the latest. */
export function withPlan(data: CatalogData, key: string, plan: PlanData | undefined): CatalogData {
  const { [key]: before, ...others } = data.plans
  if (plan === undefined) return { ...withoutPairs(data, key), plans: others }
  const isNewDefault = plan.default === true && before?.default !== true
  return { ...data, plans: { ...(isNewDefault ? withoutDefault(data.plans) : data.plans), [key]: plan } }
}

function withoutDefault(plans: CatalogData['plans']): CatalogData['plans'] {
  return mapValues(plans, (plan) => {
    const { default: _, ...rest } = plan
    return rest
  })
}

function withoutPairs(data: CatalogData, key: string): CatalogData {
  const { moves, ...rest } = data
  if (moves?.pairs === undefined) return data
  const { pairs, ...kinds } = moves
  const kept = Object.entries(pairs).flatMap(([from, targets = {}]) => {
    const { [key]: _, ...others } = targets
    return from === key || Object.keys(others).length === 0 ? [] : [[from, others] as const]
  })
  if (kept.length > 0) return { ...rest, moves: { ...kinds, pairs: Object.fromEntries(kept) } }
  return Object.keys(kinds).length > 0 ? { ...rest, moves: kinds } : rest
}

/** The catalog with a plan one rank higher or lower. */
export function withPlanMoved(data: CatalogData, key: string, by: 1 | -1): CatalogData {
  const plans = Object.entries(data.plans)
  const from = plans.findIndex(([name]) => name === key)
  const other = plans[from + by]
  const moved = plans[from]
  if (!other || !moved) return data
  plans[from] = other
  plans[from + by] = moved
  return { ...data, plans: Object.fromEntries(plans) }
}
