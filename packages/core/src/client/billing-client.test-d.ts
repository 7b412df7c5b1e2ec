import { allowance, defineCatalog, metered, usd } from '@farebox/core'
import { type BillingClient, createBillingClient, keepFresh } from '@farebox/core/client'
import { describe, expectTypeOf, it } from 'vitest'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month') } },
  },
})

describe('a client of a catalog', () => {
  const client = createBillingClient<typeof catalog>()

  it('takes its plans alone', () => {
    expectTypeOf(client).toEqualTypeOf<BillingClient<'free' | 'pro'>>()
    void client.checkout({ plan: 'pro', interval: 'month' })
    // @ts-expect-error a plan that is not in the catalog
    void client.checkout({ plan: 'gold', interval: 'month' })
    // @ts-expect-error a plan that is not in the catalog
    void client.change({ plan: 'gold' })
    // @ts-expect-error a plan that is not in the catalog
    void client.previewChange({ plan: 'gold' })
  })

  it('is kept fresh like one without a catalog, which takes each plan', () => {
    keepFresh(client)
    void createBillingClient().checkout({ plan: 'gold', interval: 'month' })
  })
})
