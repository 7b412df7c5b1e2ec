import type { PlanClaims } from '@farebox/core'
import { expect } from 'vitest'
import { type Crashes, crashEverywhere, crashKinds } from '../../src/testing/chaos-crashes.ts'
import { checkInvariants } from '../../src/testing/invariants.ts'
import { startCheckout } from '../../src/use-cases/checkout/start-checkout.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { drainOutbox } from '../../src/use-cases/delivering/outbox.ts'
import { sweepStore } from '../../src/use-cases/healing/sweep.ts'
import { byId, expectedSubscriptions } from './reference-projection.ts'
import { type CreateStore, type World, clientOf, createWorld, isFull, sessionOf } from './world.ts'

const customer = 'user_1'
const request = { customer, plan: 'pro', interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' } as const

const kinds = isFull ? crashKinds : crashKinds.filter(({ moment, survives }) => survives === (moment === 'before'))

/** What the outside has seen: claims written, and facts told with how often. */
interface Seen {
  readonly claims: PlanClaims[]
  readonly facts: Map<string, { readonly name: string; readonly data: unknown; count: number }>
}

interface Scene {
  readonly world: World
  readonly seen: Seen
  readonly isQuiet: boolean
  /** A process in which a call fails; each request to Stripe is two, on its way there and back. */
  doomed(crashes: Crashes): Context
  healthy(): Context
}

/** On which store, and at which calls: every one of them unless a `step` skips some. */
export interface CrashOptions {
  readonly createStore?: CreateStore
  readonly step?: number
  /** The first of these calls. */
  readonly first?: number
  /** Whether nobody is told of anything: then nothing waits in the outbox, and a delivery may begin from what was committed last. */
  readonly isQuiet?: boolean
}

async function createScene({ createStore, isQuiet = false }: CrashOptions): Promise<Scene> {
  const world = await createWorld(createStore === undefined ? {} : { createStore })
  const seen: Seen = { claims: [], facts: new Map() }
  const claims = { write: async (_: string, written: PlanClaims) => void seen.claims.push(written) }
  const listen = (context: Context): Context => {
    if (isQuiet) return context
    for (const name of ['plan.changed', 'subscription.changed'] as const) {
      context.events.on(name, ({ id, data }) => {
        const known = seen.facts.get(id)
        if (known === undefined) seen.facts.set(id, { name, data, count: 1 })
        else known.count += 1
      })
    }
    return context
  }
  return {
    world,
    seen,
    isQuiet,
    doomed(crashes) {
      const client = clientOf(world.simulator, () => crashes.call('stripe', () => undefined))
      return listen(world.process({ store: crashes.store(world.store), client, ...(!isQuiet && { claims: crashes.claims(claims) }) }))
    },
    healthy: () => listen(world.process(isQuiet ? {} : { claims })),
  }
}

/** Everything that must hold once the dust has settled, whatever was interrupted. */
async function expectWhole({ world, seen, isQuiet }: Scene): Promise<void> {
  const { rows } = await world.store.records.load(customer, ['customers', 'subscriptions'])
  const row = rows.customers[0]?.value
  expect(rows.subscriptions.map(({ value }) => value).toSorted(byId)).toEqual(
    await expectedSubscriptions(world.client, row?.paymentCustomer ?? ''),
  )
  const { payments, records } = world.process()
  if (payments === null) throw new Error('There are no payments')
  expect(await checkInvariants({ records, payments, claimsOf: () => seen.claims.at(-1) ?? null })).toEqual([])
  expect((await world.client.customers.list()).data).toHaveLength(1)
  if (isQuiet) return
  // One change of the plan, told under one id; claims end at the version that is stored.
  const facts = [...seen.facts.values()]
  expect(facts.filter(({ name }) => name === 'plan.changed').map(({ data }) => data)).toEqual([{ from: 'free', to: 'pro' }])
  const afters = facts.filter(({ name }) => name === 'subscription.changed').map(({ data }) => JSON.stringify(data))
  expect(new Set(afters).size).toBe(afters.length)
  expect(seen.claims.at(-1)).toMatchObject({ plan: 'pro', ev: row?.version })
}

async function settle(scene: Scene): Promise<void> {
  const { world } = scene
  const context = scene.healthy()
  // Leases of what was interrupted run out.
  world.simulator.clock.advance({ minutes: 2 })
  for (const event of await world.events()) {
    const { kind } = await world.deliver(context, event)
    expect(['applied', 'superseded', 'duplicate', 'ignored']).toContain(kind)
  }
  await sweepStore(context)
  await drainOutbox(context, customer)
}

/** Each call to the outside fails once, before and after it happened. Answers how many there were. */
async function atEveryCall(options: CrashOptions, run: (scene: Scene, crashes: Crashes) => Promise<void>): Promise<number> {
  return crashEverywhere(async (crashes) => {
    const scene = await createScene(options)
    await run(scene, crashes)
    await settle(scene)
    await expectWhole(scene)
  }, { kinds, step: options.step ?? 1, first: options.first ?? 1 })
}

async function changeOften({ client }: World): Promise<void> {
  const { data: [subscription] } = await client.subscriptions.list()
  for (const note of ['a', 'b', 'c']) await client.subscriptions.update(subscription?.id ?? '', { metadata: { note } })
}

/** Never acknowledges an event that is not stored, and heals with the next delivery, wherever it crashes. */
export async function crashWhileReceiving(options: CrashOptions = {}): Promise<void> {
  const kills = await atEveryCall(options, async (scene, crashes) => {
    const { world } = scene
    const { url } = await startCheckout(scene.healthy(), request)
    world.simulator.completeCheckout(sessionOf(url))
    if (scene.isQuiet) await changeOften(world)
    const events = await world.events()
    const context = scene.doomed(crashes)
    for (const event of events.filter(({ type }) => /^customer\.subscription|^invoice\.paid/.test(type))) {
      const { kind } = await world.deliver(context, event)
      await drainOutbox(context, customer).catch(() => undefined)
      const { rows } = await world.store.records.load(customer, ['inbox', 'subscriptions'])
      const isAcknowledged = !['failed', 'in-progress'].includes(kind)
      const isStored = rows.subscriptions.length === 1 && rows.inbox.some(({ id, value }) => id === event.id && value.state === 'done')
      expect(isAcknowledged && !isStored).toBe(false)
    }
  })
  process.stdout.write(`crashes and lost answers while receiving webhooks: ${kills}\n`)
  expect(kills).toBeGreaterThan((options.isQuiet === true ? 30 : 60) / (options.step ?? 1))
}

/** Makes one customer and one session, wherever a checkout crashes. */
export async function crashWhileCheckingOut(options: CrashOptions = {}): Promise<void> {
  const kills = await atEveryCall(options, async (scene, crashes) => {
    const { world } = scene
    const context = scene.doomed(crashes)
    await startCheckout(context, request).catch(() => undefined)
    const { url } = await startCheckout(scene.healthy(), request)
    const sessions = (await world.client.checkout.sessions.list()).data
    expect(sessions.filter(({ status }) => status === 'open').map(({ id }) => id)).toEqual([sessionOf(url)])
    world.simulator.completeCheckout(sessionOf(url))
  })
  process.stdout.write(`crashes and lost answers while starting a checkout: ${kills}\n`)
  expect(kills).toBeGreaterThan(30 / (options.step ?? 1))
}

/** Is whole again after a crash of the read on return from checkout. */
export async function crashWhileConverging(options: CrashOptions = {}): Promise<void> {
  const kills = await atEveryCall(options, async (scene, crashes) => {
    const { url } = await startCheckout(scene.healthy(), request)
    scene.world.simulator.completeCheckout(sessionOf(url))
    const context = scene.doomed(crashes)
    await convergeCustomer(context, customer).catch(() => undefined)
  })
  process.stdout.write(`crashes and lost answers while converging: ${kills}\n`)
  expect(kills).toBeGreaterThan(40 / (options.step ?? 1))
}
