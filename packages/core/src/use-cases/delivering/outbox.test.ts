import { afterEach, expect, it, vi } from 'vitest'
import { createGate, createWorld, yieldTimes } from '../../../test/stripe/world.ts'
import type { PlanClaims } from '../../domain/plan-claims.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import type { Context } from '../context.ts'
import { changeEntitlements } from '../converging/change-entitlements.ts'
import { sweepStore } from '../healing/sweep.ts'
import { drainOutbox } from './outbox.ts'

const customer = 'user_1'

afterEach(() => {
  vi.useRealTimers()
})

/** Tells a fact, with a grant that names it. */
async function tell(context: Context, name: string, id = customer): Promise<void> {
  await changeEntitlements(context, id, ({ now }) => {
    const grant = { id: name, feature: 'apiCalls', amount: 1, priority: 50, effectiveAt: now, expiresAt: null, createdAt: now, voidedAt: null }
    return {
      writes: [{ collection: 'grants', id: name, expect: 0, value: grant }],
      facts: [{ name: 'grant.added', data: { grant } }],
      result: undefined,
    }
  })
}

it('delivers in order, and a handler that fails holds up nothing but its own queue', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const good: string[] = []
  const bad: string[] = []
  let isBroken = true
  const began = world.clock.now()
  farebox.events.on('grant.added', ({ data }) => void good.push(data.grant.id))
  farebox.events.on('grant.added', ({ id, data }) => {
    bad.push(`${id} ${data.grant.id}`)
    if (isBroken) throw new Error('canary: the handler\'s own trouble')
  })
  for (const name of ['a', 'b', 'c']) await tell(farebox, name)
  expect(await drainOutbox(farebox, customer)).toEqual({ delivered: 3, failed: 1 })
  expect(good).toEqual(['a', 'b', 'c'])
  expect(await drainOutbox(farebox, customer)).toEqual({ delivered: 0, failed: 0 })
  world.simulator.clock.advance({ seconds: 1 })
  expect(await drainOutbox(farebox, customer)).toEqual({ delivered: 0, failed: 1 })
  world.simulator.clock.advance({ seconds: 1 })
  expect(await drainOutbox(farebox, customer)).toEqual({ delivered: 0, failed: 0 })
  world.simulator.clock.advance({ seconds: 1 })
  isBroken = false
  expect(await sweepStore(farebox)).toMatchObject({ outbox: { delivered: 3, failed: 0 } })
  expect(bad).toEqual([`user_1:2:0:${began} a`, `user_1:2:0:${began} a`, `user_1:2:0:${began} a`, `user_1:3:0:${began} b`, `user_1:4:0:${began} c`])
  expect(JSON.stringify(world.logged)).not.toContain('canary')
})

it('delivers each fact once when many drain at the same time, and pauses at most an hour after failures', async () => {
  const world = await createWorld()
  const processes = Array.from({ length: 8 }, () => world.process())
  const told: string[] = []
  for (const context of processes) {
    context.events.on('grant.added', async ({ data }) => {
      await yieldTimes(3)
      told.push(data.grant.id)
    })
  }
  const [first] = processes
  if (first === undefined) throw new Error('There are eight')
  for (let index = 0; index < 20; index += 1) await tell(first, `grant_${index}`)
  await Promise.all(processes.map((context) => drainOutbox(context, customer)))
  for (const context of processes) await drainOutbox(context, customer)
  expect(told).toEqual(Array.from({ length: 20 }, (_, index) => `grant_${index}`))

  const failing = world.process()
  failing.events.on('plan.changed', () => Promise.reject(new Error('always')))
  await changeEntitlements(failing, customer, () => ({ writes: [], facts: [{ name: 'plan.changed', data: { from: 'a', to: 'b' } }], result: undefined }))
  let longest = 0
  for (let attempt = 0; attempt < 20; attempt += 1) {
    await drainOutbox(failing, customer)
    const { rows, now } = await world.store.records.load(customer, ['outbox'])
    longest = Math.max(longest, (rows.outbox[0]?.value.dueAt ?? 0) - now)
    world.simulator.clock.advance({ hours: 1 })
  }
  expect(longest).toBe(3_600_000)
})

it('keeps what this process has no handler for, until one comes that has', async () => {
  const world = await createWorld()
  const farebox = world.process({ claims: { write: async () => undefined } })
  farebox.events.on('grant.added', () => undefined)
  await tell(farebox, 'a')
  for (let round = 0; round < 3; round += 1) {
    expect(await sweepStore(world.process())).toMatchObject({ outbox: { delivered: 0, failed: 0 } })
  }
  expect(await drainOutbox(farebox, customer)).toEqual({ delivered: 2, failed: 0 })
})

it.each(['waits behind a handler that fails for ever', 'only another process can deliver'])('sweeps past what %s', async (reason) => {
  const world = await createWorld()
  const sweeping = world.process()
  const other = world.process()
  const told: string[] = []
  sweeping.events.on('grant.added', ({ customer: id }) => {
    if (id === customer) throw new Error('always')
    told.push(id)
  })
  other.events.on('grant.added', () => undefined, 'elsewhere')
  const teller = reason.startsWith('waits') ? sweeping : other
  for (let index = 0; index < 510; index += 1) await tell(teller, `grant_${index}`)
  await drainOutbox(teller === sweeping ? sweeping : world.process(), customer)
  world.simulator.clock.advance({ minutes: 2 })
  await tell(sweeping, 'one', 'user_2')
  await sweepStore(sweeping)
  await sweepStore(sweeping)
  expect(told).toEqual(['user_2'])
})

it('goes on with the rest at once when the first comes through after a failure', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const told: string[] = []
  let isBroken = true
  farebox.events.on('grant.added', ({ data }) => {
    if (isBroken) throw new Error('not yet')
    told.push(data.grant.id)
  })
  await tell(farebox, 'a')
  await drainOutbox(farebox, customer)
  for (const name of ['b', 'c']) await tell(farebox, name)
  await drainOutbox(farebox, customer)
  isBroken = false
  world.simulator.clock.advance({ seconds: 1 })
  expect(await drainOutbox(farebox, customer)).toEqual({ delivered: 3, failed: 0 })
  expect(told).toEqual(['a', 'b', 'c'])
})

it('takes at once what failed here, and was then met by a process that cannot deliver it', async () => {
  const world = await createWorld()
  const farebox = world.process()
  let isBroken = true
  farebox.events.on('grant.added', () => {
    if (isBroken) throw new Error('not yet')
  })
  await tell(farebox, 'a')
  expect(await drainOutbox(farebox, customer)).toEqual({ delivered: 0, failed: 1 })
  world.simulator.clock.advance({ seconds: 1 })
  await sweepStore(world.process())
  isBroken = false
  expect(await drainOutbox(farebox, customer)).toEqual({ delivered: 1, failed: 0 })
})

it('never has two senders of claims at work, and sends again what changed meanwhile', async () => {
  const world = await createWorld()
  const written: number[] = []
  const stall = createGate()
  const slow = world.process({ claims: { write: async (_, { ev }) => {
    await stall.passed
    written.push(ev)
  } } })
  const quick = world.process({ claims: { write: async (_, { ev }) => void written.push(ev) } })
  await changeEntitlements(slow, customer, () => ({ writes: [], result: undefined }))
  const sending = drainOutbox(slow, customer)
  await yieldTimes(3)
  await changeEntitlements(quick, customer, () => ({ writes: [], result: undefined }))
  expect(await drainOutbox(quick, customer)).toEqual({ delivered: 0, failed: 0 })
  stall.open()
  await sending
  expect(written).toEqual([2, 3])
})

it('sends the latest claims once more when a sender that stalled past its lease comes to an end', async () => {
  const world = await createWorld()
  const written: number[] = []
  const stall = createGate()
  const slow = world.process({
    claims: {
      async write(_, { ev }) {
        if (ev === 2) await stall.passed
        written.push(ev)
      },
    },
  })
  const quick = world.process({ claims: { write: async (_, { ev }) => void written.push(ev) } })
  await changeEntitlements(slow, customer, () => ({ writes: [], result: undefined }))
  const stalled = drainOutbox(slow, customer)
  await yieldTimes(3)
  world.simulator.clock.advance({ seconds: 61 })
  await changeEntitlements(quick, customer, () => ({ writes: [], result: undefined }))
  await drainOutbox(quick, customer)
  expect(written).toEqual([3])
  stall.open()
  await stalled
  expect(written).toEqual([3, 2, 3])
})

it('sends the latest claims last, whatever overlaps, stalls or fails', async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const world = await createWorld()
    const random = seededRandom(seed)
    const written: PlanClaims[] = []
    const stall = createGate()
    let stalls = 1
    const claims = {
      async write(_: string, value: PlanClaims) {
        if (random.next() < 0.2) throw new Error('Clerk is away')
        if (stalls > 0 && random.next() < 0.3) {
          stalls -= 1
          await stall.passed
        } else {
          await yieldTimes(random.integer(0, 6))
        }
        written.push(value)
      },
    }
    const processes = [world.process({ claims }), world.process({ claims })]
    const work: Promise<unknown>[] = []
    for (let index = 0; index < 8; index += 1) {
      const context = random.pick(processes)
      work.push(changeEntitlements(context, customer, () => ({ writes: [], result: undefined })))
      if (random.next() < 0.8) work.push(drainOutbox(context, customer))
      await yieldTimes(random.integer(0, 4))
      if (random.next() < 0.4) world.simulator.clock.advance({ seconds: random.pick([2, 61]) })
    }
    stall.open()
    await Promise.all(work)
    for (let round = 0; round < 30; round += 1) {
      world.simulator.clock.advance({ hours: 2 })
      await drainOutbox(random.pick(processes), customer)
    }
    const { rows } = await world.store.records.load(customer, ['customers', 'outbox'])
    expect(rows.outbox, `seed ${seed}`).toEqual([])
    expect(written.at(-1)?.ev, `seed ${seed}`).toBe(rows.customers[0]?.value.version)
  }
})

it('waits 30 seconds for a handler, and holds up nobody any longer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const world = await createWorld()
  const farebox = world.process()
  let calls = 0
  farebox.events.on('grant.added', () => {
    calls += 1
    return calls === 1 ? new Promise<void>(() => undefined) : undefined
  })
  await tell(farebox, 'a')
  let drained: unknown
  void drainOutbox(farebox, customer).then((drain) => (drained = drain))
  await yieldTimes(20)
  vi.advanceTimersByTime(29_999)
  await yieldTimes(20)
  expect([calls, drained]).toEqual([1, undefined])
  vi.advanceTimersByTime(1)
  await yieldTimes(20)
  expect(drained).toEqual({ delivered: 0, failed: 1 })
  expect(world.logged.at(-1)?.fields).toMatchObject({ failure: 'unavailable:timeout' })
  world.simulator.clock.advance({ minutes: 1 })
  expect(await drainOutbox(farebox, customer)).toEqual({ delivered: 1, failed: 0 })
})
