import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lookupKeyOf, productIdOf } from './stripe-names.ts'

it('names prices and products by plan', () => {
  expect(lookupKeyOf('pro', 'month')).toBe('farebox_pro_month')
  expect(productIdOf('pro')).toBe('farebox_pro')
  expect(lookupKeyOf('pro', 'year', 'shop')).toBe('farebox_shop_pro_year')
  expect(productIdOf('pro', 'shop')).toBe('farebox_shop_pro')
})

it('gives two things two names, whatever plans and installations are called', () => {
  const name = fc.stringMatching(/^[a-z][A-Za-z0-9-]{0,4}$/)
  const price = fc.record({ plan: name, interval: fc.constantFrom('month', 'year'), installation: fc.option(name, { nil: undefined }) })
  fc.assert(fc.property(price, price, (one, other) => {
    const areSame = JSON.stringify(one) === JSON.stringify(other)
    expect(lookupKeyOf(one.plan, one.interval, one.installation) === lookupKeyOf(other.plan, other.interval, other.installation))
      .toBe(areSame)
  }))
})
