import { stripePayments } from '@farebox/core/drivers/stripe'
import { expect, it } from 'vitest'
import { FareboxError } from '../../src/errors/error.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import type { EventName } from '../../src/use-cases/delivering/events.ts'
import { checkHealth } from '../../src/use-cases/healing/check-health.ts'
import { sweepStore } from '../../src/use-cases/healing/sweep.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { pauseSubscription } from '../../src/use-cases/subscription/pause-subscription.ts'
import { type PlanWorld, buyPlan, createPlanWorld, customer, subscriptionsOf } from './plans.ts'
import { buy, expectLikeStripe, getEvent, paymentCustomerOf } from './scene.ts'
import { type World, clientOf, createWorld, webhookSecret } from './world.ts'

const day = 86_400_000
const hour = 3_600_000
const failing = '4000000000000341'
const asking = '4000002760003184'
const good = '4242424242424242'

const reminders = [
  'trial.ending', 'payment.failed', 'payment.action-required', 'payment.recovered', 'access.ended', 'card.expiring', 'subscription.ended',
] as const satisfies readonly EventName[]

/** What a process tells, as `name id`; the same list for all that listen into it. */
function listen(context: Context, told: string[]): string[] {
  for (const name of reminders) {
    context.events.on(name, ({ id }) => void told.push(`${name} ${id}`))
  }
  return told
}

async function begin(plan: 'basic' | 'plus' = 'basic'): Promise<{ world: PlanWorld; farebox: Context; told: string[]; cus: string; sub: string }> {
  const world = await createPlanWorld()
  const farebox = world.process()
  const told = listen(farebox, [])
  await buyPlan(world, farebox, plan)
  await convergeCustomer(farebox, customer)
  const [subscription] = await subscriptionsOf(world)
  expect(told).toEqual([])
  return { world, farebox, told, cus: await paymentCustomerOf(world, customer), sub: subscription?.id ?? '' }
}

async function noticesOf(farebox: Context): Promise<readonly string[]> {
  return (await getSnapshot(farebox, { customer, canManageBilling: true })).notices.map(({ kind, at }) => `${kind} ${at?.slice(0, 10) ?? '-'}`)
}

async function openInvoice(world: World): Promise<string> {
  const [invoice] = (await world.client.invoices.list({ status: 'open' })).data
  return invoice?.id ?? 'none'
}

it('follows a debt through grace, retries, the loss of access and the recovery, and tells each once', async () => {
  const { world, farebox, told, cus, sub } = await begin()
  world.simulator.setCard(cus, failing)
  world.simulator.clock.advance({ months: 1 })
  const since = world.clock.now()
  await convergeCustomer(farebox, customer)
  await convergeCustomer(farebox, customer)
  const invoice = await openInvoice(world)
  expect(told.splice(0)).toEqual([`payment.failed payment-failed:${invoice}:1`])
  expect(await noticesOf(farebox)).toEqual(['payment-past-due 2026-03-07', 'payment-failed 2026-03-03'])
  expect((await getSnapshot(farebox, { customer, canManageBilling: true })).notices).toContainEqual({
    kind: 'payment-failed', at: '2026-03-03T10:00:00.000Z', url: expect.stringMatching(/^http/), due: { amount: 1000, currency: 'usd' },
  })
  expect((await getSnapshot(farebox, { customer })).notices).toContainEqual(expect.objectContaining({ kind: 'payment-failed', url: null }))

  world.simulator.clock.advance({ days: 3 })
  await convergeCustomer(farebox, customer)
  expect(told.splice(0)).toEqual([`payment.failed payment-failed:${invoice}:2`])
  // Nobody wrote anything when grace ended: the sweep tells it.
  world.simulator.clock.advance({ to: since + 7 * day })
  expect(await sweepStore(farebox)).toMatchObject({ customers: 1 })
  expect(told.splice(0)).toEqual([`access.ended access-ended:${sub}:${since}`])
  expect(await sweepStore(farebox)).toMatchObject({ customers: 0 })
  expect(await noticesOf(farebox)).toEqual(['access-ended 2026-03-07', 'payment-failed 2026-03-08'])

  world.simulator.setCard(cus, good)
  world.simulator.clock.advance({ days: 1 })
  await convergeCustomer(farebox, customer)
  expect(told.splice(0)).toEqual([`payment.recovered payment-recovered:${sub}:${since}`])
  expect(await noticesOf(farebox)).toEqual([])
  await expectLikeStripe(world, customer)
})

it.each([
  ['ends before grace', 2],
  ['lasts longer than grace', 10],
])('tells nobody of a debt that access has ended while it rests, but once it is over, where a rest %s', async (_, days) => {
  const { world, farebox, told, cus, sub } = await begin()
  world.simulator.setCard(cus, failing)
  world.simulator.clock.advance({ months: 1 })
  const since = world.clock.now()
  await convergeCustomer(farebox, customer)
  await pauseSubscription(farebox, { customer, until: since + days * day })
  await sweepStore(farebox)
  world.simulator.clock.advance({ days: 1 })
  await sweepStore(farebox)
  expect(told.filter((each) => each.startsWith('access'))).toEqual([])
  world.simulator.clock.advance({ to: since + Math.max(days, 7) * day })
  await sweepStore(farebox)
  expect(told.filter((each) => each.startsWith('access'))).toEqual([`access.ended access-ended:${sub}:${since}`])
})

it.each([
  ['unpaid', 'unpaid', ['access-ended -', 'payment-failed -'], ['access.ended']],
  ['cancel', 'canceled', [], ['subscription.ended']],
  ['past_due', 'past_due', ['access-ended 2026-03-07', 'payment-failed -'], ['access.ended']],
  ['pause', 'paused', ['payment-failed -', 'paused -'], []],
] as const)('ends a debt that is never paid as the account says: %s', async (afterRetries, status, notices, names) => {
  const { world, farebox, told, cus } = await begin()
  world.simulator.configure({ afterRetries })
  world.simulator.setCard(cus, failing)
  world.simulator.clock.advance({ months: 1 })
  await convergeCustomer(farebox, customer)
  told.length = 0
  // Every webhook of the retries was lost.
  world.simulator.clock.advance({ days: 20 })
  await convergeCustomer(farebox, customer)
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free', status })
  expect(await noticesOf(farebox)).toEqual(notices)
  const names2 = told.map((line) => line.split(' ')[0])
  expect(names2.filter((name) => name !== 'payment.failed')).toEqual(names)
  await sweepStore(farebox)
  await convergeCustomer(farebox, customer)
  expect(told).toHaveLength(names2.length)
  await expectLikeStripe(world, customer)
})

it('asks for a confirmation with the page on which it is given, and is quiet once it was', async () => {
  const { world, farebox, told, cus } = await begin()
  world.simulator.setCard(cus, asking)
  world.simulator.clock.advance({ months: 1 })
  await convergeCustomer(farebox, customer)
  const invoice = await openInvoice(world)
  expect(told.splice(0)).toEqual([`payment.action-required payment-action-required:${invoice}:1`])
  expect(await noticesOf(farebox)).toEqual(['payment-action-required 2026-03-03', 'payment-past-due 2026-03-07'])
  const [payment] = (await world.client.invoicePayments.list({ invoice })).data
  const intent = payment?.payment.payment_intent
  world.simulator.authenticate(typeof intent === 'string' ? intent : 'none')
  await convergeCustomer(farebox, customer)
  expect(told.map((line) => line.split(' ')[0])).toEqual(['payment.recovered'])
  expect(await noticesOf(farebox)).toEqual([])
  await expectLikeStripe(world, customer)
})

it('tells of an invoice that was sent once its due day is over, with its page, and nothing before that', async () => {
  const { world, farebox, told, sub } = await begin()
  await world.client.subscriptions.update(sub, { collection_method: 'send_invoice', days_until_due: 10 })
  world.simulator.clock.advance({ months: 1, hours: 2 })
  await convergeCustomer(farebox, customer)
  const invoice = await openInvoice(world)
  expect([told, await noticesOf(farebox)]).toEqual([[], []])
  world.simulator.clock.advance({ days: 10 })
  await convergeCustomer(farebox, customer)
  await convergeCustomer(farebox, customer)
  expect(told.splice(0)).toEqual([`payment.failed payment-failed:${invoice}:0`])
  expect(await noticesOf(farebox)).toEqual(['payment-past-due 2026-03-17', 'payment-failed -'])
  const { hosted_invoice_url: url } = await world.client.invoices.retrieve(invoice)
  expect((await getSnapshot(farebox, { customer, canManageBilling: true })).notices[1]).toMatchObject({ url, due: { amount: 1000, currency: 'usd' } })
  await expectLikeStripe(world, customer)
  // The next one is sent, and is not due yet: it is the first that is overdue.
  world.simulator.clock.advance({ to: Date.UTC(2026, 2, 31, 12) })
  await convergeCustomer(farebox, customer)
  expect((await world.client.invoices.list({ status: 'open' })).data).toHaveLength(2)
  expect(told.splice(0)).toEqual([`access.ended access-ended:${sub}:${Date.UTC(2026, 2, 10, 10)}`])
  expect((await getSnapshot(farebox, { customer, canManageBilling: true })).notices[1]).toMatchObject({ kind: 'payment-failed', url })
  for (const { id } of (await world.client.invoices.list({ status: 'open' })).data) await world.client.invoices.pay(id, { paid_out_of_band: true })
  await convergeCustomer(farebox, customer)
  expect([told.map((line) => line.split(' ')[0]), await noticesOf(farebox)]).toEqual([['payment.recovered'], []])
})

it('asks Stripe for nothing more where everything is paid', async () => {
  const { world, farebox, cus } = await begin()
  world.simulator.clock.advance({ months: 3 })
  world.requests.count = 0
  await convergeCustomer(farebox, customer)
  expect(world.requests.count).toBe(2)
  // The open invoices, and how the payment of the newest stands.
  world.simulator.setCard(cus, failing)
  world.simulator.clock.advance({ days: 32 })
  world.requests.count = 0
  await convergeCustomer(farebox, customer)
  expect(world.requests.count).toBe(4)
})

it('reminds of a trial three days before its end, by a sweep, once', async () => {
  const { world, farebox, told, sub, end } = await beginTrial()
  world.simulator.clock.advance({ to: end - 3 * day - 1 })
  expect(await sweepStore(farebox)).toMatchObject({ customers: 0 })
  expect(told).toEqual([])
  world.simulator.clock.advance({ to: end - 3 * day })
  expect(await sweepStore(farebox)).toMatchObject({ customers: 1 })
  expect(await sweepStore(farebox)).toMatchObject({ customers: 0 })
  await convergeCustomer(farebox, customer)
  expect(told).toEqual([`trial.ending trial-ending:${sub}:${end}`])
})

it('reminds at once of a trial that was shortened, and never of one that has ended', async () => {
  const { world, farebox, told, sub } = await beginTrial()
  const soon = Math.floor((world.clock.now() + hour) / 1000)
  await world.client.subscriptions.update(sub, { trial_end: soon })
  await convergeCustomer(farebox, customer)
  expect(told.splice(0)).toEqual([`trial.ending trial-ending:${sub}:${soon * 1000}`])

  const other = await beginTrial()
  await other.world.client.subscriptions.update(other.sub, { trial_end: 'now' })
  await convergeCustomer(other.farebox, customer)
  other.world.simulator.clock.advance({ days: 15 })
  await sweepStore(other.farebox)
  expect(other.told).toEqual([])
})

it('reminds of no trial whose prolongation nobody heard of, and waits while Stripe cannot be asked', async () => {
  const { world, farebox, told, sub, end } = await beginTrial()
  await world.client.subscriptions.update(sub, { trial_end: Math.floor((end + 10 * day) / 1000) })
  world.simulator.clock.advance({ to: end - 3 * day })
  const refused = stripePayments({ client: clientOf(world.simulator, () => Promise.reject(new Error('down'))), webhookSecret })
  expect(await sweepStore({ ...farebox, payments: refused })).toMatchObject({ customers: 0 })
  expect(told).toEqual([])
  expect(await sweepStore(farebox)).toMatchObject({ customers: 1 })
  expect(told).toEqual([])
  world.simulator.clock.advance({ to: end + 7 * day })
  await sweepStore(farebox)
  expect(told).toEqual([`trial.ending trial-ending:${sub}:${end + 10 * day}`])
})

it('tells from the records where Stripe refuses to be read', async () => {
  const { world, farebox, told, sub, end } = await beginTrial()
  world.simulator.clock.advance({ to: end - 3 * day })
  const { payments } = farebox
  if (payments === null) throw new Error('There are payments')
  const refusing = { ...payments, readCustomer: () => Promise.reject(new FareboxError('payments-failed', 'Refused', { reason: 'account_closed' })) }
  expect(await sweepStore({ ...farebox, payments: refusing })).toMatchObject({ customers: 1 })
  expect(told).toEqual([`trial.ending trial-ending:${sub}:${end}`])
})

it('tells of no lost access where the webhook of the payment was lost', async () => {
  const { world, farebox, told, cus } = await begin()
  world.simulator.setCard(cus, failing)
  world.simulator.clock.advance({ months: 1 })
  await convergeCustomer(farebox, customer)
  told.length = 0
  world.simulator.setCard(cus, good)
  world.simulator.clock.advance({ days: 7 })
  await sweepStore(farebox)
  expect(told.map((line) => line.split(' ')[0])).toEqual(['payment.recovered'])
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'basic', status: 'active', notices: [] })
})

it('reminds of a card that ends, a month before, once for all subscriptions that it pays', async () => {
  const { world, farebox, told, cus } = await begin()
  const [price] = [...world.prices.values()]
  world.simulator.setCard(cus, good)
  await world.client.subscriptions.create({ customer: cus, items: [{ price: price ?? '' }] })
  await convergeCustomer(farebox, customer)
  const { card } = (await world.store.records.load(customer, ['subscriptions'])).rows.subscriptions[0]?.value ?? { card: null }
  const end = card?.expiresAt ?? 0
  expect(new Date(end).toISOString().slice(5)).toBe('01-01T00:00:00.000Z')
  world.simulator.clock.advance({ to: end - 31 * day })
  await convergeCustomer(farebox, customer)
  told.length = 0
  world.simulator.clock.advance({ to: end - 30 * day })
  await sweepStore(farebox)
  await sweepStore(farebox)
  expect(told).toEqual([`card.expiring card-expiring:${customer}:visa:4242:${end}`])
  expect(await noticesOf(farebox)).toEqual([`card-expiring ${new Date(end).toISOString().slice(0, 10)}`])
})

it('tells of the end of a subscription, with what Stripe says of why, and of none that ended long before', async () => {
  const { farebox, told, sub } = await begin()
  const ends: unknown[] = []
  farebox.events.on('subscription.ended', ({ data }) => void ends.push(data.subscription.endReason), 'reason')
  await cancelSubscription(farebox, { customer, when: 'now' })
  await convergeCustomer(farebox, customer)
  expect(told).toEqual([`subscription.ended subscription-ended:${sub}`])
  expect(ends).toEqual(['requested'])

  const old = await createPlanWorld()
  const cus = (await old.client.customers.create({ metadata: { farebox_customer: customer } })).id
  const first = old.process()
  await buyPlan(old, first, 'basic')
  const [bought] = await subscriptionsOf(old)
  await old.client.subscriptions.cancel(bought?.id ?? '')
  old.simulator.clock.advance({ days: 36 })
  const late = listen(first, [])
  await convergeCustomer(first, customer)
  expect([cus, late]).toEqual([expect.any(String), []])
})

it('leaves what nobody in this process listens to for one that does', async () => {
  const { world, farebox, told, cus } = await begin()
  world.simulator.setCard(cus, failing)
  world.simulator.clock.advance({ months: 1 })
  const deaf = world.process()
  await convergeCustomer(deaf, customer)
  await convergeCustomer(deaf, customer)
  expect(told).toEqual([])
  expect(world.logged.filter(({ fields }) => fields['event'] === 'payment.failed')).toHaveLength(1)
  await convergeCustomer(farebox, customer)
  expect(told.map((line) => line.split(' ')[0])).toEqual(['payment.failed'])
})

it('reads a customer again whose event failed until Stripe sent it no more', async () => {
  const { world, farebox, told, cus } = await begin()
  const [subscription] = await subscriptionsOf(world)
  await world.client.subscriptions.cancel(subscription?.id ?? '')
  const { payments } = farebox
  if (payments === null) throw new Error('There are payments')
  const down = { ...payments, readCustomer: () => Promise.reject(new FareboxError('unavailable', 'Down')) }
  const event = await getEvent(world, 'customer.subscription.deleted')
  expect(await world.deliver({ ...farebox, payments: down }, event)).toMatchObject({ kind: 'failed' })
  expect(cus).toMatch(/^cus_/)
  expect(await sweepStore(farebox)).toMatchObject({ events: 0 })
  world.simulator.clock.advance({ days: 3 })
  expect(await sweepStore({ ...farebox, payments: down })).toMatchObject({ events: 0 })
  expect(await checkHealth(farebox)).toMatchObject({ status: 'degraded' })
  expect(await sweepStore(farebox)).toMatchObject({ events: 1 })
  expect(told.map((line) => line.split(' ')[0])).toEqual(['subscription.ended'])
  expect(await checkHealth(farebox)).toMatchObject({ status: 'ok' })
})

it('takes the moved address of an invoice for no change', async () => {
  const { world, farebox, cus } = await begin()
  world.simulator.setCard(cus, failing)
  world.simulator.clock.advance({ months: 1 })
  await convergeCustomer(farebox, customer)
  const changes: unknown[] = []
  const { payments } = farebox
  if (payments === null) throw new Error('There are payments')
  farebox.events.on('subscription.changed', ({ data }) => void changes.push(data))
  const moved = {
    ...payments,
    async readCustomer(id: string) {
      const reading = await payments.readCustomer(id)
      return { ...reading, subscriptions: reading.subscriptions.map((item) => ({ ...item, payment: item.payment && { ...item.payment, hostedUrl: 'https://moved/' } })) }
    },
  }
  await convergeCustomer({ ...farebox, payments: moved }, customer)
  expect(changes).toEqual([])
  expect((await getSnapshot(farebox, { customer, canManageBilling: true })).notices).toContainEqual(expect.objectContaining({ url: 'https://moved/' }))
})

async function beginTrial(): Promise<{ world: World; farebox: Context; told: string[]; sub: string; end: number }> {
  const world = await createWorld()
  const farebox = world.process()
  const told = listen(farebox, [])
  await buy(world, farebox, customer)
  await convergeCustomer(farebox, customer)
  const { id = '', trialEnd = null } = (await world.store.records.load(customer, ['subscriptions'])).rows.subscriptions[0]?.value ?? {}
  return { world, farebox, told, sub: id, end: trialEnd ?? 0 }
}
