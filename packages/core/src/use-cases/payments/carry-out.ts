import { type Instant, type Milliseconds, minute } from '../../domain/instant.ts'
import { FareboxError, isFareboxError } from '../../errors/error.ts'
import type { Payments, StepOutcome, StepRequest } from '../../ports/payments.ts'
import type { OperationRow } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { failureCode } from '../failure-code.ts'
import { storeNow } from '../store-now.ts'
import { type Wait, waitFor } from '../wait.ts'
import { type OperationEntry, getOperation, noteOperation, waitingPause } from './operation-rows.ts'
import { paymentFailureOf } from './payment-failure-of.ts'

/** What nobody has begun with after this long is not wanted any more: the customer saw an error and went away. */
const longestDelay = 15 * minute

/** How long to wait for another who is making the same write, and how often to look. */
const pause: Milliseconds = 100
const mostPauses = 100

/** Stripe's answer to a write whose twin is under way: https://docs.stripe.com/error-codes#idempotency-key-in-use */
const inUse = 'idempotency_key_in_use'

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
      entry = await getOperation(context, entry.customer)
      continue
    }
    entry = await noteOperation(context, entry, afterAttempt(entry.value, attempt, context.clock.now()))
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

/** What an attempt changes of its operation. */
function afterAttempt(value: OperationRow, attempt: Exclude<Attempt, { kind: 'in-use' }>, now: Instant): Partial<OperationRow> {
  const waiting = { state: 'waiting', dueAt: now + waitingPause } as const
  // What was wanted beside it is over, however it went; it goes on waiting.
  const isAwaiting = value.putAside?.awaits !== undefined
  switch (attempt.kind) {
    case 'made': {
      const outcomes = [...value.outcomes, attempt.outcome]
      const isOver = outcomes.length === value.steps.length
      const waits = attempt.outcome.kind === 'action-required' && (value.putAside !== undefined || !isOver)
      if (waits || (isOver && isAwaiting)) return { outcomes, ...waiting }
      return { outcomes, ...(isOver && { state: 'done', dueAt: null }) }
    }
    case 'refused': {
      if (isAwaiting) return { failure: attempt.failure, ...waiting }
      // What made way for it is to come back.
      const isOver = value.putAside === undefined
      return { failure: attempt.failure, ...(isOver ? { state: 'refused', dueAt: null } : { state: 'lapsed', dueAt: now }) }
    }
    case 'abandoned':
      return isAwaiting ? waiting : { state: 'abandoned', dueAt: null }
    default:
      return attempt satisfies never
  }
}
