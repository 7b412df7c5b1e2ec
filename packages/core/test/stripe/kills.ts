import { type Plugin, build } from 'esbuild'
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Stripe } from 'stripe'
import { expect } from 'vitest'
import { signedStripeEvent } from '../../src/testing/signed-stripe-event.ts'
import { startCheckout } from '../../src/use-cases/checkout/start-checkout.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { drainOutbox } from '../../src/use-cases/delivering/outbox.ts'
import { sweepStore } from '../../src/use-cases/healing/sweep.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import type { Place } from '../stores/harnesses.ts'
import type { KillMessage, KillPoint, KillSettings, KillTask } from './kills-worker.ts'
import { type PlanWorld, addresses, createPlanWorld } from './plans.ts'
import { expectLikeStripe, paymentCustomerOf } from './scene.ts'
import { isFull, sessionOf, webhookSecret } from './world.ts'

/** What the last moments of a process came to. */
interface Death {
  readonly isAcknowledged: boolean
  /** It ended its work before it came to the point. */
  readonly hasSurvived: boolean
}

/** A store, a local Stripe that other processes reach, and processes that wait to be killed. */
export interface KillingGround {
  readonly world: PlanWorld
  readonly die: (task: KillTask) => Promise<Death>
  close(): Promise<void>
}

export async function openKillingGround(place: Place): Promise<KillingGround> {
  if (place.address === null) throw new Error('Other processes cannot reach this store')
  const world = await createPlanWorld({ createStore: (clock) => place.storeWith(clock) })
  const listening = await world.simulator.listen({ port: 0 })
  const folder = await mkdtemp(join(tmpdir(), 'farebox-kills-'))
  const worker = await bundleWorker(folder)
  const settings: KillSettings = { address: place.address, simulatorPort: listening.port, webhookSecret }
  // One starts while another dies.
  let next = startVictim(worker, settings)
  return {
    world,
    async die(task) {
      const victim = await next
      next = startVictim(worker, settings)
      return perform(victim, task)
    },
    async close() {
      const left = await next
      left.kill('SIGKILL')
      await listening.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Clients of stores stay outside of the bundle: they are native, or loaded by names that are made up at run time. */
const outside: Plugin = {
  name: 'outside',
  setup(bundling) {
    bundling.onResolve({ filter: /^(better-sqlite3|libsql|@libsql\/client|pg|postgres|ioredis|redis)$/ }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === resolved) return undefined
      const found = await bundling.resolve(path, { resolveDir, kind, pluginData: resolved })
      return { path: pathToFileURL(found.path).href, external: true, errors: found.errors }
    })
  },
}
const resolved = Symbol('resolved')

/** One file of the process and all that it imports: it starts five times as fast as from its sources. */
async function bundleWorker(folder: string): Promise<string> {
  const outfile = join(folder, 'worker.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('./kills-worker.ts', import.meta.url))],
    bundle: true, platform: 'node', format: 'esm', target: 'node20', conditions: ['@farebox/source'], plugins: [outside], outfile, logLevel: 'error',
  })
  return outfile
}

async function startVictim(worker: string, settings: KillSettings): Promise<ChildProcess> {
  const child = fork(worker, [JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await new Promise<void>((resolve, reject) => {
    child.once('message', (message: KillMessage) => (message.kind === 'ready' ? resolve() : reject(new Error(message.kind))))
    child.once('exit', (code) => reject(new Error(`The process ended with ${code}`)))
  })
  return child
}

async function perform(child: ChildProcess, task: KillTask): Promise<Death> {
  const said: KillMessage[] = []
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.on('message', (message: KillMessage) => {
    said.push(message)
    if (message.kind === 'survived' || message.kind === 'failed') child.kill('SIGKILL')
  })
  child.send(task)
  await ended
  for (const message of said) if (message.kind === 'failed') throw new Error(message.error)
  return { isAcknowledged: said.some(({ kind }) => kind === 'acknowledged'), hasSurvived: said.some(({ kind }) => kind === 'survived') }
}

const moments = ['before', 'under way', 'after'] as const

/** Each call in each way; by default every `step`-th call, in ways that take turns. Answers how many died. */
async function atEveryCall(step: number, run: (point: KillPoint) => Promise<Death>): Promise<number> {
  let kills = 0
  for (const when of isFull ? moments : moments.slice(0, 1)) {
    for (let call = 1; ; call += isFull ? 1 : step) {
      const turn = isFull ? when : (moments[call % 3] ?? when)
      if ((await run({ call, when: turn })).hasSurvived) break
      kills += 1
    }
  }
  return kills
}

/** The events of one customer that a payment made, newest first. */
async function eventsOf({ client, store }: PlanWorld, customer: string): Promise<readonly Stripe.Event[]> {
  const { rows } = await store.records.load(customer, ['customers'])
  const owner = rows.customers[0]?.value.paymentCustomer
  const { data } = await client.events.list({ limit: 100 })
  return data.filter(({ data: { object } }) => 'customer' in object && object.customer === owner)
}

/** What was acknowledged is there at once; once it was delivered again everything is as Stripe has it, once. */
export async function killWhileReceiving({ world, die }: KillingGround, name: string): Promise<void> {
  let round = 0
  const kills = await atEveryCall(1, async (kill) => {
    round += 1
    const customer = `receiving-${round}`
    const farebox = world.process()
    const { url } = await startCheckout(farebox, { customer, plan: 'basic', interval: 'month', ...addresses })
    world.simulator.completeCheckout(sessionOf(url))
    const events = (await eventsOf(world, customer)).filter(({ type }) => /^(checkout\.session\.completed|customer\.subscription\.created|invoice\.paid)$/.test(type))
    const event = events[round % events.length]
    if (event === undefined) throw new Error('A payment has events')
    const signed = await signedStripeEvent({ body: JSON.stringify(event), secret: webhookSecret, at: Date.now() })
    const body = new TextDecoder().decode(signed.body)
    const death = await die({ kind: 'deliver', customer, now: world.clock.now(), kill, body, signature: signed.signature })
    if (death.isAcknowledged) await expectDone(world, customer, [event.id])
    world.simulator.clock.advance({ minutes: 2 })
    const again = world.process()
    const told: string[] = []
    again.events.on('plan.changed', ({ id }) => void told.push(id))
    for (const each of events) expect((await world.deliver(again, each)).kind).toMatch(/^(applied|superseded|duplicate)$/)
    await drainOutbox(again, customer)
    await expectDone(world, customer, events.map(({ id }) => id))
    await expectLikeStripe(world, customer)
    const { rows } = await world.store.records.load(customer, ['customers', 'outbox', 'subscriptions'])
    expect(rows.outbox).toEqual([])
    expect(rows.customers[0]?.value.plan).toBe('basic')
    expect(rows.subscriptions).toHaveLength(1)
    return death
  })
  process.stdout.write(`killed on ${name} while receiving: ${kills}, acknowledged and absent 0\n`)
  expect(kills).toBeGreaterThan(isFull ? 12 : 4)
}

async function expectDone({ store }: PlanWorld, customer: string, events: readonly string[]): Promise<void> {
  const { rows } = await store.records.load(customer, ['inbox'], { inbox: events })
  expect(rows.inbox.map(({ value }) => value.state)).toEqual(events.map(() => 'done'))
}

const changes = {
  'an upgrade': { from: 'basic', plan: 'plus', items: 'plus:month', invoices: 2 },
  'a downgrade': { from: 'plus', plan: 'basic', items: 'plus:month', invoices: 1 },
  'a cancellation': { from: 'basic', plan: null, items: 'basic:month', invoices: 1 },
} as const

type KilledChange = keyof typeof changes
export const killedChanges: readonly KilledChange[] = Object.keys(changes) as KilledChange[]

/** Whoever comes next finishes it, and no invoice is made twice. */
export async function killWhileChanging({ world, die }: KillingGround, name: string, what: KilledChange, step: number): Promise<void> {
  const { from, plan, items, invoices } = changes[what]
  let round = 0
  const kills = await atEveryCall(step, async (kill) => {
    round += 1
    const customer = `${what} ${round}`
    const farebox = world.process()
    const { url } = await startCheckout(farebox, { customer, plan: from, interval: 'month', ...addresses })
    world.simulator.completeCheckout(sessionOf(url))
    await convergeCustomer(farebox, customer)
    world.simulator.clock.advance({ days: 1 })
    const common = { customer, now: world.clock.now(), kill }
    const death = await die(plan === null ? { kind: 'cancel', ...common } : { kind: 'subscribe', plan, ...common })
    world.simulator.clock.advance({ minutes: 2 })
    const again = world.process()
    // A cron comes by, or the customer clicks again; in every other round both.
    if (round % 2 === 0) await sweepStore(again)
    if (plan === null) await cancelSubscription(again, { customer })
    else await subscribe(again, { customer, plan, ...addresses })
    await expectChanged(world, customer, { items, invoices })
    const { rows } = await world.store.records.load(customer, ['operations', 'subscriptions'])
    expect(rows.operations.filter(({ value }) => value.state === 'open')).toEqual([])
    const [stored] = rows.subscriptions.map(({ value }) => value)
    expect(plan === null ? stored?.cancelAt : from === 'plus' ? stored?.pendingChange?.plan : stored?.plan).toBe(plan ?? stored?.currentPeriodEnd)
    return death
  })
  process.stdout.write(`killed on ${name} in the middle of ${what}: ${kills}\n`)
  expect(kills).toBeGreaterThan(isFull ? 30 : 2)
}

async function expectChanged(world: PlanWorld, customer: string, { items, invoices }: { items: string; invoices: number }): Promise<void> {
  const owner = await paymentCustomerOf(world, customer)
  const { data } = await world.client.subscriptions.list({ customer: owner, status: 'all' })
  expect(data.map((subscription) => subscription.items.data.map(({ price }) => price.id))).toEqual([[world.prices.get(items)]])
  expect((await world.client.invoices.list({ customer: owner })).data.map(({ status }) => status)).toEqual(Array.from({ length: invoices }, () => 'paid'))
  await expectLikeStripe(world, customer)
}

/** One customer and one page that can be paid, wherever it was killed. */
export async function killWhileCheckingOut({ world, die }: KillingGround, name: string, step: number): Promise<void> {
  let round = 0
  const kills = await atEveryCall(step, async (kill) => {
    round += 1
    const customer = `buying-${round}`
    const death = await die({ kind: 'subscribe', plan: 'basic', customer, now: world.clock.now(), kill })
    const outcome = await subscribe(world.process(), { customer, plan: 'basic', interval: 'month', ...addresses })
    if (outcome.kind !== 'checkout') throw new Error(`Nothing was bought, and yet: ${outcome.kind}`)
    const all = await world.client.customers.list({ limit: 100, created: { gte: Math.floor(world.clock.now() / 1000) } })
    const own = all.data.filter(({ metadata }) => Object.values(metadata).includes(customer))
    expect(own).toHaveLength(1)
    const sessions = await world.client.checkout.sessions.list({ customer: own[0]?.id ?? '', status: 'open' })
    expect(sessions.data.map(({ id }) => id)).toEqual([sessionOf(outcome.url)])
    world.simulator.clock.advance({ seconds: 1 })
    return death
  })
  process.stdout.write(`killed on ${name} while starting a checkout: ${kills}\n`)
  expect(kills).toBeGreaterThan(isFull ? 20 : 2)
}
