import { type Instant, day, second } from '../domain/instant.ts'
import type { PaymentEvent } from '../ports/payments.ts'
import type { InboxRow, RecordEntry, RecordWrite } from '../ports/record-store.ts'
import { changeEntitlements } from './change-entitlements.ts'
import type { ClaimedDelivery } from './coalesce-convergence.ts'
import type { Context } from './context.ts'
import { failureCode } from './failure-code.ts'
import { retryConflicts } from './retry-conflicts.ts'

/** How long a worker may take before another takes the event over. */
const lease = 30 * second

/** Longer than Stripe retries (3 days) and than its events can be sent again (30 days). */
const keptFor = 35 * day

/** An event that failed this often in the same way is put aside. */
const mostAttempts = 8

/** The failure of a worker that was heard of no more before its lease ended. */
const workerLost = 'worker-lost'

/** What became of an attempt to take an event. */
export type EventClaim =
  | { readonly kind: 'claimed'; readonly delivery: ClaimedDelivery }
  | { readonly kind: 'in-flight' | 'done' }
  | { readonly kind: 'failed' | 'parked'; readonly failure: string }

/**
 * Takes an event for this worker: unless it is done, put aside, or in the hands of another whose lease still runs. An
 * event that failed before is taken only with `retries`; a worker that let its lease end is such a failure. The
 * revision of the row is the fence: a worker that lost its lease can no longer write.
 */
export async function claimEvent(
  context: Context,
  customer: string,
  event: Pick<PaymentEvent, 'id' | 'type'>,
  retries: boolean,
): Promise<EventClaim> {
  return retryConflicts<EventClaim>('The event is being received by too many workers at once', async () => {
    const { rows, now } = await context.records.load(customer, ['inbox'])
    const known = rows.inbox.find((entry) => entry.id === event.id)
    const held = known === undefined ? undefined : holdOf(known.value, now, retries)
    if (held !== undefined) return held
    const before = known && withoutWorker(known.value, now)
    if (known !== undefined && before?.state === 'parked') {
      return (await putAside(context, known, before)) ? { kind: 'parked', failure: workerLost } : undefined
    }
    const value = claimedRow(before, event.type, now)
    const expect = known?.revision ?? 0
    const outcome = await context.records.commit(customer, [{ collection: 'inbox', id: event.id, expect, value }])
    return outcome.kind === 'committed' ? { kind: 'claimed', delivery: { event: event.id, revision: expect + 1 } } : undefined
  })
}

/**
 * Takes an event that was put aside, for another try by hand. It stays put aside until it is done, so that it is not
 * forgotten when this try ends halfway. `undefined` when it is no longer there, or in the hands of another replay.
 */
export async function reclaimParked(context: Context, entry: RecordEntry<'inbox'>): Promise<ClaimedDelivery | undefined> {
  const { now } = await context.records.load(entry.customer, [])
  if (entry.value.leaseUntil > now) return undefined
  const value: InboxRow = { ...entry.value, fencing: entry.value.fencing + 1, leaseUntil: now + lease }
  const outcome = await context.records.commit(entry.customer, [{ collection: 'inbox', id: entry.id, expect: entry.revision, value }])
  return outcome.kind === 'committed' ? { event: entry.id, revision: entry.revision + 1 } : undefined
}

/** The writes that mark claimed events as done, and the events whose claim was taken over meanwhile. */
export async function doneWrites(
  context: Context,
  customer: string,
  deliveries: readonly ClaimedDelivery[],
  outcome: NonNullable<InboxRow['outcome']>,
): Promise<{ readonly writes: readonly RecordWrite[]; readonly lost: readonly string[] }> {
  if (deliveries.length === 0) return { writes: [], lost: [] }
  const { rows, now } = await context.records.load(customer, ['inbox'])
  const held = deliveries.flatMap((delivery) => rows.inbox.filter((entry) => isHeld(entry, delivery)))
  return {
    writes: held.map(({ id, revision, value }) => ({
      collection: 'inbox',
      id,
      expect: revision,
      value: { ...value, state: 'done', outcome, failure: null, keepUntil: value.keepUntil ?? now + keptFor },
    })),
    lost: deliveries.map(({ event }) => event).filter((event) => !held.some((entry) => entry.id === event)),
  }
}

/**
 * Writes down that an event failed. Failures in the same way are counted; with the eighth the event is put aside, and
 * handlers of `event.parked` are told. One that was put aside stays so. Writes nothing when the claim was taken over.
 */
export async function recordFailure(
  context: Context,
  customer: string,
  delivery: ClaimedDelivery,
  error: unknown,
): Promise<{ readonly kind: 'failed' | 'parked'; readonly failure: string }> {
  const failure = failureCode(error)
  const { rows, now } = await context.records.load(customer, ['inbox'])
  const entry = rows.inbox.find((item) => isHeld(item, delivery))
  if (entry === undefined) return { kind: 'failed', failure }
  const value = failedRow(entry.value, failure, now)
  if (value.state === 'parked' && entry.value.state !== 'parked') {
    return { kind: (await putAside(context, entry, value)) ? 'parked' : 'failed', failure }
  }
  await context.records.commit(customer, [{ collection: 'inbox', id: entry.id, expect: entry.revision, value }])
  return { kind: value.state === 'parked' ? 'parked' : 'failed', failure }
}

/** Puts an event aside and tells of it, in one commit. `false` when someone else has it in hand by now. */
async function putAside(context: Context, entry: RecordEntry<'inbox'>, value: InboxRow): Promise<boolean> {
  const { customer, id, revision } = entry
  const write: RecordWrite = { collection: 'inbox', id, expect: revision, value }
  const data = { event: id, type: value.type, failure: value.failure ?? 'internal' }
  const { changed } = await changeEntitlements(context, customer, async () => {
    const { rows } = await context.records.load(customer, ['inbox'])
    const isOurs = rows.inbox.some((item) => isHeld(item, { event: id, revision }))
    return { writes: isOurs ? [write] : null, facts: [{ name: 'event.parked', data }], result: undefined }
  })
  return changed
}

/** Why an event cannot be taken now; `undefined` when it can. */
function holdOf({ state, leaseUntil, failure }: InboxRow, now: Instant, retries: boolean): EventClaim | undefined {
  switch (state) {
    case 'done':
      return { kind: 'done' }
    case 'parked':
      return { kind: 'parked', failure: failure ?? 'internal' }
    case 'failed':
      return retries ? undefined : { kind: 'failed', failure: failure ?? 'internal' }
    case 'processing':
      return leaseUntil > now ? { kind: 'in-flight' } : undefined
    default:
      return state satisfies never
  }
}

function claimedRow(known: InboxRow | undefined, type: string, now: Instant): InboxRow {
  return {
    type,
    state: 'processing',
    fencing: (known?.fencing ?? 0) + 1,
    leaseUntil: now + lease,
    attempts: known?.attempts ?? 0,
    outcome: null,
    failure: known?.failure ?? null,
    receivedAt: known?.receivedAt ?? now,
    keepUntil: now + keptFor,
  }
}

/** A row that can be taken over although it is being processed has lost its worker. */
function withoutWorker(row: InboxRow, now: Instant): InboxRow {
  return row.state === 'processing' ? failedRow(row, workerLost, now) : row
}

function failedRow(row: InboxRow, failure: string, now: Instant): InboxRow {
  const attempts = row.failure === failure ? row.attempts + 1 : 1
  const isParked = row.state === 'parked' || attempts >= mostAttempts
  return { ...row, state: isParked ? 'parked' : 'failed', attempts, failure, leaseUntil: now, keepUntil: isParked ? null : row.keepUntil }
}

function isHeld(entry: RecordEntry<'inbox'>, delivery: ClaimedDelivery): boolean {
  return entry.id === delivery.event && entry.revision === delivery.revision
}
