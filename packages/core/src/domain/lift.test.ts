import { describe, expect, it } from 'vitest'
import { allowance, unlimited } from './allowance.ts'
import type { Bucket } from './bucket.ts'
import { defineCatalog } from './define-catalog.ts'
import { metered, seats, setting, toggle } from './feature.ts'
import { liftOf, neededAllowance } from './lift.ts'
import { eur, usd } from './money.ts'

const catalog = defineCatalog({
  features: { calls: metered({ unit: 'call' }), exports: toggle(), models: setting<string[]>(), seats: seats() },
  plans: {
    free: { name: 'Free', default: true, features: { calls: allowance(5).per('month') } },
    gift: { name: 'Gift', features: { calls: unlimited(), exports: true, models: [], seats: 50 } },
    annual: { name: 'Annual', prices: { year: usd('120') }, features: { calls: allowance(100).per('month'), seats: 2 } },
    pro: { name: 'Pro', prices: { month: usd('29'), year: usd('60') }, features: { calls: allowance(500).per('month'), exports: true } },
    lite: { name: 'Lite', prices: { month: usd('19') }, features: { calls: allowance(50).per('month').overage(usd('1')), exports: false } },
    enterprise: {
      name: 'Enterprise', contactSales: true, prices: { month: usd('1') }, features: { calls: unlimited(), exports: true, models: [], seats: unlimited() },
    },
  },
})
const { free, annual, pro, lite, enterprise } = catalog.plans

describe('liftOf', () => {
  it.each([
    ['the cheapest month that holds it, a year counting as twelve', free, 'calls', 100, { plan: 'annual', limit: 100 }],
    ['one with overage, where the cheaper holds less', free, 'calls', 101, { plan: 'lite', limit: 50 }],
    ['never the present plan', lite, 'calls', 101, { plan: 'pro', limit: 500 }],
    ['one to ask for, where nothing on sale holds it', lite, 'calls', 501, { plan: 'enterprise', limit: null }],
    ['one that has the toggle on', free, 'exports', 1, { plan: 'pro', limit: null }],
    ['one that has the setting', pro, 'models', 1, { plan: 'enterprise', limit: null }],
    ['one with the seats', free, 'seats', 2, { plan: 'annual', limit: 2 }],
    ['one with more seats', annual, 'seats', 3, { plan: 'enterprise', limit: null }],
  ])('names %s', (_, present, feature, needed, expected) => {
    expect(liftOf(catalog, present, feature, needed)).toEqual(expected)
  })

  it('names nothing where nothing helps', () => {
    expect(liftOf(catalog, enterprise, 'seats', 3)).toBeUndefined()
    for (const feature of ['nothing', 'constructor']) expect(liftOf(catalog, free, feature, 1)).toBeUndefined()
  })

  it('lets rank decide between currencies', () => {
    const mixed = defineCatalog({
      features: { exports: toggle() },
      plans: {
        free: { name: 'Free', default: true, features: {} },
        one: { name: 'One', prices: { month: eur('20') }, features: { exports: true } },
        two: { name: 'Two', prices: { month: usd('10') }, features: { exports: true } },
      },
    })
    expect(liftOf(mixed, mixed.plans.free, 'exports', 1)).toEqual({ plan: 'one', limit: null })
  })
})

describe('neededAllowance', () => {
  const buckets: readonly Bucket[] = [
    { id: 'allowance:1', kind: 'allowance', limit: 5, keepUntil: null },
    { id: 'grant:1', kind: 'grant', limit: 10, keepUntil: null },
  ]

  it('adds what was used of the allowance, because a plan move keeps it', () => {
    expect(neededAllowance(buckets.slice(0, 1), [{ id: 'allowance:1', used: 3, reserved: 1 }], 2)).toBe(6)
  })

  it('takes off what grants still hold, because they help on every plan', () => {
    expect(neededAllowance(buckets, [{ id: 'allowance:1', used: 5, reserved: 0 }, { id: 'grant:1', used: 9, reserved: 0 }], 2)).toBe(6)
    expect(neededAllowance(buckets, [], 2)).toBe(1)
  })
})
