import { type Instant, day, second } from '../../domain/instant.ts'
import type { RecordEntry, RecordPlace } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'

/** `degraded`: it answers, and something about it needs somebody to look at it. */
export type PartHealth = 'ok' | 'degraded' | 'down'

/** Each part's state; `down` when one that is needed is down. */
export interface Health {
  readonly status: PartHealth
  readonly parts: { readonly usage: PartHealth; readonly records: PartHealth; readonly webhooks: PartHealth }
}

/** As many rows as a store tells at once. */
const page = 1000

/** Health looks at this many events that failed; that there are so many is bad enough. */
const mostFailed = 100

/** A sweep looks for no longer than this. */
const longestSearch = 10 * second

/** Stripe sends an event again for three days: https://docs.stripe.com/webhooks#automatic-retries */
const sentFor = 3 * day

/** Events that failed and that Stripe sends no more, however many it still sends: only a sweep brings in what they told of. */
export async function findGivenUp(context: Pick<Context, 'records' | 'clock'>): Promise<readonly RecordEntry<'inbox'>[]> {
  const { clock } = context
  const end = clock.now() + longestSearch
  const found: RecordEntry<'inbox'>[] = []
  for (let after: RecordPlace | undefined; ;) {
    const failed = await findFailed(context, page, after)
    found.push(...failed.filter((entry) => isGivenUp(entry, clock.now())))
    const last = failed.at(-1)
    if (last === undefined || failed.length < page || clock.now() >= end) return found
    after = { value: 'failed', customer: last.customer, id: last.id }
  }
}

function findFailed({ records }: Pick<Context, 'records'>, limit: number, after?: RecordPlace): Promise<readonly RecordEntry<'inbox'>[]> {
  return records.find({ collection: 'inbox', index: 'state', where: { equals: 'failed' }, limit, ...(after && { after }) })
}

function isGivenUp({ value }: RecordEntry<'inbox'>, now: Instant): boolean {
  return value.receivedAt + sentFor <= now
}

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
