import { type Instant, day, minute } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { InboxRow, RecordEntry, RecordWrite } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { failureCode } from '../failure-code.ts'
import { changeEntitlements } from './change-entitlements.ts'
import { type Delivery, type Settlement, isLate } from './coalesce-convergence.ts'

/** Longer than Stripe retries (3 days) and than its events can be sent again (30 days). */
const keptFor = 35 * day

/** An event that failed this often in the same way is put aside, and so is one that so many workers began with and did not end. */
const mostAttempts = 8

/** Who began with an event within it may yet be at it, and others beside: all of them count as one. */
const longestTry = minute

/** Under this name stands what is about a customer that could not be found out. */
export const nobody = 'farebox:nobody'

/** The failure of an event that none of its workers came to an end with. */
export function unended(): FareboxError {
  return new FareboxError('unavailable', 'Interrupted', { reason: 'interrupted' })
}

type InboxEntry = RecordEntry<'inbox'>

/** What became of an event before; `undefined` when it is still to be done. `hasBegun`: this worker is at it already. */
export function settledBefore(known: InboxEntry | undefined, { isReplay }: Delivery, hasBegun: boolean, now: Instant): Settlement | undefined {
  if (known === undefined) return undefined
  const { state, failure } = known.value
  switch (state) {
    case 'done':
      return { kind: 'duplicate' }
    case 'parked':
      return isReplay ? undefined : { kind: 'parked', failure: failure ?? 'internal' }
    case 'failed':
      return isUnended(known.value, now) && !isReplay && !hasBegun ? { kind: 'unended' } : undefined
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
  { event, type }: Pick<Delivery, 'event' | 'type'>,
  outcome: NonNullable<InboxRow['outcome']>,
  now: Instant,
): RecordWrite {
  const before = endedRow(known?.value ?? newRow(type, now))
  const value: InboxRow = { ...before, state: 'done', outcome, failure: null, keepUntil: before.keepUntil ?? now + keptFor }
  return { collection: 'inbox', id: event, expect: known?.revision ?? 0, value }
}

/**
 * Of deliveries that are to be tried, the notes that a worker begins with those that may have ended one before. An event that
 * comes in time costs no such note, nor does one that somebody else may be at.
 */
export function begunWrites(deliveries: readonly Delivery[], known: ReadonlyMap<string, InboxEntry>, now: Instant): readonly RecordWrite[] {
  return deliveries
    .filter((delivery) => !delivery.isReplay && isLate(delivery, now))
    .map(({ event: id, type }) => known.get(id) ?? { id, revision: 0, value: newRow(type, now) })
    .filter(({ value }) => !mayBeUnderWay(value, now))
    .map((entry) => begunWrite(entry, now))
}

/** The note that a worker begins with an event. */
export function begunWrite({ id, revision, value }: Pick<InboxEntry, 'id' | 'revision' | 'value'>, now: Instant): RecordWrite {
  return { collection: 'inbox', id, expect: revision, value: { ...value, begun: (value.begun ?? 0) + 1, begunAt: now } }
}

/** Whether whoever began with an event last may yet come to an end with it. */
export function mayBeUnderWay({ begunAt }: InboxRow, now: Instant): boolean {
  return begunAt !== undefined && now - begunAt < longestTry
}

/** Whether as many workers began with an event as may, one after the other, and nothing was heard of any. */
export function isUnended(row: InboxRow, now: Instant): boolean {
  return (row.begun ?? 0) >= mostAttempts && !mayBeUnderWay(row, now)
}

/** Something was heard of whoever began with it last. */
export function endedRow({ begun: _begun, begunAt: _begunAt, sweptAt: _sweptAt, ...row }: InboxRow): InboxRow {
  return row
}

/**
 * Writes down that an event failed. Failures in the same way are counted; with the eighth the event is put aside, and
 * handlers of `event.parked` are told, unless it is {@link nobody}'s. {@link unended} puts it aside at once, and one that was put aside
 * stays so. Writes nothing where somebody else was faster. `about`: what the event names, where it is not known whose that is.
 */
export async function recordFailure(
  context: Context,
  customer: string,
  { event, type }: Pick<Delivery, 'event' | 'type'>,
  error: unknown,
  about?: string,
): Promise<{ readonly kind: 'failed' | 'parked'; readonly failure: string }> {
  const failure = failureCode(error)
  const { rows, now } = await context.records.load(customer, ['inbox'], { inbox: [event] })
  const known = rows.inbox.find(({ id }) => id === event)
  if (known?.value.state === 'done') return { kind: 'failed', failure }
  const value = failedRow(known?.value ?? { ...newRow(type, now), ...(about !== undefined && { about }) }, failure)
  const write: RecordWrite = { collection: 'inbox', id: event, expect: known?.revision ?? 0, value }
  if (value.state === 'parked' && known?.value.state !== 'parked') {
    return { kind: (await putAside(context, customer, write, value)) ? 'parked' : 'failed', failure }
  }
  await context.records.commit(customer, [write])
  return { kind: value.state === 'parked' ? 'parked' : 'failed', failure }
}

/** Puts an event aside and tells of it, in one commit. `false` when somebody else has dealt with it meanwhile. */
async function putAside(context: Context, customer: string, write: RecordWrite, { type, failure }: InboxRow): Promise<boolean> {
  if (customer === nobody) return (await context.records.commit(nobody, [write])).kind === 'committed'
  const { id: event, expect = 0 } = write
  const data = { event, type, failure: failure ?? 'internal' }
  const { changed } = await changeEntitlements(context, customer, async () => {
    const { rows } = await context.records.load(customer, ['inbox'], { inbox: [event] })
    const isOurs = (rows.inbox.find(({ id }) => id === event)?.revision ?? 0) === expect
    return { writes: isOurs ? [write] : null, facts: [{ name: 'event.parked', data }], result: undefined }
  })
  return changed
}

function newRow(type: string, now: Instant): InboxRow {
  return { type, state: 'failed', attempts: 0, outcome: null, failure: null, receivedAt: now, keepUntil: null }
}

function failedRow(row: InboxRow, failure: string): InboxRow {
  const attempts = row.failure === failure ? row.attempts + 1 : 1
  const isParked = row.state === 'parked' || attempts >= mostAttempts || failure === failureCode(unended())
  return { ...endedRow(row), state: isParked ? 'parked' : 'failed', attempts, failure }
}
