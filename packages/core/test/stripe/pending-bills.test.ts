import { stripePayments } from '@farebox/core/drivers/stripe'
import { expect, it } from 'vitest'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { changePlan } from '../../src/use-cases/subscription/change-plan.ts'
import { pauseSubscription } from '../../src/use-cases/subscription/pause-subscription.ts'
import { resumeSubscription } from '../../src/use-cases/subscription/resume-subscription.ts'
import { type PaidPlan, type PlanWorld, buyPlan, createPlanWorld, customer, invoicesOf, liveItems, plans, subscriptionsOf } from './plans.ts'
import { paymentCustomerOf } from './scene.ts'
import { clientOf, webhookSecret } from './world.ts'

const day = 86_400_000
const rule = { when: 'now', proration: 'next-invoice' } as const
const moves = { ...plans.moves, upgrade: rule, downgrade: rule }

/** A customer of a catalog that settles every move at once with the next invoice, who moves after half of the first month. */
async function moveHalfway(from: PaidPlan, to: PaidPlan): Promise<{ readonly world: PlanWorld; readonly farebox: Context }> {
  const world = await createPlanWorld()
  const farebox: Context = { ...world.process(), catalog: { ...plans, moves } }
  await buyPlan(world, farebox, from)
  await convergeCustomer(farebox, customer)
  world.simulator.clock.advance({ days: 14 })
  expect(await changePlan(farebox, { customer, plan: to })).toMatchObject({ kind: 'changed', plan: to })
  return { world, farebox }
}

/** A customer who has bought Basic, and what makes an item for the next invoice: the customer's, or the subscription's own. */
async function boughtWithItem() {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'basic')
  await convergeCustomer(farebox, customer)
  const [bought] = await subscriptionsOf(world)
  const customers = { customer: await paymentCustomerOf(world, customer), amount: 700, currency: 'usd' }
  return { world, farebox, item: { customers, own: { subscription: bought?.id ?? '' } } }
}

it('bills what an upgrade has put off before a rest that lasts over the renewal', async () => {
  const { world, farebox } = await moveHalfway('basic', 'plus')
  await pauseSubscription(farebox, { customer, until: world.clock.now() + 20 * day })
  expect(await invoicesOf(world)).toEqual(['1000 paid', '1000 paid'])
  world.simulator.clock.advance({ days: 21 })
  await convergeCustomer(farebox, customer)
  expect(await invoicesOf(world)).toEqual(['1000 paid', '1000 paid', '3000 void'])
})

it('keeps for the customer what a downgrade has given back', async () => {
  const { world, farebox } = await moveHalfway('plus', 'basic')
  await pauseSubscription(farebox, { customer, until: world.clock.now() + 20 * day })
  world.simulator.clock.advance({ days: 21 })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'basic' })
  expect(await invoicesOf(world)).toEqual(['3000 paid', '-1000 paid', '1000 void', '1000 paid'])
  const [latest] = (await world.client.invoices.list({ limit: 1 })).data
  expect(latest).toMatchObject({ amount_due: 0, starting_balance: -1000 })
})

it('bills it before a rest without an end too, since nobody need come back', async () => {
  const { world, farebox } = await moveHalfway('basic', 'plus')
  expect(await pauseSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'free' })
  expect(await invoicesOf(world)).toEqual(['1000 paid', '1000 paid'])
  expect((await subscriptionsOf(world)).map(({ status }) => status)).toEqual(['paused'])
  expect(await pauseSubscription(world.process(), { customer })).toMatchObject({ kind: 'unchanged' })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect(await invoicesOf(world)).toEqual(['1000 paid', '1000 paid', '3000 paid'])
})

it.each([['without an end', null], ['over the renewal', 20 * day]])('goes on collecting it where the card is declined (%s)', async (_, length) => {
  const { world, farebox } = await moveHalfway('basic', 'plus')
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4000000000000341')
  const until = length === null ? null : world.clock.now() + length
  expect(await pauseSubscription(farebox, { customer, until })).toMatchObject({ kind: 'changed', plan: 'free' })
  expect(await invoicesOf(world)).toEqual(['1000 paid', '1000 open'])
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4242424242424242')
  world.simulator.clock.advance({ days: 9 })
  expect(await invoicesOf(world)).toEqual(['1000 paid', '1000 paid'])
})

it('bills it once, whoever dies on the way', async () => {
  const { world, farebox } = await moveHalfway('basic', 'plus')
  let requests = 0
  for (let dies = 1; dies < 20; dies += 1) {
    const client = clientOf(world.simulator, async () => {
      requests += 1
      if (requests === dies) throw new Error('cut off')
    })
    requests = 0
    await pauseSubscription({ ...world.process({ client }), catalog: { ...plans, moves } }, { customer, until: world.clock.now() + 20 * day }).catch(() => undefined)
  }
  await convergeCustomer(farebox, customer)
  expect(await invoicesOf(world)).toEqual(['1000 paid', '1000 paid'])
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free', notices: [{ kind: 'paused' }] })
})

it('sends it to who pays by invoice, and taxes it', async () => {
  const world = await createPlanWorld({ isTaxed: true })
  const farebox: Context = { ...world.process(), catalog: { ...plans, moves } }
  await buyPlan(world, farebox, 'basic')
  const [bought] = await subscriptionsOf(world)
  await world.client.subscriptions.update(bought?.id ?? '', { collection_method: 'send_invoice', days_until_due: 30 })
  world.simulator.clock.advance({ days: 14 })
  await changePlan(farebox, { customer, plan: 'plus' })
  await pauseSubscription(farebox, { customer, until: world.clock.now() + 20 * day })
  const [invoice] = (await world.client.invoices.list({ limit: 1 })).data
  expect(invoice).toMatchObject({ status: 'open', total: 1200, collection_method: 'send_invoice', due_date: world.clock.now() / 1000 + 30 * 86_400 })
})

it.each([
  ['that is the subscription\'s', true, 40 * day, ['1000 paid', '700 paid', '1000 void']],
  ['that is the customer\'s', false, 40 * day, ['1000 paid', '700 paid', '1000 void']],
  ['that is the customer\'s, where nobody says until when it rests', false, null, ['1000 paid', '700 paid']],
])('bills what the app put on the next invoice before a rest: %s', async (_, isOfSubscription, length, invoices) => {
  const { world, farebox, item } = await boughtWithItem()
  await world.client.invoiceItems.create({ ...item.customers, ...(isOfSubscription && item.own) })
  const until = length === null ? null : world.clock.now() + length
  expect(await pauseSubscription(farebox, { customer, until })).toMatchObject({ kind: 'changed', plan: 'free' })
  world.simulator.clock.advance({ days: 39 })
  expect(await invoicesOf(world)).toEqual(invoices)
  expect(await pauseSubscription(farebox, { customer, until })).toMatchObject({ kind: 'unchanged' })
})

it('bills apart what is the subscription\'s and what is the customer\'s, each once, whoever dies on the way', async () => {
  const { world, item } = await boughtWithItem()
  await world.client.invoiceItems.create({ ...item.customers, ...item.own })
  await world.client.invoiceItems.create({ ...item.customers, amount: 300 })
  let requests = 0
  for (let dies = 1; dies < 20; dies += 1) {
    const client = clientOf(world.simulator, async () => {
      requests += 1
      if (requests === dies) throw new Error('cut off')
    })
    requests = 0
    await pauseSubscription(world.process({ client }), { customer, until: world.clock.now() + 40 * day }).catch(() => undefined)
  }
  expect(await invoicesOf(world)).toEqual(['1000 paid', '700 paid', '300 paid'])
  expect(await getSnapshot(world.process(), { customer })).toMatchObject({ plan: 'free', notices: [{ kind: 'paused' }] })
})

it('bills what comes to nothing together: a coupon takes something off one part of it alone', async () => {
  const { world, farebox, item } = await boughtWithItem()
  const coupon = await world.client.coupons.create({ percent_off: 50, duration: 'forever' })
  await world.client.subscriptions.update(item.own.subscription, { discounts: [{ coupon: coupon.id }] })
  await world.client.invoiceItems.create({ ...item.customers, ...item.own })
  await world.client.invoiceItems.create({ ...item.customers, ...item.own, amount: -700, discountable: false })
  await pauseSubscription(farebox, { customer, until: world.clock.now() + 40 * day })
  // Half of 7.00, less 7.00.
  expect(await invoicesOf(world)).toEqual(['1000 paid', '-350 paid'])
  expect(await world.client.customers.retrieve(await paymentCustomerOf(world, customer))).toMatchObject({ balance: -350 })
})

it('finds out for each of the two alone whether it was billed', async () => {
  const { world, item } = await boughtWithItem()
  await world.client.invoiceItems.create({ ...item.customers, ...item.own })
  const payments = stripePayments({ client: world.client, webhookSecret })
  const found = (parameters: Readonly<Record<string, unknown>>) =>
    payments.findStep({ subscription: item.own.subscription, operation: 'operation', index: 0, step: { name: 'bill-pending', parameters }, outcomes: [] })
  expect(await found(item.own)).toBeUndefined()
  expect(await found({ pending_invoice_items_behavior: 'include' })).toEqual({ kind: 'done' })
})

it('keeps as the customer\'s credit what the app has given back on the next invoice', async () => {
  const { world, farebox, item } = await boughtWithItem()
  await world.client.invoiceItems.create({ ...item.customers, amount: -300 })
  await pauseSubscription(farebox, { customer, until: world.clock.now() + 5 * day })
  expect(await invoicesOf(world)).toEqual(['1000 paid', '-300 paid'])
  world.simulator.clock.advance({ days: 35 })
  const [latest] = (await world.client.invoices.list({ limit: 1 })).data
  expect(latest).toMatchObject({ amount_due: 700, starting_balance: -300 })
})

it.each(['none', 'next-invoice'] as const)('gives a longer interval with its payment, also where nothing of the move is billed at once (%s)', async (proration) => {
  const world = await createPlanWorld()
  const farebox: Context = { ...world.process(), catalog: { ...plans, moves: { ...plans.moves, longerInterval: { when: 'now', proration } } } }
  await buyPlan(world, farebox, 'basic')
  await convergeCustomer(farebox, customer)
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4000000000000341')
  expect(await changePlan(farebox, { customer, plan: 'basic', interval: 'year' })).toMatchObject({ kind: 'action-required' })
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
  expect((await subscriptionsOf(world)).map(({ status }) => status)).toEqual(['active'])
})

it('bills nothing where all that is pending costs nothing', async () => {
  const { world, farebox, item } = await boughtWithItem()
  await world.client.invoiceItems.create({ ...item.customers, ...item.own, amount: 0 })
  await pauseSubscription(farebox, { customer, until: world.clock.now() + day })
  expect(await invoicesOf(world)).toEqual(['1000 paid'])
})
