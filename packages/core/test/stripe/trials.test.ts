import { lookupKeyOf } from '@farebox/core/drivers/stripe'
import { expect, it } from 'vitest'
import { ensurePaymentCustomer } from '../../src/use-cases/checkout/ensure-payment-customer.ts'
import { startCheckout } from '../../src/use-cases/checkout/start-checkout.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { expectLikeStripe, paymentCustomerOf } from './scene.ts'
import { type World, catalog, createWorld, sessionOf } from './world.ts'

const customer = 'user_1'
const order = { customer, plan: 'pro', interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' } as const

async function trialOf(world: World, farebox: Context): Promise<number> {
  const { url } = await startCheckout(farebox, order)
  world.simulator.completeCheckout(sessionOf(url))
  await convergeCustomer(farebox, customer)
  const [newest] = (await world.client.subscriptions.list({ status: 'all' })).data
  return newest?.trial_end == null ? 0 : Math.round((newest.trial_end - newest.start_date) / 86_400)
}

/** Ways to come by a second trial. */
const scripts: Readonly<Record<string, (world: World, farebox: Context) => Promise<unknown>>> = {
  'cancel at once': (_world, farebox) => cancelSubscription(farebox, { customer, when: 'now' }),
  'cancel and wait for the end': async (world, farebox) => {
    await cancelSubscription(farebox, { customer })
    world.simulator.clock.advance({ days: 15 })
  },
  'pay and leave a year later': async (world, farebox) => {
    world.simulator.clock.advance({ years: 1 })
    await cancelSubscription(farebox, { customer, when: 'now' })
  },
  'let the card fail until Stripe gives up': async (world) => {
    world.simulator.setCard(await paymentCustomerOf(world, customer), '4000000000000341')
    world.simulator.clock.advance({ days: 60 })
  },
  'have the customer deleted in Stripe': async (world, farebox) => {
    await world.client.customers.del(await paymentCustomerOf(world, customer))
    await convergeCustomer(farebox, customer)
  },
  'have the stored subscription forgotten': async (world, farebox) => {
    await cancelSubscription(farebox, { customer, when: 'now' })
    await world.client.customers.del(await paymentCustomerOf(world, customer))
    await convergeCustomer(farebox, customer)
    const { rows } = await world.store.records.load(customer, ['subscriptions'])
    await world.store.records.commit(customer, rows.subscriptions.map(({ id }) => ({ collection: 'subscriptions', id, value: null })))
  },
  'cancel in the portal, unnoticed': async (world) => {
    const [subscription] = (await world.client.subscriptions.list()).data
    await world.client.subscriptions.cancel(subscription?.id ?? '')
  },
  'take another plan and come back': async (world, farebox) => {
    await subscribe(farebox, { ...order, plan: 'team' })
    world.simulator.clock.advance({ days: 20 })
    await cancelSubscription(farebox, { customer, when: 'now' })
  },
}

it.each(Object.keys(scripts))('gives no second trial to who tries to %s', async (name) => {
  const world = await createWorld()
  const farebox = world.process()
  expect(await trialOf(world, farebox)).toBe(14)
  await scripts[name]?.(world, farebox)
  expect(await trialOf(world, world.process())).toBe(0)
  const { rows } = await world.store.records.load(customer, ['trials'])
  expect(rows.trials.map(({ value }) => value.plan)).toEqual(['pro'])
})

it('notes a trial with the subscription that shows it, once, with what it was of', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await trialOf(world, farebox)
  await convergeCustomer(farebox, customer)
  const { rows } = await world.store.records.load(customer, ['trials', 'subscriptions'])
  const subscription = rows.subscriptions[0]?.value
  expect(rows.trials).toMatchObject([
    { revision: 1, value: { plan: 'pro', subscription: subscription?.id, startedAt: subscription?.startedAt, endsAt: subscription?.trialEnd } },
  ])
})

it('starts a trial without a card where the plan says so, and ends it by itself where none was given', async () => {
  const world = await createWorld()
  const cardless = { ...catalog.plans.pro, trialRequiresCard: false }
  const process = world.process()
  const farebox: Context = { ...process, catalog: { ...process.catalog, plans: { ...process.catalog.plans, pro: cardless } } }
  const { url } = await startCheckout(farebox, order)
  const session = await world.client.checkout.sessions.retrieve(sessionOf(url))
  expect(session.payment_method_collection).toBe('if_required')
  world.simulator.completeCheckout(sessionOf(url))
  await convergeCustomer(farebox, customer)
  const [subscription] = (await world.client.subscriptions.list({ status: 'all' })).data
  expect(subscription).toMatchObject({ status: 'trialing', default_payment_method: null })
  world.simulator.clock.advance({ days: 15 })
  await convergeCustomer(farebox, customer)
  await expectLikeStripe(world, customer)
  const { rows } = await world.store.records.load(customer, ['subscriptions'])
  expect(rows.subscriptions.map(({ value }) => value.status)).toEqual(['canceled'])
  expect((await world.client.invoices.list({ status: 'open' })).data).toEqual([])
})

it.each([
  ['declines', '4000000000000341', ['payment-past-due 2026-02-21', 'payment-failed 2026-02-17']],
  ['asks for a confirmation', '4000002760003184', ['payment-action-required 2026-02-17', 'payment-past-due 2026-02-21']],
])('is past due from its end on where the card %s then, has the usual grace, and comes back with the payment', async (_, card, notices) => {
  const world = await createWorld()
  const farebox = world.process()
  expect(await trialOf(world, farebox)).toBe(14)
  world.simulator.setCard(await paymentCustomerOf(world, customer), card)
  const look = async (): Promise<unknown> => {
    await convergeCustomer(farebox, customer)
    const snapshot = await getSnapshot(farebox, { customer, canManageBilling: true })
    return [snapshot.plan, snapshot.status, snapshot.notices.map(({ kind, at }) => `${kind} ${at?.slice(0, 10)}`)]
  }
  world.simulator.clock.advance({ days: 14, hours: 2 })
  expect(await look()).toEqual(['pro', 'past_due', notices])
  // What is owed has to be paid before anything else is bought.
  expect(await subscribe(farebox, { ...order, plan: 'team' })).toMatchObject({ kind: 'action-required', url: expect.stringContaining('http') })
  world.simulator.clock.advance({ days: 8 })
  expect(await look()).toMatchObject(['free', 'past_due', ['access-ended 2026-02-21', expect.stringContaining('payment')]])
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4242424242424242')
  const [owed] = (await world.client.invoices.list({ status: 'open' })).data
  await world.client.invoices.pay(owed?.id ?? '')
  expect(await look()).toEqual(['pro', 'active', []])
})

it.each([
  ['pause', 'paused', 'trial-ended-without-card'],
  ['cancel', 'canceled', 'trial-ended-without-card'],
  ['create_invoice', 'past_due', 'payment-past-due'],
] as const)('ends without a card as Stripe was told: %s', async (missing_payment_method, status, notice) => {
  const world = await createWorld()
  const farebox = world.process()
  const [price] = (await world.client.prices.list({ lookup_keys: [lookupKeyOf('pro', 'month')] })).data
  const paymentCustomer = await ensurePaymentCustomer(farebox, customer)
  await world.client.subscriptions.create({
    customer: paymentCustomer, items: [{ price: price?.id ?? '' }], trial_period_days: 14, trial_settings: { end_behavior: { missing_payment_method } },
  })
  world.simulator.clock.advance({ days: 14, hours: 2 })
  await convergeCustomer(farebox, customer)
  const snapshot = await getSnapshot(farebox, { customer })
  expect({ plan: snapshot.plan, status: snapshot.status, notice: snapshot.notices[0]?.kind }).toEqual({ plan: status === 'past_due' ? 'pro' : 'free', status, notice })
  await expectLikeStripe(world, customer)
})
