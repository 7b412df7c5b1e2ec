import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NoticeView, PlanPriceView, PlanView, SubscriptionView } from '../protocol/snapshot.ts'
import { minorDigitsOf } from '../domain/minor-digits.ts'
import { derivePrice } from './derive-price.ts'
import { derivePricingOffers } from './derive-pricing-offers.ts'
import { type PricingChoice, derivePricing } from './derive-pricing.ts'

function priceOf(usd: number, more: Partial<PlanPriceView> = {}): PlanPriceView {
  const options = [{ amount: usd, currency: 'usd', tiers: null }, { amount: usd - 100, currency: 'eur', tiers: null }]
  return { amount: usd, currency: 'usd', tiers: null, perSeat: false, minimum: 1, tiersMode: null, options, ...more }
}

function planOf(key: string, more: Partial<PlanView> = {}): PlanView {
  return {
    key, name: key, description: null, default: false, recommended: false, contactSales: false, trialDays: 0, prices: {}, features: {}, ...more,
  }
}

const plans = [
  planOf('free', { default: true }),
  planOf('pro', { prices: { month: priceOf(2900), year: priceOf(29000) } }),
  planOf('team', { prices: { month: priceOf(900, { perSeat: true, minimum: 3 }) } }),
  planOf('enterprise', { contactSales: true }),
]

const subscription: SubscriptionView = {
  interval: 'month', quantity: 1, currency: 'usd', discounts: [], cancelAt: null,
  currentPeriodStart: '2026-11-01T00:00:00.000Z', currentPeriodEnd: '2026-12-01T00:00:00.000Z',
}

function customerOf(plan: string, more: object = {}) {
  const isPaying = plan !== 'free'
  return {
    plan, status: isPaying ? ('active' as const) : ('none' as const), subscription: isPaying ? subscription : null,
    notices: [] as readonly NoticeView[], canManageBilling: true, ...more,
  }
}

function standing(customer?: ReturnType<typeof customerOf>, choice: PricingChoice = {}): Record<string, string> {
  return Object.fromEntries(derivePricing({ plans }, customer, choice).plans.map((one) => [one.plan.key, `${one.standing}, ${one.action}`]))
}

describe('derivePricing', () => {
  it('offers everything for sale to somebody who is not known', () => {
    expect(standing()).toEqual({
      free: 'available, none', pro: 'available, checkout', team: 'available, checkout', enterprise: 'available, contact',
    })
  })

  it.each([
    ['on the free plan', customerOf('free'), {}, 'current, none', 'upgrade, checkout', 'upgrade, checkout', 'upgrade, contact'],
    ['who pays', customerOf('pro'), {}, 'downgrade, cancel', 'current, none', 'upgrade, change', 'upgrade, contact'],
    ['who looks at years', customerOf('pro'), { interval: 'year' }, 'downgrade, cancel', 'interval, change', 'upgrade, change', 'upgrade, contact'],
    ['who is past due', customerOf('team', { status: 'past_due', subscription: { ...subscription, quantity: 3 } }), {},
      'downgrade, cancel', 'downgrade, change', 'current, none', 'upgrade, contact'],
    ['who wants more seats', customerOf('team', { subscription: { ...subscription, quantity: 3 } }), { quantity: 5 },
      'downgrade, cancel', 'downgrade, change', 'quantity, change', 'upgrade, contact'],
    ['who has more seats', customerOf('team', { subscription: { ...subscription, quantity: 7 } }), {},
      'downgrade, cancel', 'downgrade, change', 'current, none', 'upgrade, contact'],
    ['who may not pay', customerOf('pro', { canManageBilling: false }), {}, 'downgrade, ask', 'current, none', 'upgrade, ask', 'upgrade, contact'],
    ['whose subscription ended', customerOf('free', { status: 'canceled' }), {}, 'current, none', 'upgrade, checkout', 'upgrade, checkout', 'upgrade, contact'],
    ['who leaves', customerOf('pro', { notices: [{ kind: 'cancellation-scheduled', at: null }] }), {},
      'scheduled, none', 'current, resume', 'upgrade, change', 'upgrade, contact'],
    ['who changes', customerOf('team', { notices: [{ kind: 'change-scheduled', at: null, plan: 'pro', interval: 'month' }], subscription: { ...subscription, quantity: 3 } }), {},
      'downgrade, cancel', 'scheduled, none', 'current, resume', 'upgrade, contact'],
    ['who changes to what was agreed on', customerOf('pro', { notices: [{ kind: 'change-scheduled', at: null, plan: 'enterprise', interval: 'year' }] }), {},
      'downgrade, cancel', 'current, resume', 'upgrade, change', 'scheduled, none'],
    ['who has a plan for free', customerOf('pro', { status: 'none', subscription: null }), {},
      'downgrade, none', 'current, none', 'upgrade, checkout', 'upgrade, contact'],
  ])('knows how each plan stands to a customer %s', (_, customer, choice, free, pro, team, enterprise) => {
    expect(standing(customer, choice as PricingChoice)).toEqual({ free, pro, team, enterprise })
  })

  it('promises a trial to those alone who have never subscribed', () => {
    const trial = [planOf('free', { default: true }), planOf('pro', { trialDays: 14, prices: { month: priceOf(2900) } })]
    const days = (customer?: ReturnType<typeof customerOf>) => derivePricing({ plans: trial }, customer).plans[1]?.trialDays
    expect([undefined, customerOf('free'), customerOf('free', { status: 'canceled' }), customerOf('pro')].map(days)).toEqual([14, 14, 0, 0])
  })

  it('shows a year by month, and what it saves', () => {
    const pricing = derivePricing({ plans }, undefined, { interval: 'year' })
    expect(pricing).toMatchObject({ intervals: ['month', 'year'], currencies: ['usd', 'eur'] })
    expect(pricing.saving).toBeCloseTo(1 - 29000 / (12 * 2900))
    expect(pricing.plans[1]).toMatchObject({ price: { amount: 29000 }, monthly: { amount: 2417 }, interval: 'year' })
    expect(pricing.plans[2]).toMatchObject({ price: { amount: 2700 }, interval: 'month', quantity: 3, saving: 0 })
    expect(pricing.plans[3]?.price).toBeUndefined()
  })

  it('offers a currency only where everything is sold in it', () => {
    const [option] = priceOf(100).options
    const dollars = planOf('dollars', { prices: { month: priceOf(100, { options: option ? [option] : [] }) } })
    expect(derivePricing({ plans: [...plans, dollars] }).currencies).toEqual(['usd'])
    expect(derivePricing({ plans: [dollars] }, undefined, { currency: 'eur' }).plans[0]?.price).toBeUndefined()
  })

  it('never promises less by month than is paid, nor a saving outside 0 to 1', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(1_000_000), (month, year) => {
        const { plans: [only], saving } = derivePricing(
          { plans: [planOf('only', { prices: { month: priceOf(month), year: priceOf(year) } })] }, undefined, { interval: 'year' },
        )
        expect((only?.monthly?.amount ?? Number.NaN) * 12).toBeGreaterThanOrEqual(year)
        expect(saving).toBeGreaterThanOrEqual(0)
        expect(saving).toBeLessThanOrEqual(1)
      }),
    )
  })
})

/** The names of what does not hold. */
function broken(rules: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.keys(rules).filter((name) => !rules[name])
}

describe('whatever is sold, and whoever looks', () => {
  const currencies = ['usd', 'eur', 'jpy', 'kwd']
  const amount = fc.oneof(fc.nat(), fc.constantFrom(0, 1, 99, 100))
  const tiers = fc.option(fc.tuple(fc.integer({ min: 1, max: 20 }), amount, amount).map(([upTo, first, rest]) => [{ upTo, amount: first }, { upTo: null, amount: rest }]))
  const priced = fc.record({ perSeat: fc.boolean(), minimum: fc.integer({ min: 1, max: 9 }), volume: fc.boolean(), amounts: fc.array(fc.tuple(amount, tiers), { minLength: 1, maxLength: 4 }) })
    .map(({ perSeat, minimum, volume, amounts }): PlanPriceView => {
      const options = amounts.map(([each, steps], index) => ({ amount: each, currency: currencies[index] ?? '', tiers: perSeat ? steps : null }))
      const tiersMode = perSeat ? (volume ? 'volume' : 'graduated') : null
      return { amount: 0, currency: 'usd', tiers: null, ...options[0], options, perSeat, minimum: perSeat ? minimum : 1, tiersMode }
    })
  const plan = fc.record({
    trialDays: fc.constantFrom(0, 14), contactSales: fc.boolean(), prices: fc.record({ month: priced, year: priced }, { requiredKeys: [] }),
  })
  const interval = fc.constantFrom('month' as const, 'year' as const)
  const life = fc.record({
    plans: fc.array(plan, { minLength: 1, maxLength: 4 }),
    at: fc.nat({ max: 5 }),
    status: fc.constantFrom('none', 'active', 'trialing', 'past_due', 'unpaid', 'paused', 'canceled', 'incomplete', 'incomplete_expired' as const),
    interval: fc.option(interval), quantity: fc.integer({ min: 1, max: 30 }), canManageBilling: fc.boolean(),
    scheduled: fc.constantFrom('none', 'end', 'change'), to: fc.nat({ max: 4 }), toInterval: fc.option(interval),
    choice: fc.record({ interval, quantity: fc.integer({ min: 1, max: 30 }), currency: fc.constantFrom(...currencies) }, { requiredKeys: [] }),
  }).map((drawn) => {
    const sold = [planOf('free', { default: true }), ...drawn.plans.map((more, index) => planOf(`plan${index}`, more))]
    const notices: readonly NoticeView[] =
      drawn.scheduled === 'end' ? [{ kind: 'cancellation-scheduled', at: null }]
      : drawn.scheduled === 'change' ? [{ kind: 'change-scheduled', at: null, plan: sold[drawn.to]?.key ?? null, interval: drawn.toInterval }] : []
    const { status, canManageBilling } = drawn
    const customer = {
      plan: sold[drawn.at]?.key ?? 'gone', status, notices, canManageBilling,
      subscription: status === 'none' ? null : { ...subscription, interval: drawn.interval, quantity: drawn.quantity },
    }
    return { sold, customer, choice: drawn.choice, isPaying: !/none|canceled|incomplete/.test(status) }
  })

  it('never calls a plan what it is not, nor offers what cannot be', () => {
    fc.assert(fc.property(life, ({ sold, customer, choice, isPaying }) => {
      const rank = sold.findIndex(({ key }) => key === customer.plan)
      const { plans: list } = derivePricing({ plans: sold }, customer, choice)
      expect(list.map((one) => one.plan)).toEqual(sold)
      for (const [index, { plan: { key, default: isDefault, prices }, standing: stands, action, trialDays }] of list.entries()) {
        const isSold = Object.keys(prices).length > 0
        expect(broken({
          upgrade: stands !== 'upgrade' || (rank >= 0 && index > rank),
          downgrade: stands !== 'downgrade' || index < rank,
          same: !/current|interval|quantity/.test(stands) || index === rank,
          available: stands !== 'available' || rank === -1,
          quantity: stands !== 'quantity' || choice.quantity !== undefined,
          scheduled: stands !== 'scheduled' || customer.notices.length > 0,
          checkout: action !== 'checkout' || (!isPaying && isSold),
          change: action !== 'change' || isPaying,
          cancel: action !== 'cancel' || (isPaying && isDefault),
          resume: action !== 'resume' || (key === customer.plan && customer.notices.length > 0),
          manager: customer.canManageBilling || /none|ask|contact/.test(action),
          trial: trialDays === 0 || (action === 'checkout' && customer.status === 'none'),
        })).toEqual([])
      }
    }), { numRuns: 2000 })
  })

  it('shows a price that is sold, to the last seat, and no saving that nobody makes', () => {
    fc.assert(fc.property(life, ({ sold, customer, choice }) => {
      const pricing = derivePricing({ plans: sold }, customer, choice)
      expect(derivePricing({ plans: sold }, customer, choice)).toEqual(pricing)
      for (const { plan: { prices }, interval: shown, sold: price, price: whole, monthly, quantity, saving } of pricing.plans) {
        expect(price).toBe(shown && prices[shown])
        expect(quantity).toBeGreaterThanOrEqual(Math.max(price?.minimum ?? 1, choice.quantity ?? 1))
        expect(whole).toEqual(price && derivePrice(price, { currency: choice.currency, quantity }))
        // Of the very same number of seats, in the same currency.
        const [dear, cheap] = [prices.month, prices.year].map((each) => each && quantity >= each.minimum && derivePrice(each, { currency: choice.currency, quantity }))
        expect(broken({
          nothing: price !== undefined || (whole === undefined && monthly === undefined && saving === 0),
          monthly: !whole || !monthly || monthly.amount * (shown === 'year' ? 12 : 1) >= whole.amount,
          saving: saving >= 0 && saving <= 1 && saving <= pricing.saving,
          compared: saving === 0 || (!!dear && !!cheap && dear.currency === cheap.currency && cheap.amount < 12 * dear.amount),
        })).toEqual([])
      }
      expect(pricing.currencies.every((currency) => sold.every(({ prices }) => Object.values(prices).every(({ options }) => options.some((one) => one.currency === currency))))).toBe(true)
    }), { numRuns: 2000 })
  })

  it('tells search engines of every price, and of the very amount', () => {
    fc.assert(fc.property(life, ({ sold }) => {
      const { offers } = Object(derivePricingOffers({ plans: sold }, { name: 'App' }))
      const all = sold.flatMap(({ prices }) => [prices.month, prices.year].flatMap((each) => each?.options ?? []))
      expect(offers).toHaveLength(all.length)
      for (const [index, each] of all.entries()) {
        const { price: written, priceCurrency } = Object(offers)[index]
        expect(priceCurrency).toBe(each.currency.toUpperCase())
        expect(written.replace('.', '').replace(/^0+(?=\d)/, '')).toBe(String(each.amount))
        expect(written.split('.')[1]?.length ?? 0).toBe(minorDigitsOf(each.currency))
      }
    }))
  })
})
