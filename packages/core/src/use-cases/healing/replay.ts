import type { RecordEntry, RecordPlace } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import type { Delivery } from '../converging/coalesce-convergence.ts'
import { drainSoon } from '../delivering/drain-soon.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import { processEvent, processNoted } from '../webhooks/receive-webhook.ts'
import type { WebhookOutcome } from '../webhooks/webhook-outcome.ts'

/** What became of an event that was put aside. */
export interface ReplayOutcome {
  readonly event: string
  readonly type: string
  readonly customer: string
  /** `parked` where it failed again: it stays put aside. `duplicate` where another replay was faster. */
  readonly kind: WebhookOutcome['kind']
  /** Why it failed again, as a stable code. */
  readonly failure: string | null
}

/** As many rows as a store tells at once. */
const page = 1000

/**
 * Tries every event once that was put aside, one after the other, and answers what became of each. What fails again
 * stays put aside, with its new reason. Two replays at once share the work.
 *
 * @throws FareboxError `unavailable` from the stores, `not-found` without payments.
 */
export async function replayParked(context: Context): Promise<readonly ReplayOutcome[]> {
  paymentsOf(context)
  const outcomes: ReplayOutcome[] = []
  const state = 'parked'
  for (let after: RecordPlace | undefined; ;) {
    const parked = await context.records.find({ collection: 'inbox', index: 'state', where: { equals: state }, limit: page, ...(after && { after }) })
    for (const entry of parked) outcomes.push(await replayEvent(context, entry))
    const last = parked.at(-1)
    if (last === undefined) return outcomes
    const { customer, id } = last
    after = { value: state, customer, id }
  }
}

/** Tries an event again that failed or was put aside. */
export async function replayEvent(context: Context, entry: RecordEntry<'inbox'>): Promise<ReplayOutcome> {
  const { customer, id: event, value } = entry
  const { type, about } = value
  const delivery: Delivery = { event, type, paymentCustomer: null, isReplay: true, createdAt: null }
  const outcome = about === undefined ? await processEvent(context, customer, delivery) : await processNoted(context, about, delivery)
  const owner = outcome?.customer ?? customer
  await drainSoon(context, owner)
  const failure = outcome !== undefined && 'failure' in outcome ? outcome.failure : null
  return { event, type, customer: owner, kind: outcome?.kind ?? 'ignored', failure }
}
