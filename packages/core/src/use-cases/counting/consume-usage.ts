import { checkOptionalAmount } from '../../domain/amount.ts'
import type { Decision } from '../../domain/decision.ts'
import type { PlanClaims } from '../../domain/plan-claims.ts'
import { isPromise } from '../../ports/is-promise.ts'
import type { Context } from '../context.ts'
import type { MaybePromise } from '../maybe-promise.ts'
import { consumeDirectly } from './consume-directly.ts'
import { type TakeVerb, takeUsage } from './take-usage.ts'

/** What to count. */
export interface ConsumeRequest<Feature extends string = string> {
  readonly customer: string
  readonly feature: Feature
  /** In the feature's smallest unit; 1 unless said otherwise. */
  readonly amount?: number
  /** Your name for this attempt, unique within the customer: a repeat counts nothing and answers the same. */
  readonly idempotencyKey?: string
  /** Claims of a verified token, which spare a look at the records. */
  readonly planClaims?: PlanClaims | null
}

/** Counts usage if it is allowed, in one atomic step: all of the amount or nothing. */
export function consumeUsage(context: Context, request: ConsumeRequest): MaybePromise<Decision> {
  const { customer, feature } = request
  const amount = checkOptionalAmount(request.amount, 1, 'amount')
  const idempotencyKey = request.idempotencyKey ?? null
  const planClaims = request.planClaims ?? null
  const { direct } = context.givenUsage.execute
  if (direct !== undefined) {
    const decision = consumeDirectly(context, direct, customer, feature, amount, idempotencyKey, planClaims)
    if (isPromise(decision)) return context.underWay.keep(decision)
    if (decision !== undefined) return decision
  }
  return takeUsage(context, { customer, feature, amount, idempotencyKey, planClaims }, consumption)
}

const consumption: TakeVerb<Decision> = {
  operationOf: ({ customer, feature, amount, idempotencyKey: key }, { freshness, gates, buckets }, keyFor) => ({
    verb: 'consume', customer, feature, amount, key, keyFor, freshness, gates, buckets,
  }),
  answerOf: (decision) => decision,
}
