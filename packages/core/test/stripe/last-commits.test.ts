import type { Store } from '@farebox/core'
import { expect, it } from 'vitest'
import type { Milliseconds } from '../../src/domain/instant.ts'
import { grantUsage } from '../../src/use-cases/admin/grant-usage.ts'
import { buy, expectLikeStripe, getEvent, paymentCustomerOf, rowsOf } from './scene.ts'
import { type World, createWorld } from './world.ts'

const customer = 'user_1'

/** The same store, and how often it was asked what. */
function countedStore({ usage, records }: Store): { readonly store: Store; readonly calls: string[] } {
  const calls: string[] = []
  const counted: Store['records'] = {
    label: records.label,
    find: (query) => records.find(query),
    forget: (id) => records.forget(id),
    load: (id, collections, only) => {
      calls.push('load')
      return records.load(id, collections, only)
    },
    async commit(id, writes) {
      const outcome = await records.commit(id, writes)
      calls.push(outcome.kind)
      return outcome
    },
  }
  return { store: { usage, records: counted }, calls }
}

/** A customer whose subscription a process has just stored. */
async function createKnown() {
  const world = await createWorld()
  const { store, calls } = countedStore(world.store)
  const farebox = world.process({ store })
  await buy(world, farebox, customer, 'team')
  const paid = await getEvent(world, 'invoice.paid')
  expect(await world.deliver(farebox, paid)).toMatchObject({ kind: 'applied' })
  calls.length = 0
  world.requests.count = 0
  return { world, farebox, calls, paid }
}

/** Something changes in Stripe; answers the event that tells of it. */
async function change(world: World, note: string): ReturnType<typeof getEvent> {
  const { data } = await world.client.subscriptions.list({ customer: await paymentCustomerOf(world, customer) })
  await world.client.subscriptions.update(data[0]?.id ?? '', { cancel_at_period_end: note.length % 2 === 1, metadata: { note } })
  return getEvent(world, 'customer.subscription.updated')
}

it('asks the store nothing of a customer that it has just committed itself', async () => {
  const { world, farebox, calls } = await createKnown()
  for (const note of ['a', 'bb', 'ccc']) {
    expect(await world.deliver(farebox, await change(world, note))).toMatchObject({ kind: 'applied' })
    await expectLikeStripe(world, customer)
  }
  expect(calls).toEqual(['committed', 'committed', 'committed'])
  expect((await rowsOf(world, customer)).customers[0]?.value).toMatchObject({ converged: 4 })
})

it('asks what became of an event that it has seen, and asks Stripe nothing', async () => {
  const { world, farebox, calls, paid } = await createKnown()
  expect(await world.deliver(farebox, paid)).toEqual({ kind: 'duplicate', customer })
  expect(calls).toEqual(['load'])
  expect(world.requests.count).toBe(0)
})

it('asks where an event may have been sent before', async () => {
  const { world, farebox, calls } = await createKnown()
  const late = await change(world, 'a')
  world.simulator.clock.advance({ minutes: 2 })
  calls.length = 0
  expect(await world.deliver(farebox, late)).toMatchObject({ kind: 'applied' })
  expect(calls[0]).toBe('load')
})

it('asks a minute later', async () => {
  const { world, farebox, calls } = await createKnown()
  world.simulator.clock.advance({ minutes: 1 })
  const event = await change(world, 'a')
  expect(await world.deliver(farebox, event)).toMatchObject({ kind: 'applied' })
  expect(calls).toEqual(['load', 'committed'])
})

it('does not take the time that an answer was on its way for none at all', async () => {
  const world = await createWorld()
  let onTheWay: Milliseconds = 0
  const records: Store['records'] = {
    ...world.store.records,
    async commit(id, writes) {
      const outcome = await world.store.records.commit(id, writes)
      if (onTheWay > 0) world.simulator.clock.advance({ to: world.clock.now() + onTheWay })
      return outcome
    },
  }
  const farebox = world.process({ store: { usage: world.store.usage, records } })
  await buy(world, farebox, customer, 'team')
  for (const time of [50_000, 40 * 86_400_000]) {
    onTheWay = time
    expect(await world.deliver(farebox, await change(world, String(time)))).toMatchObject({ kind: 'applied' })
    onTheWay = 0
    expect(await world.deliver(farebox, await change(world, `after ${time}`))).toMatchObject({ kind: 'applied' })
    expect((await rowsOf(world, customer)).customers[0]?.value.convergedAt).toBe(world.clock.now())
  }
})

it('reads again where others have committed meanwhile, however often, and trusts nothing for a minute', async () => {
  const { world, farebox, calls } = await createKnown()
  const other = world.process()
  for (const note of ['a', 'bb', 'ccc']) expect(await world.deliver(other, await change(world, note))).toMatchObject({ kind: 'applied' })
  const last = await change(world, 'dddd')
  world.requests.count = 0
  // Of three that were committed meanwhile none is known to have been read after this change.
  expect(await world.deliver(farebox, last)).toMatchObject({ kind: 'applied' })
  await expectLikeStripe(world, customer)
  expect(calls).toEqual(['conflict', 'load', 'committed'])
  expect(await world.deliver(farebox, await change(world, 'eeeee'))).toMatchObject({ kind: 'applied' })
  expect(calls.slice(3)).toEqual(['load', 'committed'])
  world.simulator.clock.advance({ minutes: 1 })
  await world.deliver(farebox, await change(world, 'ffffff'))
  await world.deliver(farebox, await change(world, 'ggggggg'))
  expect(calls.slice(5)).toEqual(['load', 'committed', 'committed'])
})

it('finds an event done that another process has received at the same time', async () => {
  const { world, farebox, calls } = await createKnown()
  const event = await change(world, 'a')
  await world.deliver(world.process(), event)
  expect(await world.deliver(farebox, event)).toEqual({ kind: 'duplicate', customer })
  expect(calls).toEqual(['conflict', 'load'])
})

it('asks after it has changed the customer itself in another way', async () => {
  const { world, farebox, calls } = await createKnown()
  await grantUsage(farebox, { customer, feature: 'apiCalls', amount: 5, key: 'sorry' })
  calls.length = 0
  await world.deliver(farebox, await change(world, 'a'))
  expect(calls).toEqual(['load', 'committed'])
  const { rows } = await world.store.records.load(customer, ['grants'])
  expect(rows.grants).toHaveLength(1)
})

it('asks while something waits in the outbox', async () => {
  const { world, farebox, calls } = await createKnown()
  farebox.events.on('subscription.changed', () => undefined)
  expect(await world.deliver(farebox, await change(world, 'a'))).toMatchObject({ pending: true })
  calls.length = 0
  expect(await world.deliver(farebox, await change(world, 'bb'))).toMatchObject({ pending: true })
  expect(calls[0]).toBe('load')
})

it('takes nothing for known once the customer was deleted in Stripe', async () => {
  const { world, farebox, calls } = await createKnown()
  await world.client.customers.del(await paymentCustomerOf(world, customer))
  expect(await world.deliver(farebox, await getEvent(world, 'customer.deleted'))).toMatchObject({ kind: 'applied' })
  calls.length = 0
  const [event] = (await world.events()).filter(({ type }) => type === 'customer.subscription.deleted')
  if (event !== undefined) await world.deliver(farebox, event)
  expect(calls).not.toContain('committed')
})

it('gives back nothing of a customer that was erased since it was committed', async () => {
  const { world, farebox, calls } = await createKnown()
  await grantUsage(farebox, { customer, feature: 'apiCalls', amount: 5, key: 'sorry' })
  await world.deliver(farebox, await change(world, 'a'))
  const { value: former } = (await rowsOf(world, customer)).customers[0] ?? {}
  const event = await change(world, 'bb')
  await world.store.records.forget(customer)
  calls.length = 0
  // Stripe still knows who it is.
  expect(await world.deliver(farebox, event)).toMatchObject({ kind: 'applied' })
  expect(calls[0]).toBe('conflict')
  await expectLikeStripe(world, customer)
  const { rows } = await world.store.records.load(customer, ['customers', 'grants'])
  expect(rows.grants).toEqual([])
  expect(former?.converged).toBe(2)
  expect(rows.customers[0]?.value.converged).toBe(1)
})

it('asks where its own clock was set back', async () => {
  const world = await createWorld()
  const { store, calls } = countedStore(world.store)
  let ahead: Milliseconds = 5000
  const farebox = { ...world.process({ store }), clock: { now: () => world.clock.now() + ahead } }
  await buy(world, farebox, customer, 'team')
  await world.deliver(farebox, await getEvent(world, 'invoice.paid'))
  calls.length = 0
  await world.deliver(farebox, await change(world, 'a'))
  ahead = 0
  await world.deliver(farebox, await change(world, 'bb'))
  expect(calls).toEqual(['committed', 'load', 'committed'])
})
