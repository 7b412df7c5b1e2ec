import { lookupKeyOf, planMetadata } from '@farebox/core/drivers/stripe'
import { expect, it } from 'vitest'
import { isFareboxError } from '../../src/errors/error.ts'
import { plansView } from '../../src/protocol/catalog-view.ts'
import { overridePlan } from '../../src/use-cases/admin/override-plan.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { checkAccess } from '../../src/use-cases/decisions/check-access.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { previewPlanChange } from '../../src/use-cases/subscription/preview-plan-change.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { addresses, customer } from './plans.ts'
import { buy, catalog, createPriceWorld } from './price-world.ts'
import { paymentCustomerOf } from './scene.ts'
import type { World } from './world.ts'

/** The invoices, oldest first, as `2900 usd paid`. */
async function invoicesOf(world: World): Promise<readonly string[]> {
  const invoices = await world.client.invoices.list({ limit: 100 }).autoPagingToArray({ limit: 1000 })
  return invoices.toReversed().map(({ total, currency, status }) => `${total} ${currency} ${status}`)
}

async function faultOf(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(() => 'nothing was wrong', (reason: unknown) => reason)
  return isFareboxError(error) ? [error.code, ...error.faults.map(({ path }) => path)] : error
}

/**
 * Amounts by hand. Graduated, 9.00 each up to 10 and 7.00 beyond: 12 seats are 10 × 9 + 2 × 7 = 104. Volume: 12 seats are
 * 12 × 7 = 84, and 10 seats 10 × 9 = 90, which is more than 12 of them cost. In euros 8.00 and 6.00.
 */
it.each([
  ['the usual currency unless another is asked for', { plan: 'pro' }, 1, '2900 usd paid'],
  ['another currency', { plan: 'pro', currency: 'eur' }, 1, '2700 eur paid'],
  ['another currency by the year', { plan: 'pro', interval: 'year', currency: 'eur' }, 1, '27000 eur paid'],
  ['the fewest seats that are sold', { plan: 'team' }, 3, '3600 usd paid'],
  ['more seats', { plan: 'team', quantity: 5 }, 5, '6000 usd paid'],
  ['seats by the year in euros', { plan: 'team', interval: 'year', quantity: 4, currency: 'eur' }, 4, '44000 eur paid'],
  ['one seat of the first tier', { plan: 'scale' }, 1, '900 usd paid'],
  ['a full first tier', { plan: 'scale', quantity: 10 }, 10, '9000 usd paid'],
  ['each seat by its own tier', { plan: 'scale', quantity: 12 }, 12, '10400 usd paid'],
  ['each seat by its own tier in euros', { plan: 'scale', quantity: 12, currency: 'eur' }, 12, '9200 eur paid'],
  ['all seats by the tier of their number', { plan: 'bulk', quantity: 12 }, 12, '8400 usd paid'],
  ['all seats by the last of the first tier', { plan: 'bulk', quantity: 10 }, 10, '9000 usd paid'],
  ['all seats by the tier of their number in euros', { plan: 'bulk', quantity: 11, currency: 'eur' }, 11, '6600 eur paid'],
] as const)('charges %s', async (_, request, quantity, invoice) => {
  const world = await createPriceWorld()
  const farebox = world.process()
  const session = await buy(world, farebox, { customer, ...request })
  expect(session.line_items?.data.map((line) => line.quantity)).toEqual([quantity])
  expect(await invoicesOf(world)).toEqual([invoice])
  await convergeCustomer(farebox, customer)
  expect(await getSnapshot(farebox, { customer })).toMatchObject({
    plan: request.plan, subscription: { quantity, currency: invoice.slice(-8, -5), discounts: [] },
  })
})

it.each([
  ['fewer seats than are sold', { plan: 'team', quantity: 2 }, ['quantity']],
  ['fewer seats than tiers are sold for', { plan: 'bulk', quantity: 1 }, ['quantity']],
  ['no seats', { plan: 'team', quantity: 0 }, ['quantity']],
  ['half a seat', { plan: 'team', quantity: 3.5 }, ['quantity']],
  ['more seats than anybody has', { plan: 'team', quantity: 1_000_001 }, ['quantity']],
  ['a currency that it is not sold in', { plan: 'dollars', currency: 'eur' }, ['currency']],
  ['a currency in capitals', { plan: 'pro', currency: 'EUR' }, ['currency']],
  ['all of it wrong', { plan: 'team', interval: 'year', quantity: 1, currency: 'gbp', promotionCode: 'no code' }, ['quantity', 'currency', 'promotionCode']],
] as const)('refuses %s', async (_, request, paths) => {
  const world = await createPriceWorld()
  expect(await faultOf(subscribe(world.process(), { customer, ...request, ...addresses }))).toEqual(['invalid-request', ...paths])
  expect(world.requests.count).toBe(0)
})

it('lets a customer who comes back choose a currency anew, and keeps the last one where nothing is chosen', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  await buy(world, farebox, { customer, plan: 'pro', currency: 'eur' })
  await cancelSubscription(farebox, { customer, when: 'now' })
  await buy(world, farebox, { customer, plan: 'pro' })
  await cancelSubscription(farebox, { customer, when: 'now' })
  // It is not sold in euros at all, and nobody is kept from buying for that.
  await buy(world, farebox, { customer, plan: 'dollars' })
  await cancelSubscription(farebox, { customer, when: 'now' })
  await buy(world, farebox, { customer, plan: 'team', currency: 'usd' })
  expect(await invoicesOf(world)).toEqual(['2700 eur paid', '2700 eur paid', '4900 usd paid', '3600 usd paid'])
})

it('sells in the currency of whatever else the customer is billed for', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  await buy(world, farebox, { customer, plan: 'pro', currency: 'eur' })
  await cancelSubscription(farebox, { customer, when: 'now' })
  const product = await world.client.products.create({ name: 'Magazine' })
  const price = await world.client.prices.create({ product: product.id, currency: 'eur', unit_amount: 500, recurring: { interval: 'month' } })
  const paymentCustomer = await paymentCustomerOf(world, customer)
  world.simulator.setCard(paymentCustomer, '4242424242424242')
  await world.client.subscriptions.create({ customer: paymentCustomer, items: [{ price: price.id }] })
  expect(await faultOf(subscribe(farebox, { customer, plan: 'dollars', ...addresses }))).toEqual(['invalid-request', 'plan'])
  await buy(world, farebox, { customer, plan: 'team', currency: 'usd' })
  expect((await invoicesOf(world)).at(-1)).toBe('3300 eur paid')
})

it('keeps the currency of a subscription, whatever is asked for', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  await buy(world, farebox, { customer, plan: 'team', currency: 'eur' })
  // A change stays in it as well; the plan that is not sold in it is refused, and nothing is touched.
  expect(await faultOf(subscribe(farebox, { customer, plan: 'dollars', ...addresses }))).toEqual(['invalid-request', 'plan'])
  expect(await subscribe(farebox, { customer, plan: 'scale', quantity: 3, ...addresses })).toMatchObject({ kind: 'changed', plan: 'scale' })
  expect((await world.client.subscriptions.list()).data.map(({ currency }) => currency)).toEqual(['eur'])
})

it('gives as many seats as are paid for, and charges more of them by what is left of the period', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  const limit = async (): Promise<unknown> => (await checkAccess(farebox, { customer, feature: 'seats' })).limit
  await buy(world, farebox, { customer, plan: 'team', quantity: 5 })
  await convergeCustomer(farebox, customer)
  expect(await limit()).toBe(5)
  world.simulator.clock.advance({ days: 14 })
  // 31 January to 28 February: half of 28 days for two more seats of 12 dollars.
  expect(await previewPlanChange(farebox, { customer, plan: 'team', quantity: 7 })).toMatchObject({ now: { total: 1200 }, next: { total: 8400 } })
  expect(await subscribe(farebox, { customer, plan: 'team', quantity: 7, ...addresses })).toMatchObject({ kind: 'changed' })
  expect(await invoicesOf(world)).toEqual(['6000 usd paid', '1200 usd paid'])
  expect(await limit()).toBe(7)
  expect(await faultOf(subscribe(farebox, { customer, plan: 'team', quantity: 2, ...addresses }))).toEqual(['invalid-request', 'quantity'])
  expect(await subscribe(farebox, { customer, plan: 'team', quantity: 3, ...addresses })).toMatchObject({ kind: 'scheduled' })
  expect(await limit()).toBe(7)
  const snapshot = await getSnapshot(farebox, { customer })
  expect(snapshot.entitlements['seats']?.terms).toEqual({ kind: 'seats', limit: 7 })
  world.simulator.clock.advance({ to: Date.parse(snapshot.subscription?.currentPeriodEnd ?? '') })
  await convergeCustomer(farebox, customer)
  expect(await limit()).toBe(3)
})

it('takes along what makes sense to another plan', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  await buy(world, farebox, { customer, plan: 'pro' })
  const move = async (plan: string): Promise<unknown> => {
    const outcome = await subscribe(farebox, { customer, plan, ...addresses })
    const { subscription } = await getSnapshot(farebox, { customer })
    if (outcome.kind === 'scheduled') world.simulator.clock.advance({ to: Date.parse(subscription?.currentPeriodEnd ?? '') })
    await convergeCustomer(farebox, customer)
    const [live] = (await world.client.subscriptions.list()).data
    return live?.items.data.map(({ price, quantity }) => `${price.nickname} × ${quantity}`)
  }
  // At least what the plan sells; as many as there are; one where nothing is paid by seat any more.
  expect(await move('team')).toEqual(['team:month × 3'])
  expect(await move('scale')).toEqual(['scale:month × 3'])
  expect(await move('bulk')).toEqual(['bulk:month × 3'])
  expect(await move('pro')).toEqual(['pro:month × 1'])
  expect(await move('bulk')).toEqual(['bulk:month × 2'])
  expect(await move('team')).toEqual(['team:month × 3'])
})

it('asks for nothing more when a plan that is there is picked again', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  await buy(world, farebox, { customer, plan: 'team', quantity: 4 })
  // Somebody made it two seats in Stripe: fewer than are sold, and still what is paid for.
  const [subscription] = (await world.client.subscriptions.list()).data
  await world.client.subscriptions.update(subscription?.id ?? '', { items: [{ id: subscription?.items.data[0]?.id ?? '', quantity: 2 }], proration_behavior: 'none' })
  expect(await subscribe(farebox, { customer, plan: 'team', ...addresses })).toEqual({ kind: 'unchanged', plan: 'team' })
  expect((await checkAccess(farebox, { customer, feature: 'seats' })).limit).toBe(2)
})

it('gives who has the plan for free the fewest seats that are sold', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  await overridePlan(farebox, { customer, plan: 'team', key: 'friends', until: null })
  expect((await checkAccess(farebox, { customer, feature: 'seats' })).limit).toBe(3)
})

it('tells a pricing table what a seat costs', () => {
  const { plans } = plansView(catalog)
  const priceOf = (key: string): unknown => plans.find((plan) => plan.key === key)?.prices.month
  expect(priceOf('pro')).toEqual({
    amount: 2900, currency: 'usd', tiers: null, perSeat: false, minimum: 1, tiersMode: null,
    options: [{ amount: 2900, currency: 'usd', tiers: null }, { amount: 2700, currency: 'eur', tiers: null }],
  })
  expect(priceOf('team')).toMatchObject({ amount: 1200, perSeat: true, minimum: 3 })
  expect(priceOf('bulk')).toEqual({
    amount: 900, currency: 'usd', perSeat: true, minimum: 2, tiersMode: 'volume',
    tiers: [{ upTo: 10, amount: 900 }, { upTo: null, amount: 700 }],
    options: [
      { amount: 900, currency: 'usd', tiers: [{ upTo: 10, amount: 900 }, { upTo: null, amount: 700 }] },
      { amount: 800, currency: 'eur', tiers: [{ upTo: 10, amount: 800 }, { upTo: null, amount: 600 }] },
    ],
  })
  expect(plans.find((plan) => plan.key === 'team')?.features['seats']).toEqual({ kind: 'seats', limit: null, paid: true })
})

function missing(plan: string): object {
  return {
    code: 'payments-failed', reason: 'price-missing', faults: [{ path: `plans.${plan}.prices.month` }],
    cause: { log: { lookupKey: lookupKeyOf(plan, 'month'), currency: 'eur', remedy: 'npx farebox push' } },
  }
}

it('says what to do where Stripe lacks a currency that the catalog sells, for the customer cannot help it', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  await buy(world, farebox, { customer, plan: 'pro', currency: 'eur' })
  await convergeCustomer(farebox, customer)
  for (const plan of ['team', 'pro'] as const) {
    const { data: [old] } = await world.client.prices.list({ lookup_keys: [lookupKeyOf(plan, 'month')] })
    if (typeof old?.product !== 'string') throw new Error('No price')
    await world.client.prices.create({
      product: old.product, currency: 'usd', unit_amount: 1200, recurring: { interval: 'month' }, lookup_key: lookupKeyOf(plan, 'month'), transfer_lookup_key: true,
      metadata: { [planMetadata]: plan },
    })
  }
  await expect(subscribe(farebox, { customer: 'other', plan: 'pro', currency: 'eur', ...addresses })).rejects.toMatchObject(missing('pro'))
  await expect(subscribe(farebox, { customer, plan: 'team', quantity: 3, ...addresses })).rejects.toMatchObject(missing('team'))
  await expect(previewPlanChange(farebox, { customer, plan: 'team', quantity: 3 })).rejects.toMatchObject(missing('team'))
  // What the catalog does not sell in it is the customer's choice, and who has a price goes on with it.
  await expect(previewPlanChange(farebox, { customer, plan: 'dollars' })).rejects.toMatchObject({ code: 'invalid-request', reason: 'currency-mismatch', faults: [{ path: 'plan' }] })
  expect(await subscribe(farebox, { customer, plan: 'pro', ...addresses })).toMatchObject({ kind: 'unchanged' })
})
