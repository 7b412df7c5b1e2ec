import { expect } from 'vitest'
import { crashEverywhere, crashKinds } from '../../src/testing/chaos-crashes.ts'
import { checkInvariants } from '../../src/testing/invariants.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { sweepStore } from '../../src/use-cases/healing/sweep.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { pauseSubscription } from '../../src/use-cases/subscription/pause-subscription.ts'
import { resumeSubscription } from '../../src/use-cases/subscription/resume-subscription.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import type { CrashOptions } from './crashes.ts'
import { addresses, buyPlan, createPlanWorld, customer, invoicesOf, liveItems, subscriptionsOf } from './plans.ts'
import { expectLikeStripe } from './scene.ts'
import { clientOf, isFull } from './world.ts'

const request = { customer, ...addresses }

/** What is interrupted, and what there is when it has been done. */
const scenes = {
  'an upgrade over a scheduled downgrade': {
    prepare: (farebox: Context) => subscribe(farebox, { ...request, plan: 'basic' }),
    act: (farebox: Context) => subscribe(farebox, { ...request, plan: 'max' }),
    months: 0,
    whenDone: { items: ['max:month × 1'], invoices: ['3000 paid', expect.stringMatching(/paid$/)], schedules: 0 },
  },
  'a downgrade of who was going to leave': {
    prepare: (farebox: Context) => cancelSubscription(farebox, { customer }),
    act: (farebox: Context) => subscribe(farebox, { ...request, plan: 'basic' }),
    months: 1,
    whenDone: { items: ['basic:month × 1'], invoices: ['3000 paid', '1000 paid'], schedules: 1 },
  },
  'a cancellation over a scheduled downgrade': {
    prepare: (farebox: Context) => subscribe(farebox, { ...request, plan: 'basic' }),
    act: (farebox: Context) => cancelSubscription(farebox, { customer }),
    months: 1,
    whenDone: { items: [], invoices: ['3000 paid'], schedules: 0 },
  },
  'a pause over a scheduled downgrade': {
    prepare: (farebox: Context) => subscribe(farebox, { ...request, plan: 'basic' }),
    act: (farebox: Context) => pauseSubscription(farebox, { customer }),
    months: 2,
    whenDone: { items: ['basic:month × 1'], invoices: ['3000 paid', '1000 void', '1000 void'], schedules: 0 },
  },
  'a resumption': {
    prepare: (farebox: Context) => cancelSubscription(farebox, { customer }),
    act: (farebox: Context) => resumeSubscription(farebox, { customer }),
    months: 1,
    whenDone: { items: ['plus:month × 1'], invoices: ['3000 paid', '3000 paid'], schedules: 0 },
  },
} as const

const finishers = {
  'the next click': (farebox: Context, act: (farebox: Context) => Promise<unknown>) => act(farebox),
  'a convergence': async (farebox: Context, act: (farebox: Context) => Promise<unknown>) => {
    await convergeCustomer(farebox, customer)
    return act(farebox)
  },
  'a sweep': async (farebox: Context, act: (farebox: Context) => Promise<unknown>) => {
    await sweepStore(farebox)
    return act(farebox)
  },
} as const

type OperationScene = keyof typeof scenes
export const operationScenes: readonly OperationScene[] = Object.keys(scenes) as OperationScene[]

/** Carries an operation to its end, wherever it was interrupted and whoever comes next. */
export async function crashWhileOperating(name: OperationScene, { createStore, step = 1, first = 1 }: CrashOptions = {}): Promise<void> {
  const { prepare, act, months, whenDone } = scenes[name]
  const who = Object.keys(finishers) as (keyof typeof finishers)[]
  const kinds = isFull ? crashKinds : crashKinds.filter(({ moment, survives }) => survives === (moment === 'before'))
  const crashed = await crashEverywhere(async (crashes, { call, moment }) => {
    const world = await createPlanWorld(createStore === undefined ? {} : { createStore })
    await buyPlan(world, world.process(), 'plus')
    world.simulator.clock.advance({ days: 3 })
    await prepare(world.process())
    const client = clientOf(world.simulator, () => crashes.call('stripe', () => undefined))
    await act(world.process({ store: crashes.store(world.store), client })).catch(() => undefined)
    world.simulator.clock.advance({ minutes: 2 })
    const finisher = who[call % who.length] ?? 'the next click'
    await finishers[finisher](world.process(), act)
    const { payments, records } = world.process()
    if (payments === null) throw new Error('There are no payments')
    expect(await checkInvariants({ records, payments }), `${moment} call ${call}`).toEqual([])
    await expectLikeStripe(world, customer)
    if (months > 0) world.simulator.clock.advance({ months, hours: 2 })
    const schedules = (await world.client.subscriptionSchedules.list()).data.filter(({ status }) => status === 'active').length
    expect({ items: await liveItems(world), invoices: await invoicesOf(world), schedules }).toEqual(whenDone)
    expect(await subscriptionsOf(world)).toHaveLength(1)
  }, { kinds, step, first })
  process.stdout.write(`crashes and lost answers during ${name}: ${crashed}\n`)
  expect(crashed).toBeGreaterThan(30 / step)
}
