import { type Instant, type Milliseconds, minute } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { PaymentIntent, PaymentStep } from '../../ports/payments.ts'
import type { OperationRow, PutAsideChange, RecordEntry, RecordWrite } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'

/** A customer has one operation at a time, in one row; the last one stays there to be looked at. */
const rowId = 'current'

/** Who carries an operation out is given this long before a sweep does it. */
const patience = minute

/** How often a sweep looks whether what waits for a payment was paid. Stripe lets it wait for 23 hours at most. */
export const waitingPause: Milliseconds = 10 * minute

export type OperationEntry = RecordEntry<'operations'>

/** Writes the row as it is, on the condition that it still is: so two commits that need the same past cannot both happen. */
export function unchangedOperation(known: OperationEntry | undefined): RecordWrite {
  return { collection: 'operations', id: rowId, expect: known?.revision ?? 0, value: known?.value ?? null }
}

/** What an operation consists of. */
export interface PlannedOperation {
  readonly subscription: string
  readonly intent: PaymentIntent
  readonly steps: readonly PaymentStep[]
  readonly putAside?: PutAsideChange | undefined
}

/**
 * A new operation: the write that notes it before its first step, only if the last one is still as it was known, and the entry
 * that this makes.
 */
export function newOperation(
  { random }: Context,
  customer: string,
  known: OperationEntry | undefined,
  { subscription, intent, steps, putAside }: PlannedOperation,
  now: Instant,
): { readonly write: RecordWrite; readonly entry: OperationEntry } {
  const expect = known?.revision ?? 0
  const value: OperationRow = {
    operation: random.id(), subscription, intent, steps, outcomes: [], state: 'open', failure: null, createdAt: now, dueAt: now + patience,
    ...(putAside !== undefined && { putAside }),
  }
  return {
    write: { collection: 'operations', id: rowId, expect, value },
    entry: { customer, id: rowId, revision: expect + 1, value },
  }
}

/** The customer's last operation, if there was one. */
export async function findOperation(context: Context, customer: string): Promise<OperationEntry | undefined> {
  const { rows } = await context.records.load(customer, ['operations'])
  return rows.operations.find(({ id }) => id === rowId)
}

/** The operation of a customer who has one. @throws FareboxError `conflict` where it is gone. */
export async function getOperation(context: Context, customer: string): Promise<OperationEntry> {
  const found = await findOperation(context, customer)
  if (found !== undefined) return found
  throw new FareboxError('conflict', 'The customer was erased meanwhile')
}

/** Notes what changes of an operation. Where somebody else noted something first, that is what counts, and what is answered. */
export async function noteOperation(
  context: Context,
  { customer, id, revision, value: before }: OperationEntry,
  change: Partial<OperationRow>,
): Promise<OperationEntry> {
  const value = { ...before, ...change }
  const outcome = await context.records.commit(customer, [{ collection: 'operations', id, expect: revision, value }])
  return outcome.kind === 'committed' ? { customer, id, revision: revision + 1, value } : getOperation(context, customer)
}

/** Ends an operation of which nothing is wanted any more. */
export async function abandonOperation(context: Context, entry: OperationEntry): Promise<void> {
  await noteOperation(context, entry, { state: 'abandoned', dueAt: null })
}
