import type { PlanPriceView, PriceView } from '../protocol/snapshot.ts'

/** What is bought of a price; its usual currency and the fewest that are sold unless said otherwise. */
export interface Quantity {
  readonly currency?: string | undefined
  readonly quantity?: number | undefined
}

/**
 * What so many cost each interval, before tax and discounts, or `undefined` where that currency is not sold. Pure. Tiers
 * count as at Stripe: https://docs.stripe.com/products-prices/pricing-models#tiered-pricing
 */
export function derivePrice(price: PlanPriceView, { currency, quantity = 1 }: Quantity = {}): PriceView | undefined {
  const option = price.options.find((one) => currency === undefined || one.currency === currency)
  if (!option) return undefined
  const seats = price.perSeat ? Math.max(quantity, price.minimum) : 1
  const tiers = option.tiers ?? [{ upTo: null, amount: option.amount }]
  let [amount, counted] = [0, 0]
  for (const tier of tiers) {
    const last = Math.min(seats, tier.upTo ?? seats)
    if (price.tiersMode === 'volume') amount = counted < seats ? tier.amount * seats : amount
    else amount += tier.amount * (last - counted)
    counted = last
  }
  return { amount, currency: option.currency }
}
