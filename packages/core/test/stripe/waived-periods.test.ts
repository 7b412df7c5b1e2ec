import { type Subscription, defineCatalog, toggle, usd } from '@farebox/core'
import { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { createQuestions } from '../../src/use-cases/decisions/question.ts'
import { pauseSubscription } from '../../src/use-cases/subscription/pause-subscription.ts'
import { resumeSubscription } from '../../src/use-cases/subscription/resume-subscription.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { type PlanWorld, addresses, buyPlan, createPlanWorld, customer, invoicesOf } from './plans.ts'
import { paymentCustomerOf } from './scene.ts'
import { clientOf } from './world.ts'

const hour = 3_600_000

/** Somebody who has paid a month of Plus, and lets it rest for the hour before and the hour after the month's end. */
async function restOverRenewal(): Promise<{ readonly world: PlanWorld; readonly farebox: Context; readonly end: number }> {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  await convergeCustomer(farebox, customer)
  const end = (await subscriptionOf(world)).currentPeriodEnd
  world.simulator.clock.advance({ minutes: (end - hour - world.clock.now()) / 60_000 })
  await pauseSubscription(farebox, { customer, until: end + hour })
  return { world, farebox, end }
}

async function subscriptionOf(world: PlanWorld): Promise<Subscription> {
  const { rows } = await world.store.records.load(customer, ['subscriptions'])
  const [row] = rows.subscriptions
  if (row === undefined) throw new Error('There is no subscription')
  return row.value
}

/** A process that dies when it is about to change a subscription. */
function cutOff(world: PlanWorld): Context {
  const httpClient: Stripe.HttpClient = {
    getClientName: () => 'cut',
    makeRequest: (...request) => (request[3] === 'POST' && request[2].includes('/subscriptions/') ? Promise.reject(new Error('cut off')) : world.simulator.httpClient.makeRequest(...request)),
  }
  return world.process({ client: new Stripe('sk_test_world', { httpClient, host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false }) })
}

/** A process to which Stripe names the very last invoice of a subscription as its latest one, also one that was made by hand. */
function namingTheLast(world: PlanWorld): Context {
  const client = clientOf(world.simulator, async () => undefined)
  const { subscriptions } = client
  const named = async (subscription: Stripe.Subscription): Promise<void> => {
    const [last] = (await world.client.invoices.list({ subscription: subscription.id, limit: 1 })).data
    subscription.latest_invoice = last ?? null
  }
  const list: typeof subscriptions.list = subscriptions.list.bind(subscriptions)
  const retrieve: typeof subscriptions.retrieve = subscriptions.retrieve.bind(subscriptions)
  Object.assign(subscriptions, {
    async list(...given: Parameters<typeof list>) {
      const answer = await list(...given)
      await Promise.all(answer.data.map(named))
      return answer
    },
    async retrieve(...given: Parameters<typeof retrieve>) {
      const answer = await retrieve(...given)
      await named(answer)
      return answer
    },
  })
  return world.process({ client })
}

it('gives nothing for a period whose invoice a pause voided, until one is paid for', async () => {
  const { world, farebox, end } = await restOverRenewal()
  world.simulator.clock.advance({ hours: 3 })
  await convergeCustomer(farebox, customer)

  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 void'])
  const { currentPeriodStart, currentPeriodEnd, paused } = await subscriptionOf(world)
  expect({ currentPeriodStart, paused }).toEqual({
    currentPeriodStart: end, paused: { kind: 'collection', since: null, until: currentPeriodEnd, reason: 'requested' },
  })
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free', notices: [{ kind: 'paused' }] })
  await expect(subscribe(farebox, { customer, plan: 'max', ...addresses })).rejects.toMatchObject({ code: 'already-subscribed', reason: 'paused' })

  world.simulator.clock.advance({ minutes: (currentPeriodEnd - world.clock.now()) / 60_000 })
  world.simulator.clock.advance({ hours: 2 })
  await convergeCustomer(farebox, customer)
  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 void', '3000 paid'])
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'plus', notices: [] })
})

it.each(['before', 'after'])('begins a new period, which is paid for, with who resumes %s the pause has ended', async (when) => {
  const { world, farebox, end } = await restOverRenewal()
  world.simulator.clock.advance({ minutes: when === 'before' ? 90 : 180 })

  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 void', '3000 paid'])
  const { currentPeriodStart, paused } = await subscriptionOf(world)
  expect(paused).toBeNull()
  expect(currentPeriodStart).toBeGreaterThan(end)
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'unchanged' })
})

it('releases a schedule that has nothing left to change before it begins a new period', async () => {
  const { world, farebox } = await restOverRenewal()
  world.simulator.clock.advance({ hours: 3 })
  const { id } = await subscriptionOf(world)
  await world.client.subscriptionSchedules.create({ from_subscription: id })

  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect((await world.client.subscriptionSchedules.list()).data.map(({ status }) => status)).toEqual(['released'])
  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 void', '3000 paid'])
})

it.each([
  ['declines', '4000000000000341', 90],
  ['asks for confirmation', '4000002760003184', 180],
])('gives nothing where the card %s until the page is paid, which a second click finds again', async (_, card, minutes) => {
  const { world, farebox } = await restOverRenewal()
  world.simulator.clock.advance({ minutes })
  const { rows } = await world.store.records.load(customer, ['customers'])
  const paymentCustomer = rows.customers[0]?.value.paymentCustomer ?? ''
  world.simulator.setCard(paymentCustomer, card)

  const outcome = await resumeSubscription(farebox, { customer })
  expect(outcome).toEqual({ kind: 'action-required', url: expect.stringContaining('/i/in_') })
  expect(await resumeSubscription(world.process(), { customer })).toEqual(outcome)
  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 void', '3000 open'])
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free' })
  await expect(subscribe(farebox, { customer, plan: 'max', ...addresses })).rejects.toMatchObject({ code: 'already-subscribed', reason: 'paused' })

  world.simulator.setCard(paymentCustomer, '4242424242424242')
  const [waiting] = (await world.client.invoices.list({ status: 'open' })).data
  await world.client.invoices.pay(waiting?.id ?? '')
  await convergeCustomer(farebox, customer)
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'plus', notices: [] })
  world.simulator.clock.advance({ months: 1, hours: 4 })
  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 void', '3000 paid', '3000 paid'])
})

it('goes on without the plan where nobody pays for the new period, until one is paid for', async () => {
  const { world, farebox } = await restOverRenewal()
  world.simulator.clock.advance({ hours: 3 })
  const { rows } = await world.store.records.load(customer, ['customers'])
  const paymentCustomer = rows.customers[0]?.value.paymentCustomer ?? ''
  world.simulator.setCard(paymentCustomer, '4000000000000341')
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'action-required' })
  world.simulator.clock.advance({ days: 2 })
  await convergeCustomer(farebox, customer)
  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 void', '3000 void'])
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free', notices: [{ kind: 'paused' }] })
  world.simulator.setCard(paymentCustomer, '4242424242424242')
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'unchanged' })
})

it('credits nothing of a period that nobody has paid to who lets it rest again', async () => {
  const { world, farebox } = await restOverRenewal()
  world.simulator.clock.advance({ hours: 3 })
  await pauseSubscription(farebox, { customer })

  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 void'])
  const [subscription] = (await world.client.subscriptions.list({ limit: 1 })).data
  expect(subscription).toMatchObject({ status: 'active', pause_collection: { behavior: 'void' } })
  expect((await world.client.customers.list({ limit: 1 })).data[0]?.balance).toBe(0)
})

it.each([
  ['the latest one', true],
  ['none of its own', false],
])('takes an invoice by hand for no period, where Stripe has it as %s of the subscription', async (_, isNamed) => {
  const { world } = await restOverRenewal()
  const farebox = isNamed ? namingTheLast(world) : world.process()
  world.simulator.clock.advance({ hours: 3 })
  const { id: subscription } = await subscriptionOf(world)
  const paymentCustomer = await paymentCustomerOf(world, customer)
  await world.client.invoiceItems.create({ customer: paymentCustomer, subscription, amount: 500, currency: 'usd' })
  const byHand = await world.client.invoices.create({ customer: paymentCustomer, subscription, auto_advance: true })
  await world.client.invoices.finalizeInvoice(byHand.id)
  await world.client.invoices.pay(byHand.id).catch(() => undefined)
  await convergeCustomer(farebox, customer)
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free', notices: [{ kind: 'paused' }] })

  await pauseSubscription(farebox, { customer, until: world.clock.now() + 24 * hour })
  world.simulator.clock.advance({ hours: 25 })
  await convergeCustomer(farebox, customer)
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free', notices: [{ kind: 'paused' }] })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 void', '500 paid', '3000 paid'])
})

it('leads to the page of what waits, where an invoice by hand came after it', async () => {
  const { world } = await restOverRenewal()
  world.simulator.clock.advance({ hours: 3 })
  const farebox = namingTheLast(world)
  const paymentCustomer = await paymentCustomerOf(world, customer)
  world.simulator.setCard(paymentCustomer, '4000000000000341')
  const outcome = await resumeSubscription(farebox, { customer })
  const { id: subscription } = await subscriptionOf(world)
  await world.client.invoiceItems.create({ customer: paymentCustomer, subscription, amount: 500, currency: 'usd' })
  await world.client.invoices.finalizeInvoice((await world.client.invoices.create({ customer: paymentCustomer, subscription })).id)
  expect(await resumeSubscription(farebox, { customer })).toEqual(outcome)
})

it('keeps the plan of who rests within a period that is paid', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  await pauseSubscription(farebox, { customer, until: world.clock.now() + 24 * hour })
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free' })
  world.simulator.clock.advance({ hours: 25 })
  await convergeCustomer(farebox, customer)
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'plus', notices: [] })
})

it('gives nothing for a switch in the portal whose invoice a pause voided, until a period is paid for', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  world.simulator.clock.advance({ days: 14 })
  await pauseSubscription(farebox, { customer, until: world.clock.now() + 24 * hour })
  const [live] = (await world.client.subscriptions.list({ limit: 1 })).data
  const item = { id: live?.items.data[0]?.id ?? '', price: world.prices.get('max:month') ?? '' }
  await world.client.subscriptions.update(live?.id ?? '', { items: [item], proration_behavior: 'always_invoice' })
  world.simulator.clock.advance({ hours: 25 })
  await convergeCustomer(farebox, customer)
  // Half of February: 45.00 less 15.00.
  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 void'])
  const { currentPeriodEnd, paused } = await subscriptionOf(world)
  expect(paused).toMatchObject({ kind: 'collection', until: currentPeriodEnd })
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free', notices: [{ kind: 'paused' }] })

  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'max' })
  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 void', '9000 paid'])
})

it.each(['void', 'keep_as_draft'] as const)('leaves to the app\'s people what a pause of their own means for what follows it: %s', async (behavior) => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  await convergeCustomer(farebox, customer)
  const { id, currentPeriodEnd } = await subscriptionOf(world)
  // One that came and went within what was paid for says nothing of what comes later.
  await pauseSubscription(farebox, { customer, until: world.clock.now() + hour })
  world.simulator.clock.advance({ hours: 2 })
  world.simulator.clock.advance({ minutes: (currentPeriodEnd - hour - world.clock.now()) / 60_000 })
  await world.client.subscriptions.update(id, { pause_collection: { behavior } })
  world.simulator.clock.advance({ hours: 2 })
  await world.client.subscriptions.update(id, { pause_collection: '' })
  await convergeCustomer(farebox, customer)
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'plus', notices: [] })
})

it('knows a rest without an end, and forgets it when it is over', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  await convergeCustomer(farebox, customer)
  const { id, currentPeriodEnd } = await subscriptionOf(world)
  const restOf = async () => (await world.client.subscriptions.retrieve(id)).metadata['farebox_rest'] ?? null
  await pauseSubscription(farebox, { customer, until: world.clock.now() + 24 * hour })
  await resumeSubscription(farebox, { customer })
  expect(await restOf()).toBeNull()

  await world.client.subscriptions.update(id, { pause_collection: { behavior: 'void' }, metadata: { farebox_rest: 'open' } })
  world.simulator.clock.advance({ minutes: (currentPeriodEnd - world.clock.now()) / 60_000 + 60 })
  await resumeSubscription(farebox, { customer })
  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 void', '3000 paid'])
  expect(await restOf()).toBeNull()
})

it('has the plan again with `resume`, however many pauses were asked for', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  await pauseSubscription(farebox, { customer, until: world.clock.now() + 2400 * hour })
  expect(await pauseSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'free' })
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free', notices: [{ kind: 'paused', at: null }] })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'plus', notices: [] })
  expect(await invoicesOf(world)).toEqual(['3000 paid'])
})

it('gives nothing back to who pauses a plan whose allowance may be used up, and pays for a new period', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  await convergeCustomer(farebox, customer)
  world.simulator.clock.advance({ hours: 1 })
  expect(await pauseSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'free' })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 paid'])
})

it('credits the time that is left of a plan that meters nothing', async () => {
  const world = await createPlanWorld()
  const unmetered = defineCatalog({
    features: { exports: toggle() },
    plans: { free: { name: 'Free', default: true, features: {} }, plus: { name: 'Plus', prices: { month: usd('30') }, features: { exports: true } } },
  })
  const farebox = { ...world.process(), catalog: unmetered, questions: createQuestions(unmetered) }
  await buyPlan(world, farebox, 'plus')
  await convergeCustomer(farebox, customer)
  await pauseSubscription(farebox, { customer })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect(await invoicesOf(world)).toEqual(['3000 paid', '0 paid'])
})

it.each([
  ['until the rest is over', 2],
  ['until the page has lapsed as well', 48],
])('gives nothing to who rests again while a new period waits for its payment, and waits %s', async (_, hours) => {
  const { world, farebox } = await restOverRenewal()
  world.simulator.clock.advance({ hours: 3 })
  const paymentCustomer = await paymentCustomerOf(world, customer)
  world.simulator.setCard(paymentCustomer, '4000000000000341')
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'action-required' })
  expect(await pauseSubscription(farebox, { customer, until: world.clock.now() + hour })).toMatchObject({ kind: 'changed', plan: 'free' })
  world.simulator.clock.advance({ hours })
  await convergeCustomer(farebox, customer)
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free' })

  world.simulator.setCard(paymentCustomer, '4242424242424242')
  const outcome = await resumeSubscription(farebox, { customer })
  if (outcome.kind === 'action-required') {
    const [waiting] = (await world.client.invoices.list({ status: 'open' })).data
    await world.client.invoices.pay(waiting?.id ?? '')
    await convergeCustomer(farebox, customer)
  }
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'plus', notices: [] })
  expect((await invoicesOf(world)).filter((invoice) => invoice !== '3000 void')).toEqual(['3000 paid', '3000 paid'])
})

it('asks for the payment again where who rests again resumes, and gives nothing before', async () => {
  const { world, farebox } = await restOverRenewal()
  world.simulator.clock.advance({ hours: 3 })
  const paymentCustomer = await paymentCustomerOf(world, customer)
  world.simulator.setCard(paymentCustomer, '4000000000000341')
  await resumeSubscription(farebox, { customer })
  await pauseSubscription(farebox, { customer })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'action-required' })
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free' })
  world.simulator.setCard(paymentCustomer, '4242424242424242')
  const [waiting] = (await world.client.invoices.list({ status: 'open' })).data
  await world.client.invoices.pay(waiting?.id ?? '')
  await convergeCustomer(farebox, customer)
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'plus', notices: [] })
  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 void', '3000 void', '3000 paid'])
})

it('knows a further rest that goes on over the next renewal, also after somebody has tried to pay', async () => {
  const { world, farebox } = await restOverRenewal()
  world.simulator.clock.advance({ hours: 3 })
  const paymentCustomer = await paymentCustomerOf(world, customer)
  world.simulator.setCard(paymentCustomer, '4000000000000341')
  await resumeSubscription(farebox, { customer })
  await pauseSubscription(farebox, { customer, until: world.clock.now() + 40 * 24 * hour })
  world.simulator.clock.advance({ days: 41 })
  await convergeCustomer(farebox, customer)
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free', notices: [{ kind: 'paused' }] })
})

it('takes back a rest that the app\'s people have added while a new period waits for its payment', async () => {
  const { world, farebox } = await restOverRenewal()
  world.simulator.clock.advance({ hours: 3 })
  const paymentCustomer = await paymentCustomerOf(world, customer)
  world.simulator.setCard(paymentCustomer, '4000000000000341')
  await resumeSubscription(farebox, { customer })
  const { id } = await subscriptionOf(world)
  await world.client.subscriptions.update(id, { pause_collection: { behavior: 'void' } })
  world.simulator.setCard(paymentCustomer, '4242424242424242')
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect((await world.client.subscriptions.retrieve(id)).pause_collection).toBeNull()
})

it('leaves to the app\'s people what it means that they void an invoice whose payment was tried', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  await convergeCustomer(farebox, customer)
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4000000000000341')
  world.simulator.clock.advance({ months: 1, hours: 2 })
  await pauseSubscription(farebox, { customer, until: world.clock.now() + hour })
  const [tried] = (await world.client.invoices.list({ status: 'open' })).data
  await world.client.invoices.voidInvoice(tried?.id ?? '')
  world.simulator.clock.advance({ hours: 2 })
  await convergeCustomer(farebox, customer)
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'plus', status: 'active', notices: [] })
})

it('gives what was paid for in the portal, also after somebody has tried to pay for a new period in vain', async () => {
  const { world, farebox } = await restOverRenewal()
  world.simulator.clock.advance({ hours: 3 })
  const paymentCustomer = await paymentCustomerOf(world, customer)
  world.simulator.setCard(paymentCustomer, '4000000000000341')
  await resumeSubscription(farebox, { customer })
  world.simulator.clock.advance({ days: 2 })
  world.simulator.setCard(paymentCustomer, '4242424242424242')
  const [live] = (await world.client.subscriptions.list({ limit: 1 })).data
  const item = { id: live?.items.data[0]?.id ?? '', price: world.prices.get('max:month') ?? '' }
  await world.client.subscriptions.update(live?.id ?? '', { items: [item], proration_behavior: 'always_invoice' })
  await convergeCustomer(farebox, customer)
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'max', notices: [] })
})

it('carries on a rest that is to last longer, whoever dies on the way', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  await pauseSubscription(farebox, { customer, until: world.clock.now() + 24 * hour })
  const until = world.clock.now() + 48 * hour
  await expect(pauseSubscription(cutOff(world), { customer, until })).rejects.toMatchObject({ code: 'unavailable' })
  await convergeCustomer(farebox, customer)
  expect(await subscriptionOf(world)).toMatchObject({ paused: { kind: 'collection', until } })
})

it('gives nothing to whose new period is tried by whoever comes after one that died, and is not paid', async () => {
  const { world, farebox } = await restOverRenewal()
  world.simulator.clock.advance({ hours: 3 })
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4000000000000341')
  await expect(resumeSubscription(cutOff(world), { customer })).rejects.toMatchObject({ code: 'unavailable' })
  await convergeCustomer(farebox, customer)
  expect(await invoicesOf(world)).toEqual(['3000 paid', '3000 void', '3000 open'])
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free' })
})
