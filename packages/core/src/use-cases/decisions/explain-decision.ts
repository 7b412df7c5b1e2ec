import type { Catalog } from '../../domain/catalog.ts'
import type { Decision } from '../../domain/decision.ts'
import type { DirectUsage, UsageOutcome } from '../../ports/usage-store.ts'
import type { MaybePromise } from '../maybe-promise.ts'
import { onRefusal } from './on-refusal.ts'
import type { PlainQuestion, Question } from './question.ts'
import { noGates, untold, whole, written } from './write-decision.ts'

/** Turns the store's outcome into a decision that explains itself. */
export function decisionOf(catalog: Catalog, amount: number, question: Question, outcome: UsageOutcome): MaybePromise<Decision> {
  if (outcome.kind !== 'taken') return onRefusal((use) => use.refusalOf(catalog, amount, question, outcome), () => untold(question))
  const { repeated, drawn, keyUntil } = outcome
  return whole(question, outcome, { reason: 'allowed', repeated, drawn, retryAt: null, keyUntil })
}

/** As {@link decisionOf}, for a question of one bucket and no gates, and the counter of that bucket. */
export function plainDecisionOf(
  catalog: Catalog,
  amount: number,
  question: Question,
  plain: PlainQuestion,
  { used, reserved, keyUntil }: Pick<DirectUsage, 'used' | 'reserved' | 'keyUntil'>,
  isTaken: boolean,
): MaybePromise<Decision> {
  const { bucket } = plain.counter
  const { limit } = bucket
  const remaining = limit === null ? null : Math.max(0, limit - used - reserved)
  if (!isTaken) {
    return onRefusal((use) => use.plainRefusalOf(catalog, amount, question, limit, used, reserved, remaining), () => untold(question))
  }
  const drawn = amount === 1 ? plain.drawOfOne : [{ bucket: bucket.id, kind: bucket.kind, amount }]
  return written(question, limit, used, reserved, remaining, 0, noGates, { reason: 'allowed', repeated: false, drawn, retryAt: null, keyUntil })
}
