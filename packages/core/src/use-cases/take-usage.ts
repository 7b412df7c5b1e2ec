import type { Decision } from '../domain/decision.ts'
import type { MeteredFeature } from '../domain/feature.ts'
import type { Instant } from '../domain/instant.ts'
import type { PlanClaims } from '../domain/plan-claims.ts'
import { FareboxError } from '../errors/error.ts'
import type { ConsumeOperation, ReserveOperation, UsageOutcome } from '../ports/usage-store.ts'
import type { Context } from './context.ts'
import { checkId, ensureCustomer } from './customers.ts'
import { decisionOf, undecided } from './explain-decision.ts'
import { guessBy } from './guess-by.ts'
import { type MaybePromise, attempt, chain } from './maybe-promise.ts'
import type { Evidence, Question } from './question.ts'

/** What every use-case that takes usage is asked. */
export interface TakeRequest {
  readonly customer: string
  readonly feature: string
  readonly amount: number
  readonly idempotencyKey: string | null
  readonly planClaims: PlanClaims | null
}

/** The verb's own part of an operation. */
export type OperationOf = (take: Omit<ConsumeOperation, 'verb'>, question: Question) => ConsumeOperation | ReserveOperation

/** A decision, and the store's outcome where it gave one. */
export interface Taken {
  readonly decision: Decision
  readonly outcome: Extract<UsageOutcome, { kind: 'taken' }> | null
}

/**
 * Asks the usage store the one question. What the caller knows is tried first; when the store calls it stale, the
 * customer is loaded once and the second answer stands. A store that cannot answer denies, unless the feature was
 * declared `onError: 'allow'`.
 */
export function takeUsage(context: Context, request: TakeRequest, operationOf: OperationOf): MaybePromise<Taken> {
  const { customer, feature, planClaims, idempotencyKey } = request
  checkId(customer, 'customer')
  if (idempotencyKey !== null) checkId(idempotencyKey, 'idempotencyKey')
  const definition = meteredFeature(context, feature)
  return attempt(
    () => {
      const guess = guessBy(context, customer, planClaims, (evidence) => {
        const question = context.questions.ask(evidence, feature, definition, context.clock.now())
        return question && { evidence, question }
      })
      if (guess === undefined) return reload(context, request, definition, operationOf, null)
      return chain(submit(context, request, guess.question, operationOf), (outcome) =>
        outcome.kind === 'stale'
          ? reload(context, request, definition, operationOf, outcome.now)
          : taken(context, request, guess.evidence, guess.question, outcome),
      )
    },
    (error): Taken => ({ decision: undecided(context, feature, definition.onError, error), outcome: null }),
  )
}

/** @throws FareboxError `invalid-request` unless the catalog has a metered feature of that name. */
export function meteredFeature(context: Context, feature: string): MeteredFeature {
  const definition = Object.hasOwn(context.catalog.features, feature) ? context.catalog.features[feature] : undefined
  if (definition?.kind === 'metered') return definition
  const names = Object.entries(context.catalog.features).flatMap(([key, item]) => (item.kind === 'metered' ? [key] : []))
  throw new FareboxError('invalid-request', 'The feature is not metered', {
    faults: [{ path: 'feature', message: `Name a metered feature of the catalog: ${names.join(', ')}` }],
  })
}

/** `present` is the usage store's, which decides, or `null` where it was not asked yet. */
function reload(
  context: Context,
  request: TakeRequest,
  definition: MeteredFeature,
  operationOf: OperationOf,
  present: Instant | null,
): MaybePromise<Taken> {
  return chain(ensureCustomer(context, request.customer), ({ records, now }) => {
    const evidence: Evidence = { by: 'records', records, loaded: true }
    const question = context.questions.ask(evidence, request.feature, definition, present ?? now)
    if (question === undefined) throw new FareboxError('unavailable', 'The records gave no answer')
    return chain(submit(context, request, question, operationOf), (outcome) => {
      context.cache.put(records)
      return taken(context, request, evidence, question, outcome)
    })
  })
}

function submit(
  context: Context,
  request: TakeRequest,
  question: Question,
  operationOf: OperationOf,
): MaybePromise<UsageOutcome> {
  const { customer, feature, amount, idempotencyKey: key } = request
  const { freshness, gates, buckets } = question
  const take = { customer, feature, amount, key, keyFor: context.keyFor, freshness, gates, buckets }
  return context.batcher.submit(operationOf(take, question))
}

function taken(context: Context, request: TakeRequest, evidence: Evidence, question: Question, outcome: UsageOutcome): Taken {
  const { direct } = context.givenUsage.execute
  if (direct !== undefined) context.notes.write(direct, request.customer, evidence, question)
  const decision = decisionOf(context.catalog, request.amount, question, outcome)
  return { decision, outcome: outcome.kind === 'taken' ? outcome : null }
}
