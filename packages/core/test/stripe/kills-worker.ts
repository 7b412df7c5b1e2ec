// A process of an app that is killed while it works: at its N-th call to anything outside.
import { allowance, createFarebox, defineCatalog, metered, usd } from '@farebox/core'
import { stripePayments } from '@farebox/core/drivers/stripe'
import { Stripe } from 'stripe'
import type { RecordStore } from '../../src/ports/record-store.ts'
import type { Store } from '../../src/ports/store.ts'
import type { UsageStore } from '../../src/ports/usage-store.ts'
import { type StoreAddress, connect } from '../stores/store-address.ts'

export interface KillSettings {
  readonly address: StoreAddress
  readonly simulatorPort: number
  readonly webhookSecret: string
}

/** When at that call: before it is made, once it is on its way, or once it is answered and nobody has heard of it. */
export type KillPoint = { readonly call: number; readonly when: 'before' | 'under way' | 'after' }

/** What the process does. Instants in milliseconds: its stores' present. */
export type KillTask = { readonly now: number; readonly kill: KillPoint; readonly customer: string } & (
  | { readonly kind: 'deliver'; readonly body: string; readonly signature: string }
  | { readonly kind: 'subscribe'; readonly plan: 'basic' | 'plus' }
  | { readonly kind: 'cancel' }
)

/** What the process says: that it is ready, that Stripe was answered 2xx, that it lived to the end. */
export type KillMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'survived'; readonly calls: number }
  | { readonly kind: 'failed'; readonly error: string }

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    basic: { name: 'Basic', prices: { month: usd('10'), year: usd('100') }, features: { apiCalls: allowance(50).per('month') } },
    plus: { name: 'Plus', prices: { month: usd('30'), year: usd('300') }, features: { apiCalls: allowance(500).per('month') } },
  },
})

/** Everything outside goes through this. */
type Guard = <Answer>(call: () => Answer | Promise<Answer>) => Promise<Answer>

function createGuard(point: KillPoint, calls: { count: number }): Guard {
  return async (call) => {
    calls.count += 1
    if (calls.count !== point.call) return call()
    if (point.when === 'before') die()
    const answer = call()
    if (point.when === 'under way') {
      await new Promise((resolve) => setImmediate(resolve))
      die()
    }
    await answer
    return die()
  }
}

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  for (;;) continue
}

function guarded(store: Store, guard: Guard): Store {
  const { records, usage } = store
  const guardedRecords: RecordStore = {
    label: records.label,
    load: (customer, collections, only) => guard(() => records.load(customer, collections, only)),
    commit: (customer, writes) => guard(() => records.commit(customer, writes)),
    find: (query) => guard(() => records.find(query)),
    forget: (customer) => guard(() => records.forget(customer)),
  }
  const guardedUsage: UsageStore = {
    label: usage.label,
    execute: (operations) => guard(() => usage.execute(operations)),
    read: (queries) => guard(() => usage.read(queries)),
    history: (request) => guard(() => usage.history(request)),
    raiseVersion: (customer, version) => guard(() => usage.raiseVersion(customer, version)),
    sweep: () => guard(() => usage.sweep()),
    forget: (customer) => guard(() => usage.forget(customer)),
  }
  return { records: guardedRecords, usage: guardedUsage }
}

async function start({ address, simulatorPort, webhookSecret }: KillSettings): Promise<void> {
  const connection = await connect(address)

  async function run(task: KillTask): Promise<void> {
    const calls = { count: 0 }
    const guard = createGuard(task.kill, calls)
    const clock = { now: () => task.now }
    const client = new Stripe('sk_test_world', {
      httpClient: Stripe.createFetchHttpClient((url: RequestInfo | URL, init?: RequestInit) => guard(() => fetch(url, init))),
      host: '127.0.0.1', port: simulatorPort, protocol: 'http', maxNetworkRetries: 0, telemetry: false,
    })
    // Signatures carry real time.
    const payments = stripePayments({ client, webhookSecret, mode: 'test' })
    const farebox = createFarebox({ catalog, store: guarded(connection.storeWith(clock), guard), payments, clock, appUrl: 'http://localhost', storeTimeout: null })
    farebox.on('plan.changed', () => undefined)
    await perform(task, farebox)
    await farebox.close()
    await say({ kind: 'survived', calls: calls.count })
  }

  async function perform(task: KillTask, farebox: ReturnType<typeof createFarebox<typeof catalog>>): Promise<void> {
    const { customer } = task
    switch (task.kind) {
      case 'deliver': {
        const headers = { 'stripe-signature': task.signature }
        const request = new Request('http://localhost/api/billing/webhooks/stripe', { method: 'POST', headers, body: task.body })
        if ((await farebox.handle(request)).ok) await say({ kind: 'acknowledged' })
        return
      }
      case 'subscribe':
        await farebox.subscribe({ customer, plan: task.plan, interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' })
        return
      case 'cancel':
        await farebox.cancel({ customer })
        return
      default:
        return task satisfies never
    }
  }

  process.on('message', (task: KillTask) => {
    run(task).catch((error: unknown) => say({ kind: 'failed', error: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
  })
  process.on('disconnect', () => process.exit())
  await say({ kind: 'ready' })
}

function say(message: KillMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()))
}

const settings = process.argv[2]
if (import.meta.main && settings !== undefined) await start(JSON.parse(settings) as KillSettings)
