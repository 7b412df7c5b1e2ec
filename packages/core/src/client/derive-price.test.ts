import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PlanPriceView } from '../protocol/snapshot.ts'
import { derivePrice } from './derive-price.ts'

type Tier = NonNullable<PlanPriceView['tiers']>[number]

function priceOf(tiers: readonly Tier[] | null, more: Partial<PlanPriceView> = {}): PlanPriceView {
  const amount = tiers?.[0]?.amount ?? 900
  const options = [{ amount, currency: 'usd', tiers }, { amount: amount * 2, currency: 'eur', tiers: null }]
  return { amount, currency: 'usd', tiers, perSeat: true, minimum: 1, tiersMode: null, options, ...more }
}

/** Stripe's own example: 1 to 5 at 5.00, 6 to 10 at 4.00, from 11 on at 3.00. */
const tiers = [{ upTo: 5, amount: 500 }, { upTo: 10, amount: 400 }, { upTo: null, amount: 300 }]

// Source of the sums: https://docs.stripe.com/products-prices/pricing-models#tiered-pricing
describe('derivePrice', () => {
  it.each([
    [1, 500], [5, 2500], [6, 2900], [10, 4500], [11, 4800], [20, 7500],
  ])('charges each of %i by the tier it falls into', (quantity, amount) => {
    expect(derivePrice(priceOf(tiers, { tiersMode: 'graduated' }), { quantity })).toEqual({ amount, currency: 'usd' })
  })

  it.each([
    [1, 500], [5, 2500], [6, 2400], [10, 4000], [11, 3300], [20, 6000],
  ])('charges all %i by the tier of their number', (quantity, amount) => {
    expect(derivePrice(priceOf(tiers, { tiersMode: 'volume' }), { quantity })).toEqual({ amount, currency: 'usd' })
  })

  it('never sells fewer than the minimum, and counts nothing where seats are not paid for', () => {
    expect(derivePrice(priceOf(null, { minimum: 3 }), { quantity: 2 })?.amount).toBe(2700)
    expect(derivePrice(priceOf(null, { perSeat: false }), { quantity: 7 })?.amount).toBe(900)
  })

  it('knows no price in a currency that is not sold', () => {
    expect(derivePrice(priceOf(null), { currency: 'eur' })).toEqual({ amount: 1800, currency: 'eur' })
    expect(derivePrice(priceOf(null), { currency: 'jpy' })).toBeUndefined()
  })

  it('is the sum of what each seat costs, whatever the tiers', () => {
    const steps = fc.array(fc.record({ width: fc.integer({ min: 1, max: 20 }), amount: fc.nat(5000) }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 120 }), fc.constantFrom('graduated' as const, 'volume' as const), (list, quantity, tiersMode) => {
        let end = 0
        const made = list.map(({ width, amount }, index): Tier => ({ upTo: index === list.length - 1 ? null : (end += width), amount }))
        const of = (seat: number): number => made.find(({ upTo }) => upTo === null || seat <= upTo)?.amount ?? Number.NaN
        const each = Array.from({ length: quantity }, (_, seat) => of(tiersMode === 'volume' ? quantity : seat + 1))
        expect(derivePrice(priceOf(made, { tiersMode }), { quantity })?.amount).toBe(each.reduce((sum, amount) => sum + amount))
      }),
    )
  })
})
