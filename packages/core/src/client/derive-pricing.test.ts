import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NoticeView, PlanPriceView, PlanView, SubscriptionView } from '../protocol/snapshot.ts'
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
