import { type Instant, day, second } from '../../domain/instant.ts'
import type { RecordEntry, RecordPlace } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'

/** As many rows as a store tells at once. */
const page = 1000

/** What is behind more rows than can be read in this time is found by a later call, once those before it are done. */
const longestSearch = 10 * second

/** Stripe sends an event again for three days: https://docs.stripe.com/webhooks#automatic-retries */
const sentFor = 3 * day

/**
 * Events that failed and that Stripe sends no more: only a sweep brings in what they told of. They are found behind those that
 * Stripe still sends, however many there are.
 */
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

/** Events that failed, whether Stripe still sends them or not. */
export function findFailed({ records }: Pick<Context, 'records'>, limit: number, after?: RecordPlace): Promise<readonly RecordEntry<'inbox'>[]> {
  return records.find({ collection: 'inbox', index: 'state', where: { equals: 'failed' }, limit, ...(after && { after }) })
}

/** Whether Stripe sends an event no more. */
export function isGivenUp({ value }: RecordEntry<'inbox'>, now: Instant): boolean {
  return value.receivedAt + sentFor <= now
}
