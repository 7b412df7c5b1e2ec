import { type Milliseconds, day, hour } from '../../domain/instant.ts'
import type { OperationRow, RecordEntry } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { convergeCustomer } from '../converging/converge.ts'
import { settleOperation } from '../converging/settle-operation.ts'
import { storeNow } from '../store-now.ts'
import type { StuckOperation, UndoneEvent } from './reconcile-report.ts'
import { replayEvent } from './replay.ts'

/** Whoever carries an operation out takes seconds. */
export const stuckAfter: Milliseconds = hour

/** An event that was not done, and what became of it when it was tried again. */
export async function reconcileEvent(
  context: Context,
  entry: RecordEntry<'inbox'>,
  isDryRun: boolean,
): Promise<readonly [UndoneEvent]> {
  const { customer, id: event, value } = entry
  const kind = value.state === 'parked' ? 'parked-event' : 'failed-event'
  const known = { kind, customer, event, type: value.type, failure: value.failure } as const
  if (isDryRun) return [{ ...known, repaired: false }]
  const outcome = await replayEvent(context, entry)
  const isUndone = outcome.kind === 'failed' || outcome.kind === 'parked' || outcome.kind === 'in-progress'
  return [{ ...known, failure: outcome.failure ?? value.failure, repaired: !isUndone }]
}

/** A change that somebody began and left, finished or given up. */
export async function reconcileOperation(
  context: Context,
  { customer, value }: RecordEntry<'operations'>,
  isDryRun: boolean,
): Promise<readonly StuckOperation[]> {
  const { operation, subscription, intent, createdAt: since, state } = value
  const now = await storeNow(context, customer)
  if (!isLeft(state) || since > now - (state === 'open' ? stuckAfter : day)) return []
  const known = { kind: 'stuck-operation', customer, operation, subscription, intent: intent.kind, since } as const
  if (isDryRun) return [{ ...known, repaired: false }]
  await settleOperation(context, customer)
  await convergeCustomer(context, customer)
  const { rows: after } = await context.records.load(customer, ['operations'])
  const isOpen = after.operations.some((entry) => entry.value.operation === operation && isLeft(entry.value.state))
  return [{ ...known, repaired: !isOpen }]
}

/** What waits for a payment does so for less than a day. */
function isLeft(state: OperationRow['state']): boolean {
  return state === 'open' || state === 'waiting' || state === 'lapsed'
}
