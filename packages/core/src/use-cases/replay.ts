import type { Context } from './context.ts'
import { drainSoon } from './drain-soon.ts'
import { reclaimParked } from './inbox.ts'
import { type WebhookOutcome, processEvent } from './receive-webhook.ts'

/** What a replay did. */
export interface ReplayOutcome {
  readonly event: string
  readonly kind: WebhookOutcome['kind']
}

/** Tries the events that were put aside once more, at most `limit` of them. Those that fail count from one again. */
export async function replayParked(context: Context, limit = 100): Promise<readonly ReplayOutcome[]> {
  const parked = await context.records.find({ collection: 'inbox', index: 'state', where: { equals: 'parked' }, limit })
  const outcomes: ReplayOutcome[] = []
  for (const entry of parked) {
    const delivery = await reclaimParked(context, entry)
    if (delivery === undefined) continue
    const { kind } = await processEvent(context, entry.customer, { id: entry.id, type: entry.value.type }, delivery)
    await drainSoon(context, entry.customer)
    outcomes.push({ event: entry.id, kind })
  }
  return outcomes
}
