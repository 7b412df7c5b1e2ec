import { expect, it } from 'vitest'
import type { InboxRow } from '../../src/ports/record-store.ts'
import { drainOutbox } from '../../src/use-cases/delivering/outbox.ts'
import { checkHealth } from '../../src/use-cases/healing/check-health.ts'
import { replayParked } from '../../src/use-cases/healing/replay.ts'
import { sweepStore } from '../../src/use-cases/healing/sweep.ts'
import { buy, expectLikeStripe, getEvent, paymentCustomerOf, rowsOf } from './scene.ts'
import { type World, clientOf, createGate, createWorld, yieldTimes } from './world.ts'

/** A world in which a process that was told to die is heard of no more once it has asked Stripe. */
async function createDeadlyWorld() {
  let dies: (() => void) | undefined
  const stripe = { isAway: false }
  const world = await createWorld({
    async onTheWay() {
      if (stripe.isAway) throw new TypeError('fetch failed')
      dies?.()
      if (dies !== undefined) await new Promise(() => undefined)
    },
  })
  await buy(world, world.process(), 'user_1')
  const event = await getEvent(world, 'invoice.paid')

  /** Lets a new process, or several at the same time, do something and die over it; a minute later none can be at it any more. */
  async function die(work: (process: ReturnType<World['process']>) => Promise<unknown>, many = 1): Promise<void> {
    let left = many
    const died = new Promise<void>((resolve) => (dies = () => void ((left -= 1) === 0 && resolve())))
    for (let process = 0; process < many; process += 1) void work(world.process())
    await died
    dies = undefined
    world.simulator.clock.advance({ minutes: 1 })
  }
  return { world, event, die, stripe }
}

async function noteOf(world: World): Promise<InboxRow | undefined> {
  return (await rowsOf(world, 'user_1')).inbox[0]?.value
}

it('puts an event aside over which one process after the other dies, tells of it, and heals by a replay', async () => {
  const { world, event, die } = await createDeadlyWorld()
  await die((process) => world.deliver(process, event))
  expect(await noteOf(world)).toBeUndefined()
  for (let tries = 1; tries <= 8; tries += 1) {
    world.simulator.clock.advance({ hours: 1 })
    await die((process) => world.deliver(process, event))
    expect(await noteOf(world)).toMatchObject({ state: 'failed', attempts: 0, begun: tries })
    expect((await checkHealth(world.process())).parts.webhooks).toBe('ok')
  }
  const farebox = world.process()
  const parked: unknown[] = []
  farebox.events.on('event.parked', ({ data }) => void parked.push(data))
  const failure = 'unavailable:interrupted'
  // It is not tried again, so nobody dies.
  expect(await world.deliver(farebox, event)).toMatchObject({ kind: 'parked', failure })
  expect(await world.deliver(farebox, event)).toMatchObject({ kind: 'parked', failure })
  await drainOutbox(farebox, 'user_1')
  expect(parked).toEqual([{ event: event.id, type: 'invoice.paid', failure }])
  expect((await checkHealth(farebox)).parts.webhooks).toBe('degraded')

  await die(replayParked)
  expect(await noteOf(world)).toMatchObject({ state: 'parked' })
  expect(await replayParked(farebox)).toMatchObject([{ event: event.id, kind: 'applied' }])
  expect((await checkHealth(farebox)).parts.webhooks).toBe('ok')
  await expectLikeStripe(world, 'user_1')
})

it('counts only what follows without an end between', async () => {
  const { world, event, die } = await createDeadlyWorld()
  world.simulator.clock.advance({ hours: 1 })
  for (let tries = 0; tries < 7; tries += 1) await die((process) => world.deliver(process, event))
  expect(await world.deliver(world.process(), event)).toMatchObject({ kind: 'applied' })
  expect(await noteOf(world)).toMatchObject({ state: 'done' })
  expect(await noteOf(world)).not.toHaveProperty('begun')
})

it('begins to count anew where somebody failed and told of it', async () => {
  const { world, event, die, stripe } = await createDeadlyWorld()
  world.simulator.clock.advance({ hours: 1 })
  for (let tries = 0; tries < 7; tries += 1) await die((process) => world.deliver(process, event))
  stripe.isAway = true
  expect(await world.deliver(world.process(), event)).toMatchObject({ kind: 'failed' })
  expect(await noteOf(world)).not.toHaveProperty('begun')
  stripe.isAway = false
  await die((process) => world.deliver(process, event))
  expect(await noteOf(world)).toMatchObject({ state: 'failed', begun: 1 })
})

it('counts whoever begins with an event that does not say when it happened', async () => {
  const { world, event, die } = await createDeadlyWorld()
  const { created: _created, ...undated } = event
  await die((process) => world.deliver(process, undated))
  expect(await noteOf(world)).toMatchObject({ state: 'failed', begun: 1 })
})

it('counts all who are at an event at the same time as one, and puts nothing aside that somebody may yet end', async () => {
  const { world, event, die } = await createDeadlyWorld()
  world.simulator.clock.advance({ hours: 1 })
  for (let tries = 1; tries <= 7; tries += 1) {
    await die((process) => world.deliver(process, event), 2)
    expect(await noteOf(world)).toMatchObject({ state: 'failed', begun: tries })
  }
  const outcomes = await Promise.all(Array.from({ length: 12 }, () => world.deliver(world.process(), event)))
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['applied', 'duplicate']))
  expect(await noteOf(world)).toMatchObject({ state: 'done' })
  await expectLikeStripe(world, 'user_1')
})

it('lets one of several sweeps take up what was given up', async () => {
  const { world, event, die } = await createDeadlyWorld()
  world.simulator.clock.advance({ hours: 1 })
  await die((process) => world.deliver(process, event))
  world.simulator.clock.advance({ days: 4 })
  const sweeps = await Promise.all(Array.from({ length: 9 }, () => sweepStore(world.process())))
  expect(sweeps.reduce((sum, { events }) => sum + events, 0)).toBe(1)
  expect(await noteOf(world)).toMatchObject({ state: 'done' })
})

it('leaves to a sweep what it took up within the last minute', async () => {
  const { world, event, die } = await createDeadlyWorld()
  world.simulator.clock.advance({ hours: 1 })
  await die((process) => world.deliver(process, event))
  world.simulator.clock.advance({ days: 4 })
  const gate = createGate()
  const slow = clientOf(world.simulator, () => gate.passed)
  const first = sweepStore(world.process({ client: slow }))
  await yieldTimes(20)
  world.simulator.clock.advance({ seconds: 50 })
  expect(await sweepStore(world.process())).toMatchObject({ events: 0 })
  expect(await noteOf(world)).toMatchObject({ state: 'failed', begun: 2 })
  gate.open()
  expect(await first).toMatchObject({ events: 1 })
})

it('counts no sweep that Stripe does not answer', async () => {
  const { world, event, die, stripe } = await createDeadlyWorld()
  world.simulator.clock.advance({ hours: 1 })
  await die((process) => world.deliver(process, event))
  world.simulator.clock.advance({ days: 4 })
  stripe.isAway = true
  for (let sweeps = 0; sweeps < 9; sweeps += 1) expect(await sweepStore(world.process())).toMatchObject({ events: 0 })
  expect(await noteOf(world)).toMatchObject({ state: 'failed' })
  expect(await noteOf(world)).not.toHaveProperty('begun')
  stripe.isAway = false
  expect(await sweepStore(world.process())).toMatchObject({ events: 1 })
})

it('asks Stripe and the store no more often for an event that comes in time', async () => {
  const { world, event } = await createDeadlyWorld()
  const { records } = world.store
  let calls = 0
  const counted: typeof records = {
    ...records,
    load: (...request) => ((calls += 1), records.load(...request)),
    commit: (...request) => ((calls += 1), records.commit(...request)),
    find: (request) => ((calls += 1), records.find(request)),
  }
  world.simulator.clock.advance({ seconds: 59 })
  const farebox = world.process({ store: { ...world.store, records: counted } })
  await world.deliver(farebox, event)
  // The link is looked up once, then a load and a commit.
  expect(calls).toBe(3)
})

it('puts an event aside over which one sweep after the other dies', async () => {
  const { world, event, die } = await createDeadlyWorld()
  world.simulator.clock.advance({ hours: 1 })
  await die((process) => world.deliver(process, event))
  world.simulator.clock.advance({ days: 4 })
  for (let tries = 2; tries <= 8; tries += 1) {
    await die(sweepStore)
    expect(await noteOf(world)).toMatchObject({ state: 'failed', begun: tries })
  }
  expect(await sweepStore(world.process())).toMatchObject({ events: 0 })
  expect(await noteOf(world)).toMatchObject({ state: 'parked', failure: 'unavailable:interrupted' })
  expect(await replayParked(world.process())).toMatchObject([{ event: event.id, kind: 'applied' }])
  await expectLikeStripe(world, 'user_1')
})

it('puts an event aside that Stripe gave up and whose customer it refuses to tell of, so that it keeps no other from being read', async () => {
  const { world, event } = await createDeadlyWorld()
  const paymentCustomer = await paymentCustomerOf(world, 'user_1')
  await world.client.customers.update(paymentCustomer, { metadata: { farebox_customer: 'somebody-else' } })
  expect(await world.deliver(world.process(), event)).toMatchObject({ kind: 'failed' })
  world.simulator.clock.advance({ days: 4 })
  for (let attempts = 2; attempts <= 8; attempts += 1) {
    expect(await noteOf(world)).toMatchObject({ state: 'failed', attempts: attempts - 1 })
    expect(await sweepStore(world.process())).toMatchObject({ events: 0 })
  }
  expect(await noteOf(world)).toMatchObject({ state: 'parked', failure: 'payments-failed:customer-mismatch' })
})
