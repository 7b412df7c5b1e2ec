import { expect, it } from 'vitest'
import type { PlanView } from '../protocol/snapshot.ts'
import { derivePricingOffers } from './derive-pricing-offers.ts'

it('offers each plan at each interval in each currency, in the units of that currency', () => {
  const pro: PlanView = {
    key: 'pro', name: 'Pro', description: null, default: false, recommended: false, contactSales: false, trialDays: 0, features: {},
    prices: {
      year: {
        amount: 29050, currency: 'usd', tiers: null, perSeat: false, minimum: 1, tiersMode: null,
        options: [{ amount: 29050, currency: 'usd', tiers: null }, { amount: 45000, currency: 'jpy', tiers: null }],
      },
    },
  }
  const offers = derivePricingOffers({ plans: [pro, { ...pro, key: 'free', prices: {} }] }, { name: 'Quotes' })
  expect(offers).toMatchObject({
    '@type': 'Product', name: 'Quotes',
    offers: [
      { name: 'Pro', price: '290.50', priceCurrency: 'USD', priceSpecification: { billingDuration: 1, unitCode: 'ANN' } },
      { name: 'Pro', price: '45000', priceCurrency: 'JPY' },
    ],
  })
  expect(offers).toHaveProperty('offers.length', 2)
})
