import type { Store } from '@farebox/core'
import { expect, it } from 'vitest'
import { FareboxError } from '../../src/errors/error.ts'
import { passReading } from '../../src/use-cases/billing/pass-cooldown.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { checkHealth } from '../../src/use-cases/healing/check-health.ts'
import { sweepStore } from '../../src/use-cases/healing/sweep.ts'
import { buy, getEvent, paymentCustomerOf, rowsOf } from './scene.ts'
import { type World, clientOf, createWorld } from './world.ts'

/** One sweep reads this many customers. */
const mostReads = 50

/** Stripe, which answers to nothing that is asked of these customers. */
function deafTo(world: World, paymentCustomers: ReadonlySet<string>): ReturnType<typeof clientOf> {
  const client = clientOf(world.simulator)
  const retrieve = client.customers.retrieve.bind(client.customers)
  const customers = Object.create(client.customers, {
    retrieve: { value: (id: string, params: object) => (paymentCustomers.has(id) ? Promise.reject(new Error('No answer')) : retrieve(id, params)) },
  })
  return Object.create(client, { customers: { value: customers } })
}

/** The same store, which takes nothing of one customer while `refuses` says so. */
function refusing({ usage, records }: Store, refuses: (customer: string) => boolean): Store {
  const commit: Store['records']['commit'] = (owner, writes) => {
    if (refuses(owner)) throw new FareboxError('unavailable', 'The store takes nothing of this customer')
    return records.commit(owner, writes)
  }
  return { usage, records: { label: records.label, load: records.load.bind(records), find: records.find.bind(records), forget: records.forget.bind(records), commit } }
}

function named(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `user_${String(index).padStart(2, '0')}`)
}

/** Customers with a trial, of whom a sweep has to ask Stripe because it is about to end. */
async function createTrials(count: number) {
  const world = await createWorld()
  const customers = named(count)
  const farebox = world.process()
  for (const customer of customers) {
    await buy(world, farebox, customer)
    await convergeCustomer(farebox, customer)
  }
  world.simulator.clock.advance({ days: 11, minutes: 1 })
  const ids = await Promise.all(customers.map((customer) => paymentCustomerOf(world, customer)))
  return { world, customers, ids }
}

async function readSince(world: World, customers: readonly string[], since: number): Promise<readonly string[]> {
  const read: string[] = []
  for (const customer of customers) {
    const { rows } = await world.store.records.load(customer, ['customers'])
    if ((rows.customers[0]?.value.convergedAt ?? 0) >= since) read.push(customer)
  }
  return read
}

it('reads others first where Stripe says nothing of those who have been due for longest', async () => {
  const { world, customers, ids } = await createTrials(mostReads + 5)
  const since = world.clock.now()
  const told: string[] = []
  const process = () => {
    const farebox = world.process({ client: deafTo(world, new Set(ids.slice(0, mostReads))) })
    farebox.events.on('trial.ending', ({ customer }) => void told.push(customer))
    return farebox
  }
  await sweepStore(process())
  expect(await readSince(world, customers, since)).toEqual([])
  await sweepStore(process())
  expect(await readSince(world, customers, since)).toEqual(customers.slice(mostReads))

  // Who was put off stays due, and is told as soon as Stripe answers.
  const healed = world.process()
  healed.events.on('trial.ending', ({ customer }) => void told.push(customer))
  expect(await sweepStore(healed)).toMatchObject({ customers: mostReads })
  expect(told.toSorted()).toEqual(customers)
})

it('tells of others where the store takes nothing of one customer', async () => {
  const { world, customers } = await createTrials(3)
  const since = world.clock.now()
  const store = refusing(world.store, (owner) => owner === 'user_00')
  expect(await sweepStore(world.process({ store }))).toMatchObject({ customers: 2 })
  expect(await readSince(world, customers, since)).toEqual(['user_01', 'user_02'])
  expect(world.logged).toContainEqual(expect.objectContaining({ fields: expect.objectContaining({ customer: 'user_00' }) }))
})

/** Customers of each of whom Stripe has given up an event. */
async function createGivenUp(count: number) {
  const world = await createWorld()
  const customers = named(count)
  const ids: string[] = []
  for (const customer of customers) {
    await buy(world, world.process(), customer)
    ids.push(await paymentCustomerOf(world, customer))
    const event = await getEvent(world, 'invoice.paid')
    expect(await world.deliver(world.process({ client: deafTo(world, new Set(ids)) }), event)).toMatchObject({ kind: 'failed' })
  }
  world.simulator.clock.advance({ days: 4 })
  return { world, ids }
}

it('takes up what was given up behind any number of events that Stripe still sends', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'zoe')
  const value = { type: 'invoice.paid', state: 'failed', attempts: 1, outcome: null, failure: 'unavailable', keepUntil: world.clock.now() + 35 * 86_400_000 } as const
  const { records } = world.store
  await records.commit('zoe', [{ collection: 'inbox', id: 'evt_old', value: { ...value, receivedAt: world.clock.now() - 4 * 86_400_000 } }])
  for (let index = 0; index < 2100; index += 1) {
    await records.commit(`a${index}`, [{ collection: 'inbox', id: `evt_${index}`, value: { ...value, receivedAt: world.clock.now() } }])
  }
  expect((await checkHealth(farebox)).parts.webhooks).toBe('degraded')
  expect((await sweepStore(farebox)).events).toBe(1)
  expect((await sweepStore(farebox)).events).toBe(0)
  expect((await rowsOf(world, 'zoe')).subscriptions).toHaveLength(1)
})

it('takes up others first where Stripe says nothing of whom was given up before', async () => {
  const { world, ids } = await createGivenUp(mostReads + 5)
  const process = () => world.process({ client: deafTo(world, new Set(ids.slice(0, mostReads))) })
  const done: number[] = []
  for (let sweep = 0; sweep < 2; sweep += 1) done.push((await sweepStore(process())).events)
  expect(done).toEqual([0, 5])
  expect(await sweepStore(world.process())).toMatchObject({ events: mostReads })
})

it('takes up what was given up of others where the store takes nothing of one customer', async () => {
  const { world } = await createGivenUp(3)
  const store = refusing(world.store, (owner) => owner === 'user_00')
  expect(await sweepStore(world.process({ store }))).toMatchObject({ events: 2 })
  expect(world.logged).toContainEqual(expect.objectContaining({ fields: { customer: 'user_00', failure: 'unavailable' } }))
  expect(await sweepStore(world.process())).toMatchObject({ events: 1 })
})

it('delivers and drops what is of others where the store takes nothing of one customer', async () => {
  const world = await createWorld()
  const customers = named(3)
  const farebox = world.process()
  farebox.events.on('subscription.changed', () => undefined)
  for (const customer of customers) {
    await buy(world, farebox, customer)
    await world.deliver(farebox, await getEvent(world, 'invoice.paid'))
  }
  const store = refusing(world.store, (owner) => owner === 'user_00')
  const process = world.process({ store })
  process.events.on('subscription.changed', () => undefined)
  expect(await sweepStore(process)).toMatchObject({ outbox: { delivered: 2, failed: 0 } })
  world.simulator.clock.advance({ days: 36 })
  expect(await sweepStore(process)).toMatchObject({ inbox: 2 })
})

it('counts looks by the clock of the store', async () => {
  const world = await createWorld()
  const farebox = world.process()
  let behind = 0
  const host = { ...farebox, clock: { now: () => world.clock.now() - behind } }
  const gate = { id: '1/minute', limit: 1, period: 60_000, burst: 1 }
  expect(await passReading(host, 'user_1', gate)).toBeNull()
  expect(await passReading(host, 'user_1', gate)).not.toBeNull()
  behind = 3_600_000
  world.simulator.clock.advance({ minutes: 2 })
  expect(await passReading(host, 'user_1', gate)).toBeNull()
})
