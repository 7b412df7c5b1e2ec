import type { Context } from '../context.ts'
import { findFailed, isGivenUp } from './given-up-events.ts'

/** `degraded`: it answers, and something about it needs somebody to look at it. */
export type PartHealth = 'ok' | 'degraded' | 'down'

/** Each part's state; `down` when one that is needed is down. */
export interface Health {
  readonly status: PartHealth
  readonly parts: { readonly usage: PartHealth; readonly records: PartHealth; readonly webhooks: PartHealth }
}

/** Health looks at this many events that failed; that there are so many is bad enough. */
const mostFailed = 100

/** Asks every part a small question. Events that were put aside, or that Stripe gave up, make webhooks degraded; so do very many that fail. */
export async function checkHealth(context: Context): Promise<Health> {
  const [usage, parked, failed] = await Promise.allSettled([
    context.usage.read([{ customer: 'health', feature: 'health', buckets: [], gates: [] }]),
    context.records.find({ collection: 'inbox', index: 'state', where: { equals: 'parked' }, limit: 1 }),
    findFailed(context, mostFailed),
  ])
  const canFind = parked.status === 'fulfilled' && failed.status === 'fulfilled'
  const now = context.clock.now()
  const records: PartHealth = canFind ? 'ok' : 'down'
  const isBehind = canFind && (parked.value.length > 0 || failed.value.length === mostFailed || failed.value.some((entry) => isGivenUp(entry, now)))
  const webhooks: PartHealth = isBehind ? 'degraded' : records
  const parts = { usage: usage.status === 'fulfilled' ? 'ok' : 'down', records, webhooks } as const
  const states = Object.values(parts)
  return { status: states.includes('down') ? 'down' : states.includes('degraded') ? 'degraded' : 'ok', parts }
}
