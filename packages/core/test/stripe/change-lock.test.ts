import type { CollectionName, Store } from '@farebox/core'
import { expect, it } from 'vitest'
import { ensurePaymentCustomer } from '../../src/use-cases/checkout/ensure-payment-customer.ts'
import { startCheckout } from '../../src/use-cases/checkout/start-checkout.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { type PlanWorld, addresses, buyPlan, createPlanWorld, customer, invoicesOf, liveItems, subscriptionsOf } from './plans.ts'
import { type Gate, createGate } from './world.ts'

const request = { customer, ...addresses }

interface HeldStore {
  readonly store: Store
  /** Opened where the first commit to the collection is about to be made, or was just made; what follows waits for `release`. */
  readonly reached: Gate
  readonly release: Gate
}

/** A store over which a process stops for a while right before or after it first writes to `collection`. */
function hold({ usage, records }: Store, moment: 'before' | 'after', collection: CollectionName): HeldStore {
  const reached = createGate()
  const release = createGate()
  let isFirst = true
  return {
    reached,
    release,
    store: {
      usage,
      records: {
        label: records.label,
        load: (who, collections, only) => records.load(who, collections, only),
        find: (query) => records.find(query),
        forget: (who) => records.forget(who),
        async commit(who, writes) {
          const isHeld = isFirst && writes.some((write) => write.collection === collection)
          if (isHeld) isFirst = false
          const outcome = isHeld && moment === 'before' ? undefined : await records.commit(who, writes)
          if (isHeld) {
            reached.open()
            await release.passed
          }
          return outcome ?? records.commit(who, writes)
        },
      },
    },
  }
}

/** As a person does in the dashboard, while nobody here knows. */
async function subscribeElsewhere(world: PlanWorld): Promise<void> {
  const paymentCustomer = await ensurePaymentCustomer(world.process(), customer)
  world.simulator.setCard(paymentCustomer, '4242424242424242')
  await world.client.subscriptions.create({ customer: paymentCustomer, items: [{ price: world.prices.get('basic:month') ?? '' }] })
}

async function sessionsOf(world: PlanWorld): Promise<readonly (string | null)[]> {
  return (await world.client.checkout.sessions.list()).data.map(({ status }) => status)
}

it('sells nothing where a change has begun since the customer was read', async () => {
  const world = await createPlanWorld()
  const held = hold(world.store, 'before', 'checkouts')
  const click = startCheckout(world.process({ store: held.store }), { ...request, plan: 'plus', interval: 'month' })
  const refusal = click.catch((error: unknown) => error)
  await held.reached.passed
  await subscribeElsewhere(world)
  expect(await subscribe(world.process(), { ...request, plan: 'max' })).toMatchObject({ kind: 'changed', plan: 'max' })
  held.release.open()
  expect(await refusal).toMatchObject({ code: 'already-subscribed' })
  expect(await sessionsOf(world)).toEqual([])
  expect(await subscriptionsOf(world)).toHaveLength(1)
})

it('begins nothing over a change that somebody else began while a former one was being finished', async () => {
  const world = await createPlanWorld()
  await buyPlan(world, world.process(), 'plus')
  world.simulator.clock.advance({ days: 3 })
  const first = hold(world.store, 'after', 'operations')
  const upgrade = subscribe(world.process({ store: first.store }), { ...request, plan: 'max' })
  await first.reached.passed
  // Makes what the first one has begun, and stops before it says so.
  const second = hold(world.store, 'before', 'operations')
  const downgrade = subscribe(world.process({ store: second.store }), { ...request, plan: 'basic' })
  await second.reached.passed
  first.release.open()
  expect(await upgrade).toMatchObject({ kind: 'changed', plan: 'max' })
  const third = hold(world.store, 'after', 'operations')
  const year = subscribe(world.process({ store: third.store }), { ...request, plan: 'max', interval: 'year' })
  await third.reached.passed
  second.release.open()
  expect(await downgrade).toMatchObject({ kind: 'scheduled', plan: 'basic' })
  third.release.open()
  expect(await year).toMatchObject({ kind: 'scheduled', plan: 'basic' })
  // Half a month of Max, then a year of it less that: nobody goes back to a month because it was read before.
  expect(await invoicesOf(world)).toEqual(['3000 paid', '5357 paid', '81964 paid'])
  expect(await liveItems(world)).toEqual(['max:year × 1'])
  world.simulator.clock.advance({ years: 1, hours: 2 })
  expect(await liveItems(world)).toEqual(['basic:year × 1'])
})

it('begins nothing in place of a change that was begun since the customer was read', async () => {
  const world = await createPlanWorld()
  await buyPlan(world, world.process(), 'basic')
  // The first change after a checkout takes its row along, which another one would miss.
  await subscribe(world.process(), { ...request, plan: 'plus' })
  const [late, begun] = [hold(world.store, 'before', 'operations'), hold(world.store, 'after', 'operations')]
  const downgrade = subscribe(world.process({ store: late.store }), { ...request, plan: 'basic' })
  await late.reached.passed
  const upgrade = subscribe(world.process({ store: begun.store }), { ...request, plan: 'max' })
  await begun.reached.passed
  late.release.open()
  expect(await downgrade).toMatchObject({ kind: 'scheduled', plan: 'basic' })
  // Made by the other one, since whoever began it may be dead.
  expect(await liveItems(world)).toEqual(['max:month × 1'])
  begun.release.open()
  expect(await upgrade).toMatchObject({ kind: 'scheduled', plan: 'basic' })
  expect(await invoicesOf(world)).toEqual(['1000 paid', '2000 paid', '6000 paid'])
})

it('lets nobody pay a page that was opened while a change was about to begin', async () => {
  const world = await createPlanWorld()
  const checkout = hold(world.store, 'before', 'checkouts')
  const change = hold(world.store, 'before', 'operations')
  const opening = startCheckout(world.process({ store: checkout.store }), { ...request, plan: 'plus', interval: 'month' })
  await checkout.reached.passed
  await subscribeElsewhere(world)
  const changing = subscribe(world.process({ store: change.store }), { ...request, plan: 'max' })
  await change.reached.passed
  checkout.release.open()
  expect(await opening).toMatchObject({ url: expect.stringMatching(/^http/) })
  expect(await sessionsOf(world)).toEqual(['open'])
  change.release.open()
  expect(await changing).toMatchObject({ kind: 'changed', plan: 'max' })
  expect(await sessionsOf(world)).toEqual(['expired'])
  expect(await subscriptionsOf(world)).toHaveLength(1)
})
