import { checkOptionalAmount } from '../domain/amount.ts'
import type { Decision } from '../domain/decision.ts'
import type { PlanClaims } from '../domain/plan-claims.ts'
import type { ConsumeOperation } from '../ports/usage-store.ts'
import type { Context } from './context.ts'
import { type MaybePromise, chain } from './maybe-promise.ts'
import { takeUsage } from './take-usage.ts'

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
  const take = {
    customer: request.customer,
    feature: request.feature,
    amount: checkOptionalAmount(request.amount, 1, 'amount'),
    idempotencyKey: request.idempotencyKey ?? null,
    planClaims: request.planClaims ?? null,
  }
  return chain(
    takeUsage(context, take, (operation): ConsumeOperation => ({ verb: 'consume', ...operation })),
    (taken) => taken.decision,
  )
}
