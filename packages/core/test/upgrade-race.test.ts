import { allowance, createFarebox, defineCatalog, metered, toggle, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { lookupKeyOf, planMetadata, stripePayments } from '@farebox/core/drivers/stripe'
import { createStripeSimulator } from '@farebox/stripe-simulator'
import Stripe from 'stripe'
import { expect, onTestFinished, test } from 'vitest'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month'), exports: true } },
  },
})

const upgrades = process.env['FAREBOX_TEST_SCALE'] === 'full' ? 1000 : 40

/** Two processes on one store: one that hears of payments, and one that serves requests from a warm cache. */
async function setup() {
  const simulator = createStripeSimulator()
  const listening = await simulator.listen({ port: 0 })
  onTestFinished(() => listening.close())
  const client = new Stripe('sk_test_race', { host: '127.0.0.1', port: listening.port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 })
  const product = await client.products.create({ name: 'Pro', metadata: { [planMetadata]: 'pro' } })
  await client.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 2900,
    recurring: { interval: 'month' },
    lookup_key: lookupKeyOf('pro', 'month'),
    metadata: { [planMetadata]: 'pro' },
  })
  const store = memoryStore()
  const appUrl = 'http://localhost:8787'
  const payments = stripePayments({ client, webhookSecret: 'whsec_upgrade_race' })
  const paying = createFarebox({ catalog, store, payments, appUrl })
  const serving = createFarebox({ catalog, store })
  return { simulator, paying, serving }
}

test(`nobody who just paid is refused: ${upgrades} upgrades, each raced by a stale token and a stale cache`, async () => {
  const { simulator, paying, serving } = await setup()
  let refused = 0
  for (let index = 0; index < upgrades; index += 1) {
    const customer = `user_${index}`
    const planClaims = await serving.planClaims({ customer })
    await serving.consume({ customer, feature: 'apiCalls', amount: 5, planClaims })
    expect(await serving.consume({ customer, feature: 'apiCalls', planClaims })).toMatchObject({ reason: 'quota-exceeded' })
    const { url } = await paying.checkout({
      customer,
      plan: 'pro',
      interval: 'month',
      successUrl: 'http://localhost:8787/?checkout=done',
      cancelUrl: 'http://localhost:8787/',
    })
    simulator.completeCheckout(/cs_\w+/.exec(url)?.[0] ?? '')

    const during = Array.from({ length: 3 }, () => serving.consume({ customer, feature: 'apiCalls', planClaims }))
    await paying.converge({ customer })
    const after = await Promise.all([
      serving.consume({ customer, feature: 'apiCalls', planClaims }),
      serving.consume({ customer, feature: 'apiCalls' }),
      serving.check({ customer, feature: 'exports', planClaims }),
      serving.check({ customer, feature: 'exports' }),
    ])

    await Promise.all(during)
    refused += after.filter((decision) => !decision.allowed).length
    expect((await serving.snapshot({ customer })).plan).toBe('pro')
  }
  expect(refused).toBe(0)
})
