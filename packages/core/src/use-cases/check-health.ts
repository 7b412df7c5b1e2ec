import { day } from '../domain/instant.ts'
import type { RecordEntry } from '../ports/record-store.ts'
import type { Context } from './context.ts'

export type PartHealth = 'ok' | 'degraded' | 'down'

/** Each part's state; `down` when one that is needed is down. */
export interface Health {
  readonly status: PartHealth
  readonly parts: { readonly usage: PartHealth; readonly records: PartHealth; readonly webhooks: PartHealth }
}

/** Of events that failed, this many are looked at. */
const mostFailed = 100

/** Stripe sends an event again for three days: https://docs.stripe.com/webhooks#automatic-retries */
const sentFor = 3 * day

/** Events that failed and that Stripe sends no more: only a sweep brings in what they told of. */
export async function findGivenUp({ records, clock }: Pick<Context, 'records' | 'clock'>, limit: number): Promise<readonly RecordEntry<'inbox'>[]> {
  const failed = await records.find({ collection: 'inbox', index: 'state', where: { equals: 'failed' }, limit })
  return failed.filter(({ value }) => value.receivedAt + sentFor <= clock.now())
}

/** Asks every part a small question. Events that were put aside, or that Stripe gave up, make webhooks degraded. */
export async function checkHealth(context: Context): Promise<Health> {
  const [usage, parked, givenUp] = await Promise.allSettled([
    context.usage.read([{ customer: 'health', feature: 'health', buckets: [], gates: [] }]),
    context.records.find({ collection: 'inbox', index: 'state', where: { equals: 'parked' }, limit: 1 }),
    findGivenUp(context, mostFailed),
  ])
  const canFind = parked.status === 'fulfilled' && givenUp.status === 'fulfilled'
  const records: PartHealth = canFind ? 'ok' : 'down'
  const webhooks: PartHealth = canFind && parked.value.length + givenUp.value.length > 0 ? 'degraded' : records
  const parts = { usage: usage.status === 'fulfilled' ? 'ok' : 'down', records, webhooks } as const
  const states = Object.values(parts)
  return { status: states.includes('down') ? 'down' : states.includes('degraded') ? 'degraded' : 'ok', parts }
}
