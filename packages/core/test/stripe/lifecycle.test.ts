import { type Farebox, createFarebox } from '@farebox/core'
import { portalMetadata, stripePayments } from '@farebox/core/drivers/stripe'
import { expect, it } from 'vitest'
import { expectLikeStripe, paymentCustomerOf } from './scene.ts'
import { type World, catalog, createWorld, sessionOf, webhookSecret } from './world.ts'

const customer = 'user_1'
const day = 86_400_000

interface Life {
  readonly world: World
  readonly farebox: Farebox<typeof catalog>
  /** Clicks on a button of the portal page. */
  readonly click: (action: 'switch' | 'cancel' | 'resume' | 'card', fields?: Readonly<Record<string, string>>) => Promise<void>
  /** What the app shows and decides after it heard of all that happened. */
  readonly look: () => Promise<unknown>
}

async function begin(bought: 'pro' | 'team'): Promise<Life> {
  const world = await createWorld()
  const payments = stripePayments({ client: world.client, webhookSecret, mode: 'test' })
  const farebox = createFarebox({ catalog, store: world.store, payments, clock: world.clock, appUrl: 'http://localhost:8787' })
  const { url } = await farebox.checkout({ customer, plan: bought, interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' })
  world.simulator.completeCheckout(sessionOf(url))
  const { data: prices } = await world.client.prices.list({ limit: 100 })
  const products = [...new Set(prices.flatMap(({ product }) => (typeof product === 'string' ? [product] : [])))]
  const offered = products.map((product) => ({ product, prices: prices.filter((price) => price.product === product).map(({ id }) => id) }))
  const enabled = { enabled: true }
  await world.client.billingPortal.configurations.create({
    features: {
      subscription_cancel: enabled,
      payment_method_update: enabled,
      subscription_update: { ...enabled, default_allowed_updates: ['price'], products: offered },
    },
    metadata: { [portalMetadata]: 'true' },
  })
  return {
    world,
    farebox,
    async click(action, fields = {}) {
      const portal = await farebox.portal({ customer, returnUrl: 'http://a/' })
      const [subscription] = (await world.client.subscriptions.list()).data
      const body = new URLSearchParams({ action, subscription: subscription?.id ?? '', ...fields })
      const answer = await world.simulator.fetch(new Request(portal.url, { method: 'POST', body }))
      expect(answer.status).toBe(303)
    },
    async look() {
      await farebox.converge({ customer })
      await expectLikeStripe(world, customer)
      const { plan, status, notices, subscription } = await farebox.snapshot({ customer })
      const { allowed, reason } = await farebox.check({ customer, feature: 'exports' })
      return { plan, status, interval: subscription?.interval, notices: notices.map(({ kind, at }) => `${kind} ${at?.slice(0, 10)}`), allowed, reason }
    },
  }
}

async function priceOf(world: World, lookupKey: string): Promise<string> {
  const [price] = (await world.client.prices.list({ lookup_keys: [lookupKey] })).data
  return price?.id ?? ''
}

const paid = { plan: 'team', status: 'active', interval: 'month', notices: [], allowed: true, reason: 'allowed' }

it('follows the portal: a cancellation by instant, its taking back, a switch to the year, and an end', async () => {
  const { world, click, look } = await begin('team')
  expect(await look()).toEqual(paid)
  await click('cancel')
  expect(await look()).toEqual({ ...paid, notices: ['cancellation-scheduled 2026-02-28'] })
  await click('resume')
  expect(await look()).toEqual(paid)
  await click('switch', { price: await priceOf(world, 'farebox_pro_year') })
  expect(await look()).toEqual({ ...paid, plan: 'pro', interval: 'year' })
  await click('cancel')
  world.simulator.clock.advance({ years: 1 })
  expect(await look()).toMatchObject({ plan: 'free', status: 'canceled', allowed: false, reason: 'plan-required' })
})

it('ends access at the promised instant without any news from Stripe', async () => {
  const { world, farebox, click, look } = await begin('team')
  await click('cancel')
  await look()
  const end = Date.UTC(2026, 1, 28, 10)
  world.simulator.clock.advance({ to: end - 1000 })
  expect(await farebox.check({ customer, feature: 'exports' })).toMatchObject({ allowed: true })
  world.simulator.clock.advance({ to: end })
  expect(await farebox.check({ customer, feature: 'exports' })).toMatchObject({ allowed: false })
})

it('gives grace to who does not pay, takes the plan when it is over, and gives it back with the money', async () => {
  const { world, farebox, click, look } = await begin('team')
  await click('card', { card: '4000 0000 0000 0341' })
  world.simulator.clock.advance({ months: 1 })
  expect(await look()).toEqual({ ...paid, status: 'past_due', notices: ['payment-past-due 2026-03-07', 'payment-failed 2026-03-03'] })
  world.simulator.clock.advance({ to: world.clock.now() + 7 * day })
  expect(await farebox.check({ customer, feature: 'exports' })).toMatchObject({ allowed: false, reason: 'payment-past-due' })
  expect(await look()).toMatchObject({ plan: 'free', status: 'past_due', notices: ['access-ended 2026-03-07', 'payment-failed 2026-03-08'] })
  await click('card', { card: '4242 4242 4242 4242' })
  world.simulator.clock.advance({ days: 8 })
  expect(await look()).toEqual(paid)
})

it('tries a trial, turns it into money or into a debt', async () => {
  const { world, click, look } = await begin('pro')
  expect(await look()).toMatchObject({ plan: 'pro', status: 'trialing', allowed: true, notices: ['trial-ending 2026-02-14'] })
  await click('card', { card: '4000 0000 0000 0341' })
  world.simulator.clock.advance({ days: 14 })
  expect(await look()).toMatchObject({ plan: 'pro', status: 'past_due', allowed: true })
  world.simulator.clock.advance({ days: 15 })
  expect(await look()).toMatchObject({ plan: 'free', status: 'canceled', allowed: false })
})

it('gives nothing for a first payment that fails, and lets the customer buy when Stripe has given it up', async () => {
  const { world, farebox, look } = await begin('team')
  const paymentCustomer = await paymentCustomerOf(world, customer)
  const [first] = (await world.client.subscriptions.list()).data
  await world.client.subscriptions.cancel(first?.id ?? '')
  await world.client.subscriptions.create({
    customer: paymentCustomer,
    items: [{ price: await priceOf(world, 'farebox_team_month') }],
    default_payment_method: 'pm_card_chargeCustomerFail',
  })
  expect(await look()).toMatchObject({ plan: 'free', status: 'incomplete', allowed: false })
  const request = { customer, plan: 'team', interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' } as const
  await expect(farebox.checkout(request)).rejects.toMatchObject({ code: 'already-subscribed' })
  world.simulator.clock.advance({ hours: 23 })
  expect(await look()).toMatchObject({ plan: 'free', status: 'incomplete_expired', allowed: false })
  await farebox.checkout(request)
})

it('lets the higher of two subscriptions govern, and the other one when it ends', async () => {
  const { world, look } = await begin('team')
  expect(await look()).toEqual(paid)
  const second = await world.client.subscriptions.create({
    customer: await paymentCustomerOf(world, customer),
    items: [{ price: await priceOf(world, 'farebox_pro_month') }],
    default_payment_method: 'pm_card_visa',
  })
  expect(await look()).toEqual(paid)
  const [first] = (await world.client.subscriptions.list()).data.filter(({ id }) => id !== second.id)
  await world.client.subscriptions.cancel(first?.id ?? '')
  expect(await look()).toEqual({ ...paid, plan: 'pro' })
})
