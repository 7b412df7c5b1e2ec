import { type Instant, type Milliseconds, minute } from '../../domain/instant.ts'
import { FareboxError, isFareboxError } from '../../errors/error.ts'
import type { Payments, PaymentIntent, PaymentStep, StepOutcome, StepRequest } from '../../ports/payments.ts'
import type { OperationRow, PutAsideChange, RecordEntry, RecordWrite } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { tooManyAtOnce } from '../customers/ensure-customer.ts'
import { failureCode } from '../failure-code.ts'
import { storeNow } from '../store-now.ts'
import { type Wait, waitFor } from '../wait.ts'
import { paymentFailureOf } from './payment-failure-of.ts'
import { paymentsOf } from './payments-of.ts'

/** A customer has one operation at a time, in one row; the last one stays there to be looked at. */
const rowId = 'current'

/** Who carries an operation out is given this long before a sweep does it. */
const patience = minute

/** What nobody has begun with after this long is not wanted any more: the customer saw an error and went away. */
const longestDelay = 15 * minute

/** How often a sweep looks whether what waits for a payment was paid. Stripe lets it wait for 23 hours at most. */
const waitingPause = 10 * minute

/** How long to wait for another who is making the same write, and how often to look. */
const pause: Milliseconds = 100
const mostPauses = 100

/** Stripe's answer to a write whose twin is under way: https://docs.stripe.com/error-codes#idempotency-key-in-use */
const inUse = 'idempotency_key_in_use'

/** Stripe's answer about what it does not have: https://docs.stripe.com/error-codes#resource-missing */
const gone = 'resource_missing'

/** Who meets one open operation after the other gives up at some point. */
const mostMet = 20

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

/** The row of a new operation, to be committed before its first write; only if the last one is still as it was known. */
export function newOperation(
  context: Context,
  known: OperationEntry | undefined,
  planned: PlannedOperation,
  now: Instant,
): { readonly id: string; readonly expect: number; readonly value: OperationRow } {
  const { subscription, intent, steps, putAside } = planned
  const operation = context.random.id()
  const value: OperationRow = {
    operation, subscription, intent, steps, outcomes: [], state: 'open', failure: null, createdAt: now, dueAt: now + patience,
    ...(putAside !== undefined && { putAside }),
  }
  return { id: rowId, expect: known?.revision ?? 0, value }
}

/**
 * Finishes what somebody else began, and answers the last operation as it is then. What has not begun after a quarter of
 * an hour is abandoned; what has begun is carried to its end, however old it is.
 *
 * @throws FareboxError `unavailable`; then it stays open; `conflict` where one follows the other without an end.
 */
export async function finishOperation(context: Context, customer: string, wait: Wait = waitFor): Promise<OperationEntry | undefined> {
  const { rows } = await context.records.load(customer, ['operations'])
  let entry = rows.operations.find(({ id }) => id === rowId)
  for (let met = 0; met < mostMet; met += 1) {
    if (entry === undefined || (entry.value.state !== 'open' && entry.value.state !== 'waiting')) return entry
    const { operation, state } = entry.value
    const payments = paymentsOf(context)
    entry = state === 'open' ? await carryOut(context, payments, entry, false, wait) : await lookAtWaiting(context, payments, entry)
    // Where somebody has begun another one meanwhile, that one is the lock: nothing may take its place before it is finished.
    if (entry.value.operation === operation && entry.value.state !== 'open') return entry
  }
  throw tooManyAtOnce()
}

/** Whether what waits for the customer still does, has taken effect, or never will. */
async function lookAtWaiting(context: Context, payments: Payments, entry: OperationEntry): Promise<OperationEntry> {
  const { subscription, operation, steps, outcomes, putAside } = entry.value
  const index = outcomes.length - 1
  const step = steps[index]
  const before = outcomes.slice(0, index)
  const now = context.clock.now()
  let found: StepOutcome | undefined
  try {
    found = step && (await payments.findStep({ subscription, operation, index, step, outcomes: before }))
  } catch (error) {
    // Where Stripe does not know the subscription any more, nobody may be kept from anything by what waited there.
    if (!isFareboxError(error) || error.reason !== gone) throw error
    return note(context, entry, { ...entry.value, state: 'refused', failure: failureCode(error), dueAt: null })
  }
  if (found === undefined) {
    return note(context, entry, { ...entry.value, ...(putAside === undefined ? { state: 'abandoned', dueAt: null } : { state: 'lapsed', dueAt: now }) })
  }
  if (found.kind === 'done') {
    // What was to follow the payment follows now.
    const isOver = outcomes.length === steps.length
    return note(context, entry, { ...entry.value, outcomes: [...before, found], ...(isOver ? { state: 'done', dueAt: null } : { state: 'open', dueAt: now }) })
  }
  const isDue = entry.value.dueAt !== null && entry.value.dueAt <= now
  return isDue ? note(context, entry, { ...entry.value, dueAt: now + waitingPause }) : entry
}

/** Ends an operation of which nothing is wanted any more. */
export async function abandonOperation(context: Context, entry: OperationEntry): Promise<void> {
  await note(context, entry, { ...entry.value, state: 'abandoned', dueAt: null })
}

/**
 * Makes the steps that are left, one after the other, each noted before the next. Several may do so at once: the keys are the
 * same, so each step takes effect once.
 *
 * @throws FareboxError `payments-failed` or `invalid-request` to the one whose operation it is, when Stripe refuses a step; `unavailable`.
 */
export async function carryOut(
  context: Context,
  payments: Payments,
  begun: OperationEntry,
  isOwn: boolean,
  wait: Wait = waitFor,
): Promise<OperationEntry> {
  let entry = begun
  for (let pauses = 0; entry.value.state === 'open' && entry.value.operation === begun.value.operation;) {
    const attempt = await attemptStep(context, payments, entry, isOwn)
    if (attempt.kind === 'in-use') {
      pauses += 1
      if (pauses > mostPauses) throw new FareboxError('conflict', 'The same change is under way')
      await wait(pause)
      entry = await reload(context, entry)
      continue
    }
    entry = await note(context, entry, afterAttempt(entry.value, attempt, context.clock.now()))
    if (attempt.kind === 'refused') {
      const { operation, subscription, steps, outcomes } = entry.value
      const made = steps.slice(0, outcomes.length).map(({ name }) => name).join(' ')
      context.logger.warn('Stripe refused a step of a change', { customer: entry.customer, operation, subscription, made, failure: attempt.failure, ...paymentFailureOf(attempt.error).log })
      if (isOwn) throw attempt.error
    }
  }
  return entry
}

/** What became of one step. */
type Attempt =
  | { readonly kind: 'made'; readonly outcome: StepOutcome }
  | { readonly kind: 'refused'; readonly failure: string; readonly error: FareboxError }
  | { readonly kind: 'abandoned' }
  | { readonly kind: 'in-use' }

async function attemptStep(context: Context, payments: Payments, { customer, value }: OperationEntry, isOwn: boolean): Promise<Attempt> {
  const { subscription, operation, outcomes, steps } = value
  const index = outcomes.length
  const step = steps[index]
  // An operation of no steps is none.
  if (step === undefined) return { kind: 'abandoned' }
  const request: StepRequest = { subscription, operation, index, step, outcomes }
  try {
    const found = isOwn ? undefined : await payments.findStep(request)
    if (found !== undefined) return { kind: 'made', outcome: found }
    if (!isOwn && index === 0) {
      const now = await storeNow(context, customer)
      if (now - value.createdAt > longestDelay) return { kind: 'abandoned' }
    }
    return { kind: 'made', outcome: await payments.runStep(request) }
  } catch (error) {
    if (!isFareboxError(error)) throw error
    if (error.reason === inUse) return { kind: 'in-use' }
    if (error.code !== 'payments-failed' && error.code !== 'invalid-request') throw error
    return { kind: 'refused', failure: failureCode(error), error }
  }
}

function afterAttempt(value: OperationRow, attempt: Exclude<Attempt, { kind: 'in-use' }>, now: Instant): OperationRow {
  switch (attempt.kind) {
    case 'made': {
      const outcomes = [...value.outcomes, attempt.outcome]
      const isOver = outcomes.length === value.steps.length
      const waits = attempt.outcome.kind === 'action-required' && (value.putAside !== undefined || !isOver)
      if (waits) return { ...value, outcomes, state: 'waiting', dueAt: now + waitingPause }
      return { ...value, outcomes, ...(isOver && { state: 'done', dueAt: null }) }
    }
    case 'refused': {
      // What made way for it is to come back.
      const isOver = value.putAside === undefined
      return { ...value, failure: attempt.failure, ...(isOver ? { state: 'refused', dueAt: null } : { state: 'lapsed', dueAt: now }) }
    }
    case 'abandoned':
      return { ...value, state: 'abandoned', dueAt: null }
    default:
      return attempt satisfies never
  }
}

/** Where somebody else noted it first, what they noted is what counts. */
async function note(context: Context, entry: OperationEntry, value: OperationRow): Promise<OperationEntry> {
  const { customer, id, revision } = entry
  const outcome = await context.records.commit(customer, [{ collection: 'operations', id, expect: revision, value }])
  return outcome.kind === 'committed' ? { customer, id, revision: revision + 1, value } : reload(context, entry)
}

async function reload(context: Context, entry: OperationEntry): Promise<OperationEntry> {
  const { rows } = await context.records.load(entry.customer, ['operations'])
  const found = rows.operations.find(({ id }) => id === entry.id)
  if (found !== undefined) return found
  throw new FareboxError('conflict', 'The customer was erased meanwhile')
}
