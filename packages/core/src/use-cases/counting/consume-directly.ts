import type { Decision } from '../../domain/decision.ts'
import type { PlanClaims } from '../../domain/plan-claims.ts'
import type { DirectUsage, UsageOutcome } from '../../ports/usage-store.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { decisionOf, plainDecisionOf } from '../decisions/explain-decision.ts'
import type { MaybePromise } from '../maybe-promise.ts'

/**
 * Counts by the short way into a store of this process, for a customer about whom the same was asked before: no promise,
 * no look at claims or records, and for one counter no operation either. `undefined` where nothing was counted and the
 * whole way has to be gone; a promise where a refusal has to be explained by what is loaded first.
 */
export function consumeDirectly(
  context: Context,
  direct: DirectUsage,
  customer: string,
  feature: string,
  amount: number,
  key: string | null,
  planClaims: PlanClaims | null,
): MaybePromise<Decision> | undefined {
  const place = direct.find(customer)
  const question = place && context.notes.find(place, feature, planClaims)
  if (place === undefined || question === undefined) return undefined
  const { plain } = question
  const { keyFor } = context
  if (key !== null) checkId(key, 'idempotencyKey')
  if (plain !== null) {
    const outcome = direct.count(place, plain, amount, key, keyFor)
    if (outcome === 'unanswered') return undefined
    return plainDecisionOf(context.catalog, amount, question, plain, direct, outcome === 'taken')
  }
  const { freshness, gates, buckets } = question
  const outcome = direct.consume({ verb: 'consume', customer, feature, amount, key, keyFor, freshness, gates, buckets })
  return outcome !== undefined && isOfThePresent(outcome) ? decisionOf(context.catalog, amount, question, outcome) : undefined
}

/** A key that is known is answered whatever the question: the numbers beside it may be of an older one. */
function isOfThePresent(outcome: UsageOutcome): boolean {
  return outcome.kind === 'refused' || (outcome.kind === 'taken' && !outcome.repeated)
}
