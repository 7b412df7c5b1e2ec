import { createFarebox, defineCatalog, toggle, usd } from '@farebox/core'
import { migrate, postgresStore } from '@farebox/core/drivers/postgres'
import { customerMetadata, stripePayments } from '@farebox/core/drivers/stripe'
import { Stripe } from 'stripe'
import { type Receiver, createBetterAuth, createSyncEngine } from '../fixtures/ingestion-peers.ts'
import { openPool } from '../fixtures/store-at.ts'
import { type StripeDelivery, webhookSecret } from '../fixtures/stripe-delivery.ts'
import { type SubscriptionDelivery, type SubscriptionObject, createSubscriptionDeliveries, subscriptions } from '../fixtures/subscription-events.ts'
import { insertEvent, tables, upsertSubscription } from '../floors/ingestion-statements.ts'
import { createDeliveryCheck } from '../floors/signature-check.ts'
import { timed } from '../harness/calls.ts'
import { type Measurement, isolate } from '../harness/isolated.ts'
import type { Group, Variant } from '../harness/variant.ts'

/** Verified, the event noted and the subscription written in one transaction, committed before the answer. */
function createFloor(): Receiver {
  const pool = openPool()
  const parse = createDeliveryCheck(webhookSecret)
  const receive = async (delivery: StripeDelivery): Promise<void> => {
    // The check answers the parsed body, which is the event that was signed.
    const event = parse(delivery.body, delivery.signature) as { id: string; type: string; created: number; data: { object: SubscriptionObject } }
    const { id, customer, status, cancel_at_period_end, items } = event.data.object
    const [item] = items.data
    const client = await pool.connect()
    try {
      await client.query('begin')
      const noted = await client.query({ name: 'event', text: insertEvent, values: [event.id, event.type, event.created] })
      if (noted.rowCount === 1) {
        const values = [id, customer, status, item?.price.id, item?.quantity, item?.current_period_start, item?.current_period_end, cancel_at_period_end, event.created]
        await client.query({ name: 'subscription', text: upsertSubscription, values })
      }
      await client.query('commit')
    } finally {
      client.release()
    }
  }
  return {
    receive,
    async periodEnd(index) {
      const { rows } = await pool.query<{ period_end: string }>('select period_end from subscriptions where id = $1', [`sub_${index}`])
      return Number(rows[0]?.period_end)
    },
  }
}

const catalog = defineCatalog({
  features: { exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: {} },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { exports: true } },
  },
})

/** What the stubbed Stripe has of each customer: what was delivered last. The others take it from the delivery. */
const present = new Map<string, SubscriptionObject>()

function createOurs(): Receiver {
  const client = new Stripe('sk_test_bench')
  Object.assign(client.customers, {
    retrieve: async (id: string) => ({ id, metadata: { [customerMetadata]: `user_${id.slice(4)}` } }),
  })
  Object.assign(client.subscriptions, {
    list: async ({ customer }: { customer: string }) => ({ has_more: false, data: [present.get(customer)] }),
  })
  const farebox = createFarebox({
    catalog,
    store: postgresStore({ client: openPool() }),
    payments: stripePayments({ client, webhookSecret }),
    appUrl: 'http://localhost:3000',
  })
  return {
    async receive({ body, signature }) {
      const headers = { 'stripe-signature': signature }
      const answer = await farebox.handle(new Request('http://localhost:3000/api/billing/webhooks/stripe', { method: 'POST', headers, body }))
      if (answer.status !== 200) throw new Error(`Farebox answered ${answer.status} ${await answer.text()}`)
    },
    async periodEnd(index) {
      const { subscription } = await farebox.snapshot({ customer: `user_${index}` })
      return Date.parse(subscription?.currentPeriodEnd ?? '') / 1000
    },
  }
}

/** Each delivery is new, of the next customer. More are signed where a run asks for more than were ready. */
function delivered(name: string, receiver: Receiver, { size, inFlight, goal }: Ask): Variant {
  const ahead = inFlight === 1 ? 2000 : 20_000
  let ready: readonly SubscriptionDelivery[] = []
  let used = 0
  let batch = 0
  const prepare = (): void => {
    ready = createSubscriptionDeliveries(ahead, size, `${process.pid}_${batch}`)
    used = 0
    batch += 1
  }
  const call = async (): Promise<void> => {
    if (used === ready.length) prepare()
    await receiveOne(receiver, ready[used++])
  }
  const variant = timed({ name, ...(goal !== undefined && { goal }), call, isRight: () => true }, inFlight)
  return {
    ...variant,
    async run(milliseconds) {
      prepare()
      const sample = await variant.run(milliseconds)
      await check(name, receiver, ready[used - 1])
      return sample
    },
  }
}

/** One known event, over and over. */
function replayed(name: string, receiver: Receiver, { size, inFlight, goal }: Ask): Variant {
  const [delivery] = createSubscriptionDeliveries(1, size, `replay_${process.pid}`)
  const variant = timed({ name, ...(goal !== undefined && { goal }), call: () => receiveOne(receiver, delivery), isRight: () => true }, inFlight)
  return {
    ...variant,
    async run(milliseconds) {
      const sample = await variant.run(milliseconds)
      await check(name, receiver, delivery)
      return sample
    },
  }
}

async function receiveOne(receiver: Receiver, delivery: SubscriptionDelivery | undefined): Promise<void> {
  if (delivery === undefined) throw new Error('Deliveries are made ahead')
  present.set(delivery.subscription.customer, delivery.subscription)
  await receiver.receive(delivery)
}

/** What the last delivery told is what is stored. */
async function check(name: string, receiver: Receiver, last: SubscriptionDelivery | undefined): Promise<void> {
  const [item] = last?.subscription.items.data ?? []
  const stored = await receiver.periodEnd(Number(last?.subscription.id.slice('sub_'.length)))
  if (stored !== item?.current_period_end) throw new Error(`${name}: stored ${stored}, told ${item?.current_period_end}`)
}

interface Ask {
  readonly size: number
  readonly inFlight: number
  readonly goal?: number
}

function measurement(title: string, plain: Omit<Ask, 'goal'>, variantOf: typeof delivered, goal?: number): Measurement {
  const ask = { ...plain, ...(goal !== undefined && { goal }) }
  return {
    title,
    makers: [
      () => variantOf('one transaction: event, subscription', createFloor(), plain),
      async () => variantOf('@better-auth/stripe', await createBetterAuth(), plain),
      async () => variantOf('@supabase/stripe-sync-engine', await createSyncEngine(), plain),
      () => variantOf('Farebox', createOurs(), ask),
    ],
    // A few hundred events a second leave the compiler busy for seconds.
    scale: { run: 3, warmUp: 15 },
  }
}

export const measurements: readonly Measurement[] = [
  measurement('Webhooks into Postgres, 2 kB, 1 at a time', { size: 2000, inFlight: 1 }, delivered, 1.9),
  measurement('Webhooks into Postgres, 2 kB, 64 at a time', { size: 2000, inFlight: 64 }, delivered, 7),
  measurement('Webhooks into Postgres, 20 kB, 64 at a time', { size: 20_000, inFlight: 64 }, delivered),
  measurement('A known webhook, 16 at a time', { size: 2000, inFlight: 16 }, replayed, 1.9),
]

/** A webhook end to end: verified, noted, its subscription stored and committed before it is answered. Reading Stripe costs nothing here. */
export async function* ingestionGroups(): AsyncGenerator<Group> {
  const pool = openPool()
  await migrate(pool)
  for (const table of tables) await pool.query(table)
  const { records } = postgresStore({ client: pool })
  for (let index = 0; index < subscriptions; index += 1) {
    const customer = `user_${index}`
    const value = {
      version: 1, createdAt: 0, paymentCustomer: `cus_${index}`, email: null, name: null, plan: 'free', changesAt: null, converged: 0, convergedAt: null,
    }
    await records.commit(customer, [{ collection: 'customers', id: customer, value }])
  }
  await pool.end()
  for (const [place, item] of measurements.entries()) yield isolate(import.meta.url, place, item)
}
