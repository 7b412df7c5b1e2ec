import { lookupKeyOf, stripePayments } from '@farebox/core/drivers/stripe'
import { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { linkPaymentCustomer } from '../../src/use-cases/checkout/ensure-payment-customer.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { ensureCustomerView } from '../../src/use-cases/customers/find-customer.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { pauseSubscription } from '../../src/use-cases/subscription/pause-subscription.ts'
import { resumeSubscription } from '../../src/use-cases/subscription/resume-subscription.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { buyPack, createPackWorld, grantsOf, newestPayment } from './pack-world.ts'
import { buyPlan, createPlanWorld, customer, invoicesOf } from './plans.ts'
import { addresses, buy, paymentCustomerOf } from './scene.ts'
import { type World, createWorld, makePaymentCustomer, webhookSecret } from './world.ts'

const versions = ['2024-06-20', '2025-03-31.basil', '2025-09-30.clover', '2026-05-27.dahlia', '2026-10-28.endive'] as const

/** What Stripe has only since then, or takes as it is written only since then: its answer to an older version is that there is no such page. */
const unknownBefore: readonly (readonly [path: RegExp, since: string])[] = [
  [/^\/v1\/invoice_payments/, '2025-03-31.basil'],
  [/^\/v1\/subscriptions\/\w+\/(pause|resume)$/, '2026-09-30.endive'],
]

/** The stripe package, pinned to a version by the app. */
function clientAt({ simulator }: World, apiVersion: string): Stripe {
  const answer = async (request: Request): Promise<Response> => {
    const asked = request.headers.get('stripe-version') ?? ''
    const isUnknown = unknownBefore.some(([path, since]) => asked < since && path.test(new URL(request.url).pathname))
    if (!isUnknown) return simulator.fetch(request)
    return Response.json({ error: { type: 'invalid_request_error', message: 'Unrecognized request URL' } }, { status: 404 })
  }
  return new Stripe('sk_test_world', {
    // The package's types know its own version alone; apps that pin another one say so like this.
    apiVersion: apiVersion as '2026-10-28.endive',
    httpClient: Stripe.createFetchHttpClient(async (url: RequestInfo | URL, init?: RequestInit) => answer(new Request(url, init))),
    host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false,
  })
}

it.each(versions)('reads the same of the same life at version %s', async (version) => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1', 'pro')
  const paymentCustomer = await paymentCustomerOf(world, 'user_1')
  const newest = stripePayments({ client: world.client, webhookSecret })
  const pinned = stripePayments({ client: clientAt(world, version), webhookSecret })
  const statuses: unknown[] = []
  const compare = async (): Promise<void> => {
    const expected = await newest.readCustomer(paymentCustomer)
    expect(await pinned.readCustomer(paymentCustomer)).toEqual(expected)
    statuses.push(expected.subscriptions[0]?.status)
  }
  await compare()
  world.simulator.clock.advance({ days: 15 })
  await compare()
  await convergeCustomer(farebox, 'user_1')
  await subscribe(farebox, { customer: 'user_1', plan: 'pro', interval: 'year', ...addresses })
  await compare()
  const scheduled = await subscribe(farebox, { customer: 'user_1', plan: 'pro', interval: 'month', ...addresses })
  expect(scheduled.kind).toBe('scheduled')
  await compare()
  world.simulator.setCard(paymentCustomer, '4000000000000341')
  world.simulator.clock.advance({ years: 1, days: 1 })
  await compare()
  world.simulator.clock.advance({ days: 60 })
  await compare()
  expect(statuses).toEqual(['trialing', 'active', 'active', 'active', 'past_due', 'canceled'])
})

it.each(versions)('sells packs at version %s, and reads alike what was refunded, contested and paid by a bank', async (version) => {
  const world = await createPackWorld()
  const payments = stripePayments({ client: clientAt(world, version), webhookSecret })
  const farebox = { ...world.process(), payments }
  const newest = stripePayments({ client: world.client, webhookSecret })
  const paid: string[] = []
  for (let count = 0; count < 5; count += 1) {
    await buyPack(world, farebox, 'boost')
    paid.push(await newestPayment(world))
  }
  const [partly, lost, won, warned] = paid
  await buyPack(world, farebox, 'bundle', 1, { bankAccount: '000123456789' })
  world.simulator.clock.advance({ days: 7 })
  await world.client.refunds.create({ payment_intent: partly ?? '', amount: 250 })
  world.simulator.closeDispute(world.simulator.dispute(lost ?? ''), 'lost')
  world.simulator.closeDispute(world.simulator.dispute(won ?? ''), 'won')
  world.simulator.dispute(warned ?? '')
  const request = { paymentCustomer: await paymentCustomerOf(world, customer), since: null }
  const expected = await newest.readPurchases(request)
  expect(await payments.readPurchases(request)).toEqual(expected)
  expect(expected.payments.flatMap(({ disputes }) => disputes.map(({ state }) => state)).toSorted()).toEqual(['lost', 'open', 'won'])
  await convergeCustomer(farebox, customer)
  expect(await grantsOf(world)).toEqual(['apiCalls 0 voided', 'apiCalls 100', 'apiCalls 1000', 'apiCalls 1000', 'apiCalls 1000', 'apiCalls 750', 'exports 3'])
})

it.each(versions)('pauses, resumes and begins anew where the app\'s client has version %s', async (version) => {
  const world = await createPlanWorld()
  const client = clientAt(world, version)
  const farebox = world.process({ client })
  await buyPlan(world, farebox, 'plus')
  await convergeCustomer(farebox, customer)
  expect(await pauseSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'free' })
  expect((await world.client.subscriptions.list({ status: 'paused' })).data).toHaveLength(1)
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
  // A rest over a renewal, of which nobody pays for the period that it began in.
  world.simulator.clock.advance({ days: 27, hours: 12 })
  expect(await pauseSubscription(farebox, { customer, until: world.clock.now() + 86_400_000 })).toMatchObject({ kind: 'changed', plan: 'free' })
  world.simulator.clock.advance({ days: 3 })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
  const { rows: { subscriptions: [live] } } = await world.store.records.load(customer, ['subscriptions'])
  const intent = { kind: 'change', plan: 'max', interval: 'month', quantity: null, when: 'now', proration: 'none', prorationDate: null } as const
  const preview = await stripePayments({ client, webhookSecret }).previewChange({ subscription: live?.id ?? '', intent })
  expect([preview.at, preview.now, preview.next?.total]).toEqual([live?.value.currentPeriodStart, null, 9000])
  expect(await subscribe(farebox, { customer, plan: 'max', ...addresses })).toMatchObject({ kind: 'changed', plan: 'max' })
  expect(await subscribe(farebox, { customer, plan: 'basic', ...addresses })).toMatchObject({ kind: 'scheduled', plan: 'basic' })
  expect(await cancelSubscription(farebox, { customer, when: 'now' })).toMatchObject({ kind: 'changed', plan: 'free' })
  expect((await invoicesOf(world)).toSorted()).toEqual(['3000 paid', '3000 paid', '3000 paid', '3000 void', '6000 paid'])
})

it.each(versions)('gives nothing to what is paused, whether version %s tells why or not, and leaves the way back', async (version) => {
  const world = await createWorld()
  const farebox = world.process({ client: clientAt(world, version) })
  const paymentCustomer = await makePaymentCustomer(world.client, 'user_1')
  await ensureCustomerView(farebox, { customer: 'user_1' })
  await linkPaymentCustomer(farebox, 'user_1', paymentCustomer)
  const [price] = (await world.client.prices.list({ lookup_keys: [lookupKeyOf('pro', 'month')] })).data
  await world.client.subscriptions.create({
    customer: paymentCustomer, items: [{ price: price?.id ?? '' }], trial_period_days: 7, trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
  })
  world.simulator.clock.advance({ days: 8 })
  await convergeCustomer(farebox, 'user_1')
  const isTold = version >= '2026-09-30'
  expect(await getSnapshot(farebox, { customer: 'user_1' })).toMatchObject({
    plan: 'free', status: 'paused', notices: [{ kind: isTold ? 'trial-ended-without-card' : 'paused' }],
  })
  world.simulator.setCard(paymentCustomer, '4242424242424242')
  expect(await resumeSubscription(farebox, { customer: 'user_1' })).toMatchObject({ kind: 'changed', plan: 'pro' })
})

it.each(versions)('bills what the app has put on the next invoice before a rest where its client has version %s', async (version) => {
  const world = await createPlanWorld()
  const farebox = world.process({ client: clientAt(world, version) })
  await buyPlan(world, farebox, 'plus')
  const [bought] = (await world.client.subscriptions.list()).data
  const item = { customer: await paymentCustomerOf(world, customer), currency: 'usd' }
  await world.client.invoiceItems.create({ ...item, amount: 700, subscription: bought?.id ?? '' })
  await world.client.invoiceItems.create({ ...item, amount: 300 })
  expect(await pauseSubscription(farebox, { customer, until: world.clock.now() + 86_400_000 })).toMatchObject({ kind: 'changed', plan: 'free' })
  expect(await invoicesOf(world)).toEqual(['3000 paid', '700 paid', '300 paid'])
})
