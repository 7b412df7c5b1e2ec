import {
  type Catalog, type Money, type PriceInput, allowance, defineCatalog, metered, perSeat, seats, setting, tiers, toggle, unlimited,
} from '@farebox/core'
import fc from 'fast-check'
import type { GateInput } from '../src/domain/gate.ts'
import { closedStatuses, subscriptionStatuses } from '../src/domain/lifecycle.ts'

const text = fc.constantFrom('Starter', 'Für alle', 'プロ', 'A "quoted" name', 'x'.repeat(200))
const flag = fc.boolean()

/** Small whole minor units, in one order of currencies. */
function amountsIn(currencies: readonly string[]): fc.Arbitrary<readonly Money[]> {
  return fc.tuple(...currencies.map((currency) => fc.integer({ min: 1, max: 99_999 }).map((units) => ({ currency, minor: String(units) }))))
}

function priceIn(currencies: readonly string[]): fc.Arbitrary<PriceInput> {
  const amounts = amountsIn(currencies).map((list) => (list.length === 1 && list[0] !== undefined ? list[0] : list))
  const minimum = fc.integer({ min: 1, max: 9 })
  const steps = fc.tuple(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 3 }), fc.array(amounts, { minLength: 4, maxLength: 4 }))
  return fc.oneof(
    amounts,
    fc.tuple(amounts, minimum).map(([each, least]) => perSeat(each, { minimum: least })),
    fc.tuple(fc.constantFrom('graduated' as const, 'volume' as const), steps, minimum).map(([mode, [ends, each], least]) => {
      const ascending = [...new Set(ends)].toSorted((one, other) => one - other)
      return tiers(mode, [...ascending, null].map((upTo, index) => ({ upTo, each: each[index] ?? [] })), { minimum: least })
    }),
  )
}

const gate: fc.Arbitrary<GateInput> = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 900 }), fc.constantFrom('second' as const, 'minute' as const, 'hour' as const, 'day' as const))
    .chain(([limit, per]) => fc.oneof(fc.constant(`${limit}/${per}` as const), fc.integer({ min: 1, max: limit }).map((burst) => ({ limit, per, burst })))),
)

const onError = fc.constantFrom('deny' as const, 'allow' as const)
const features = fc.record({
  calls: fc.record({ onError, anchor: fc.constantFrom('customer' as const, 'calendar' as const, 'subscription' as const), acceptLossy: flag, leased: flag })
    .map(({ leased, ...options }) => metered({ unit: 'call', ...options, ...(leased && { lease: { most: 50, idle: 500 } }) })),
  exports: onError.map((rule) => toggle({ onError: rule })),
  models: onError.map((rule) => setting<unknown>({ onError: rule })),
  team: fc.record({ onError, acceptLossy: flag }).map(seats),
})

/** The catalog refuses `-0`, which JSON cannot carry, and prototypes. */
const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value))).filter((value) => !JSON.stringify(value).includes('__proto__'))

const interval = fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'year' as const)

function plan(isDefault: boolean, currencies: readonly string[]) {
  const [currency = 'usd'] = currencies
  const overage = currencies.length === 1 && !isDefault ? fc.option(fc.integer({ min: 1, max: 500 })) : fc.constant(null)
  return fc.record({
    name: text,
    description: fc.option(text, { nil: undefined }),
    prices: isDefault ? fc.constant({}) : fc.record({ month: priceIn(currencies), year: priceIn(currencies) }, { requiredKeys: [] }),
    trialDays: fc.integer({ min: 0, max: 30 }),
    trialRequiresCard: flag,
    recommended: flag,
    contactSales: isDefault ? fc.constant(false) : flag,
    terms: fc.record({
      calls: fc.option(fc.tuple(fc.option(fc.integer({ min: 0, max: 5000 })), interval, overage)),
      exports: fc.option(flag),
      models: fc.option(json),
      team: fc.option(fc.oneof(fc.integer({ min: 0, max: 99 }), fc.constant('free' as const), fc.constant('paid' as const))),
    }),
    gates: fc.uniqueArray(gate, { maxLength: 3, selector: (item) => (typeof item === 'string' ? item : `${item.limit}/${item.per}`) }),
  }).map(({ terms, gates, prices, trialDays, ...others }) => {
    const sold: readonly PriceInput[] = Object.values(prices)
    const isSold = sold.length > 0
    const isBySeat = isSold && sold.every((price) => 'kind' in price)
    const { calls, exports, models, team } = terms
    const seatTerms = team === 'free' ? unlimited() : team === 'paid' && !isBySeat ? 1 : team
    return {
      ...others,
      default: isDefault,
      prices,
      trialDays: isSold ? trialDays : 0,
      features: {
        ...(calls !== null && { calls: callTerms(calls) }),
        ...(exports !== null && { exports }),
        ...(models !== null && { models }),
        ...(seatTerms !== null && { team: seatTerms }),
      },
      ...(calls !== null && { gates: { calls: gates } }),
    }
  })

  function callTerms([amount, per, cents]: readonly [number | null, 'day' | 'week' | 'month' | 'year', number | null]) {
    if (amount === null) return unlimited(per)
    return cents === null ? allowance(amount).per(per) : allowance(amount).per(per).overage({ currency, minor: `${cents}.5` })
  }
}

const rule = fc.oneof(
  fc.record({ when: fc.constant('now' as const), proration: fc.constantFrom('invoice' as const, 'next-invoice' as const, 'none' as const) }),
  fc.constant({ when: 'period-end' as const, proration: 'none' as const }),
)
const moves = fc.record({
  upgrade: rule, downgrade: rule, longerInterval: rule,
  pairs: fc.constantFrom({}, { pro: { free: { when: 'now' as const } } }, { pro: { team: { proration: 'none' as const }, free: {} } }),
}, { requiredKeys: [] })

const lifecycle = fc.record({
  access: fc.dictionary(
    fc.constantFrom(...subscriptionStatuses.filter((status) => !closedStatuses.includes(status))),
    fc.constantFrom('none' as const, 'full' as const, 'grace' as const),
  ),
  graceDays: fc.integer({ min: 0, max: 30 }),
}, { requiredKeys: [] })

const pack = fc.record({
  name: text,
  description: fc.option(text, { nil: undefined }),
  price: fc.constantFrom(['usd'], ['eur', 'usd']).chain(amountsIn),
  grants: fc.integer({ min: 1, max: 9000 }).map((calls) => ({ calls })),
  expiresAfterDays: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
  refunds: fc.constantFrom('void' as const, 'keep' as const),
})

const currencies = fc.constantFrom(['usd'], ['eur', 'usd'], ['jpy'])

/** Catalogs of every shape that a catalog can have. */
export const arbitraryCatalog: fc.Arbitrary<Catalog> = currencies.chain((list) => fc.record({
  features,
  plans: fc.record({ free: plan(true, list), pro: plan(false, list), team: plan(false, list) }),
  packs: fc.dictionary(fc.constantFrom('boost', 'big-boost'), pack, { noNullPrototype: true }),
  lifecycle: fc.option(lifecycle, { nil: undefined }),
  moves: fc.option(moves, { nil: undefined }),
})).map((input) => {
  const { packs, lifecycle: given, moves: rules, ...others } = input
  return defineCatalog({ ...others, packs, ...(given !== undefined && { lifecycle: given }), ...(rules !== undefined && { moves: rules }) } as Parameters<typeof defineCatalog>[0])
})
