import { isFareboxError } from '../../errors/error.ts'
import type { Payments, StepOutcome } from '../../ports/payments.ts'
import type { OperationRow } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { tooManyAtOnce } from '../customers/ensure-customer.ts'
import { failureCode } from '../failure-code.ts'
import { type Wait, waitFor } from '../wait.ts'
import { carryOut } from './carry-out.ts'
import { type OperationEntry, findOperation, noteOperation, waitingPause } from './operation-rows.ts'
import { paymentsOf } from './payments-of.ts'

/** Stripe's answer about what it does not have: https://docs.stripe.com/error-codes#resource-missing */
const gone = 'resource_missing'

/** Who meets one open operation after the other gives up at some point. */
const mostMet = 20

/**
 * Finishes what somebody else began, and answers the last operation as it is then. What has not begun after a quarter of
 * an hour is abandoned; what has begun is carried to its end, however old it is.
 *
 * @throws FareboxError `unavailable`; then it stays open; `conflict` where one follows the other without an end.
 */
export async function finishOperation(context: Context, customer: string, wait: Wait = waitFor): Promise<OperationEntry | undefined> {
  let entry = await findOperation(context, customer)
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
  const step = putAside?.awaits ?? steps[index]
  const before = outcomes.slice(0, index)
  const now = context.clock.now()
  let found: StepOutcome | undefined
  try {
    found = step && (await payments.findStep({ subscription, operation, index, step, outcomes: before }))
  } catch (error) {
    // Where Stripe does not know the subscription any more, nobody may be kept from anything by what waited there.
    if (!isFareboxError(error) || error.reason !== gone) throw error
    return noteOperation(context, entry, { state: 'refused', failure: failureCode(error), dueAt: null })
  }
  if (found === undefined) {
    return noteOperation(context, entry, putAside === undefined ? { state: 'abandoned', dueAt: null } : { state: 'lapsed', dueAt: now })
  }
  if (found.kind === 'done') {
    // What was to follow the payment follows now.
    const isOver = putAside?.awaits !== undefined || outcomes.length === steps.length
    const ending: Partial<OperationRow> = isOver ? { state: 'done', dueAt: null } : { state: 'open', dueAt: now }
    return noteOperation(context, entry, { outcomes: [...before, found], ...ending })
  }
  const isDue = entry.value.dueAt !== null && entry.value.dueAt <= now
  return isDue ? noteOperation(context, entry, { dueAt: now + waitingPause }) : entry
}
