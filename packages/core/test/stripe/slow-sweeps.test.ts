import { expect, it } from 'vitest'
import { FareboxError } from '../../src/errors/error.ts'
import { startCheckout } from '../../src/use-cases/checkout/start-checkout.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { sweepStore } from '../../src/use-cases/healing/sweep.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { type PlanWorld, addresses, createPlanWorld } from './plans.ts'
import { sessionOf } from './world.ts'

const customers = ['user_1', 'user_2', 'user_3', 'user_4', 'user_5'] as const

/** Five customers, each with a downgrade that a process has begun and died over; `slow.by` seconds pass before each request, and before its answer. */
async function createSlowWorld() {
  const slow = { by: 0, dies: false }
  const world: PlanWorld = await createPlanWorld({
    async onTheWay() {
      if (slow.by > 0) world.simulator.clock.advance({ seconds: slow.by })
      if (slow.dies) throw new Error('Stripe does not answer')
    },
  })
  for (const customer of customers) {
    const { url } = await startCheckout(world.process(), { customer, plan: 'plus', interval: 'month', ...addresses })
    world.simulator.completeCheckout(sessionOf(url))
    await begin(customer)
  }
  world.simulator.clock.advance({ minutes: 2 })
  return { world, slow, stuck }

  /** Stripe is away as soon as the operation is stored. */
  async function begin(customer: string): Promise<void> {
    const { records } = world.store
    let isBegun = false
    const dying: typeof records = {
      ...records,
      async commit(owner, writes) {
        const outcome = await records.commit(owner, writes)
        isBegun ||= writes.some(({ collection }) => collection === 'operations')
        slow.dies = isBegun
        return outcome
      },
    }
    const process: Context = world.process({ store: { ...world.store, records: dying } })
    await expect(subscribe(process, { customer, plan: 'basic', ...addresses })).rejects.toMatchObject({ code: 'unavailable' })
    slow.dies = false
  }

  async function stuck(): Promise<number> {
    const { length } = await world.store.records.find({ collection: 'operations', index: 'dueAt', where: { atMost: Number.MAX_SAFE_INTEGER }, limit: 10 })
    return length
  }
}

it('stops to begin once a sweep has been at it for ten seconds, and goes on in the next', async () => {
  const { world, slow, stuck } = await createSlowWorld()
  expect(await stuck()).toBe(5)
  slow.by = 1
  const finished: number[] = []
  while ((await stuck()) > 0 && finished.length < 10) {
    const begun = world.clock.now()
    finished.push((await sweepStore(world.process())).operations)
    expect(world.clock.now() - begun).toBeLessThan(60_000)
  }
  expect(finished.reduce((sum, count) => sum + count, 0)).toBe(5)
  expect(finished.length).toBeGreaterThan(1)
  expect(Math.min(...finished)).toBeGreaterThan(0)
})

it('lets others go first where one cannot be finished', async () => {
  const { world, slow, stuck } = await createSlowWorld()
  Object.assign(slow, { by: 11, dies: true })
  for (let sweep = 0; sweep < customers.length; sweep += 1) expect(await sweepStore(world.process())).toMatchObject({ operations: 0 })
  const tried = world.logged.filter(({ message }) => /left halfway/.test(message)).map(({ fields }) => fields['customer'])
  expect(new Set(tried)).toEqual(new Set(customers))
  Object.assign(slow, { by: 0, dies: false })
  world.simulator.clock.advance({ minutes: 1 })
  expect(await sweepStore(world.process())).toMatchObject({ operations: 5 })
  expect(await stuck()).toBe(0)
})

it('finishes what others have begun where the store takes nothing of one customer', async () => {
  const { world, stuck } = await createSlowWorld()
  const { records } = world.store
  const refusing: typeof records = {
    ...records,
    async commit(owner, writes) {
      if (owner === 'user_1') throw new FareboxError('unavailable', 'The store takes nothing of this customer')
      return records.commit(owner, writes)
    },
  }
  expect(await sweepStore(world.process({ store: { ...world.store, records: refusing } }))).toMatchObject({ operations: 4 })
  expect(await stuck()).toBe(1)
})
