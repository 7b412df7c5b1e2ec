import { type Instant, day, minute } from '../domain/instant.ts'
import type { InboxRow, RecordEntry, RecordWrite } from '../ports/record-store.ts'
import { changeEntitlements } from './change-entitlements.ts'
import type { Delivery, Settlement } from './coalesce-convergence.ts'
import type { Context } from './context.ts'
import { failureCode } from './failure-code.ts'

/** Longer than Stripe retries (3 days) and than its events can be sent again (30 days). */
const keptFor = 35 * day

/** An event that failed this often in the same way is put aside, and so is one that so many workers began with and did not end. */
const mostAttempts = 8

/** Stripe sends an event within seconds, so that what comes later may have been sent before. */
const promptly = minute

/** The failure of an event that none of its workers came to an end with. */
const unended = 'interrupted'

type InboxEntry = RecordEntry<'inbox'>

/** What became of an event before; `undefined` when it is still to be done. `isNoted`: this worker is the one that began with it last. */
export function settledBefore(known: InboxEntry | undefined, { isReplay }: Delivery, isNoted: boolean): Settlement | undefined {
  if (known === undefined) return undefined
  const { state, failure, begun = 0 } = known.value
  switch (state) {
    case 'done':
      return { kind: 'duplicate' }
    case 'parked':
      return isReplay ? undefined : { kind: 'parked', failure: failure ?? 'internal' }
    case 'failed':
      return begun < mostAttempts || isReplay || isNoted ? undefined : { kind: 'unended' }
    default:
      return state satisfies never
  }
}

/**
 * Marks an event as done, provided that nobody else did: it belongs into the commit of what the event tells of, so that
 * of all who received it one commits, and the others find it done.
 */
export function doneWrite(
  known: InboxEntry | undefined,
  { event, type }: Delivery,
  outcome: NonNullable<InboxRow['outcome']>,
  now: Instant,
): RecordWrite {
  const before = endedRow(known?.value ?? newRow(type, now))
  const value: InboxRow = { ...before, state: 'done', outcome, failure: null, keepUntil: before.keepUntil ?? now + keptFor }
  return { collection: 'inbox', id: event, expect: known?.revision ?? 0, value }
}

/**
 * Of deliveries that are to be tried, those that may have ended a worker before, each with the row that says that another one
 * begins with it. An event that comes in time costs no such note.
 */
export function begunEntries(
  customer: string,
  deliveries: readonly Delivery[],
  known: ReadonlyMap<string, InboxEntry>,
  now: Instant,
): readonly InboxEntry[] {
  return deliveries.filter((delivery) => isLate(delivery, now)).map(({ event, type }) => {
    const { revision = 0, value = newRow(type, now) } = known.get(event) ?? {}
    return { customer, id: event, revision: revision + 1, value: begunRow(value) }
  })
}

function isLate({ createdAt, isReplay }: Delivery, now: Instant): boolean {
  return !isReplay && (createdAt === null || now - createdAt > promptly)
}

/** An event of which a worker did not come to an end, as another one begins with it; `null` where that was tried often enough. */
export function begunAgain(row: InboxRow): InboxRow | null {
  return (row.begun ?? 0) < mostAttempts ? begunRow(row) : null
}

function begunRow(row: InboxRow): InboxRow {
  return { ...row, begun: (row.begun ?? 0) + 1 }
}

/** Something was heard of whoever began with it last. */
export function endedRow({ begun: _begun, ...row }: InboxRow): InboxRow {
  return row
}

/** What was written down of a failure. */
export interface RecordedFailure {
  readonly kind: 'failed' | 'parked'
  readonly failure: string
}

/** Puts an event aside that ended every worker who began with it. */
export async function parkUnended(context: Context, customer: string, { event, type }: Pick<Delivery, 'event' | 'type'>): Promise<RecordedFailure> {
  const { rows, now } = await context.records.load(customer, ['inbox'], { inbox: [event] })
  const [known] = rows.inbox
  if (known?.value.state === 'parked') return { kind: 'parked', failure: known.value.failure ?? unended }
  const value: InboxRow = { ...endedRow(known?.value ?? newRow(type, now)), state: 'parked', failure: unended, keepUntil: null }
  const isParked = await putAside(context, customer, { collection: 'inbox', id: event, expect: known?.revision ?? 0, value }, value)
  return { kind: isParked ? 'parked' : 'failed', failure: unended }
}

/**
 * Writes down that an event failed. Failures in the same way are counted; with the eighth the event is put aside, and
 * handlers of `event.parked` are told. One that was put aside stays so. Writes nothing where somebody else was faster.
 */
export async function recordFailure(
  context: Context,
  customer: string,
  { event, type }: Delivery,
  error: unknown,
): Promise<RecordedFailure> {
  const failure = failureCode(error)
  const { rows, now } = await context.records.load(customer, ['inbox'], { inbox: [event] })
  const known = rows.inbox.find(({ id }) => id === event)
  if (known?.value.state === 'done') return { kind: 'failed', failure }
  const value = failedRow(known?.value ?? newRow(type, now), failure)
  const write: RecordWrite = { collection: 'inbox', id: event, expect: known?.revision ?? 0, value }
  if (value.state === 'parked' && known?.value.state !== 'parked') {
    return { kind: (await putAside(context, customer, write, value)) ? 'parked' : 'failed', failure }
  }
  await context.records.commit(customer, [write])
  return { kind: value.state === 'parked' ? 'parked' : 'failed', failure }
}

/** Puts an event aside and tells of it, in one commit. `false` when somebody else has dealt with it meanwhile. */
async function putAside(context: Context, customer: string, write: RecordWrite, { type, failure }: InboxRow): Promise<boolean> {
  const { id: event, expect = 0 } = write
  const data = { event, type, failure: failure ?? 'internal' }
  const { changed } = await changeEntitlements(context, customer, async () => {
    const { rows } = await context.records.load(customer, ['inbox'], { inbox: [event] })
    const isOurs = (rows.inbox.find(({ id }) => id === event)?.revision ?? 0) === expect
    return { writes: isOurs ? [write] : null, facts: [{ name: 'event.parked', data }], result: undefined }
  })
  return changed
}

/** Puts an event aside that nobody has seen before. */
export function parkedWrite({ event, type }: Pick<Delivery, 'event' | 'type'>, failure: string, now: Instant): RecordWrite {
  const value: InboxRow = { ...newRow(type, now), state: 'parked', attempts: 1, failure, keepUntil: null }
  return { collection: 'inbox', id: event, expect: 0, value }
}

function newRow(type: string, now: Instant): InboxRow {
  return { type, state: 'failed', attempts: 0, outcome: null, failure: null, receivedAt: now, keepUntil: now + keptFor }
}

function failedRow(row: InboxRow, failure: string): InboxRow {
  const attempts = row.failure === failure ? row.attempts + 1 : 1
  const isParked = row.state === 'parked' || attempts >= mostAttempts
  return { ...endedRow(row), state: isParked ? 'parked' : 'failed', attempts, failure, keepUntil: isParked ? null : row.keepUntil }
}
