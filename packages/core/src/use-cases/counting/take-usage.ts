import type { Decision } from '../../domain/decision.ts'
import { entryOf } from '../../domain/entry-of.ts'
import type { MeteredFeature } from '../../domain/feature.ts'
import type { Instant, Milliseconds } from '../../domain/instant.ts'
import type { PlanClaims } from '../../domain/plan-claims.ts'
import { FareboxError, invalidRequest, isFareboxError } from '../../errors/error.ts'
import { isPromise } from '../../ports/is-promise.ts'
import type { ConsumeOperation, ReserveOperation, UsageOutcome } from '../../ports/usage-store.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { ensureCustomer } from '../customers/ensure-customer.ts'
import { decisionOf } from '../decisions/explain-decision.ts'
import { guessBy } from '../decisions/guess-by.ts'
import { onRefusal } from '../decisions/on-refusal.ts'
import type { Evidence, Question } from '../decisions/question.ts'
import { untold } from '../decisions/write-decision.ts'
import { type MaybePromise, chain } from '../maybe-promise.ts'
import type { Asker } from './usage-batcher.ts'

/** What every use-case that takes usage is asked. */
export interface TakeRequest {
  readonly customer: string
  readonly feature: string
  readonly amount: number
  readonly idempotencyKey: string | null
  readonly planClaims: PlanClaims | null
}

/** How one verb asks, and what it makes of the decision. */
export interface TakeVerb<Answer> {
  readonly operationOf: (request: TakeRequest, question: Question, keyFor: Milliseconds) => ConsumeOperation | ReserveOperation
  /** `outcome` is the store's, where it gave one. */
  readonly answerOf: (decision: Decision, outcome: TakenOutcome | null) => Answer
}

type TakenOutcome = Extract<UsageOutcome, { kind: 'taken' }>

/**
 * Asks the usage store the one question. What the caller knows is tried first; when the store calls it stale, the
 * customer is loaded once and the second answer stands. A store that cannot answer denies, unless the feature was
 * declared `onError: 'allow'`. What is not answered at once is under way until it is.
 */
export function takeUsage<Answer>(context: Context, request: TakeRequest, verb: TakeVerb<Answer>): MaybePromise<Answer> {
  const { customer, feature, idempotencyKey } = request
  // Whoever is known was checked then.
  if (context.cache.find(customer) === undefined) checkId(customer, 'customer')
  if (idempotencyKey !== null) checkId(idempotencyKey, 'idempotencyKey')
  return new Taking(context, request, verb, meteredFeature(context, feature)).begin()
}

/** @throws FareboxError `invalid-request` unless the catalog has a metered feature of that name. */
export function meteredFeature(context: Context, feature: string): MeteredFeature {
  const definition = entryOf(context.catalog.features, feature)
  if (definition?.kind === 'metered') return definition
  const names = Object.entries(context.catalog.features).flatMap(([key, item]) => (item.kind === 'metered' ? [key] : []))
  throw invalidRequest('The feature is not metered', 'feature', `Name a metered feature of the catalog: ${names.join(', ')}`)
}

/** One question under way. Where what is known still holds, it makes no promise, or one that the caller is given. */
class Taking<Answer> implements Asker {
  private readonly context: Context
  private readonly request: TakeRequest
  private readonly verb: TakeVerb<Answer>
  private readonly definition: MeteredFeature
  /** What is asked, and what it follows from: first what is known, then what was read. */
  private evidence!: Evidence
  private question!: Question
  operation!: ConsumeOperation | ReserveOperation
  private settle!: (answer: MaybePromise<Answer>) => void
  private fail!: (error: unknown) => void

  constructor(context: Context, request: TakeRequest, verb: TakeVerb<Answer>, definition: MeteredFeature) {
    this.context = context
    this.request = request
    this.verb = verb
    this.definition = definition
  }

  begin(): MaybePromise<Answer> {
    const { context, request } = this
    try {
      const isKnown = guessBy(context, request.customer, request.planClaims, (evidence) => this.ask(evidence, context.clock.now()))
      if (isKnown === undefined) return this.keep(this.reload(null))
      const outcome = context.batcher.ask(this)
      return outcome === undefined ? this.wait() : this.keep(this.answerTo(outcome))
    } catch (error) {
      return this.giveUp(error)
    }
  }

  resolve(outcome: UsageOutcome): void {
    let answer: MaybePromise<Answer>
    try {
      answer = this.keep(this.answerTo(outcome))
    } catch (error) {
      return this.reject(error)
    }
    this.context.underWay.leave()
    this.settle(answer)
  }

  reject(error: unknown): void {
    this.context.underWay.leave()
    try {
      this.settle(this.giveUp(error))
    } catch (misuse) {
      this.fail(misuse)
    }
  }

  /** Makes the question that follows from `evidence`; `undefined` where none does. */
  private ask(evidence: Evidence, now: Instant): true | undefined {
    const { context, request, verb } = this
    const question = context.questions.ask(evidence, request.feature, this.definition, now)
    if (question === undefined) return undefined
    this.evidence = evidence
    this.question = question
    this.operation = verb.operationOf(request, question, context.keyFor)
    return true
  }

  private wait(): Promise<Answer> {
    this.context.underWay.enter()
    return new Promise((resolve, reject) => {
      this.settle = resolve
      this.fail = reject
    })
  }

  private answerTo(outcome: UsageOutcome): MaybePromise<Answer> {
    return outcome.kind === 'stale' ? this.reload(outcome.now) : this.answer(outcome)
  }

  /** `present` is the usage store's, which decides, or `null` where it was not asked yet. */
  private reload(present: Instant | null): MaybePromise<Answer> {
    const { context, request } = this
    return chain(ensureCustomer(context, request.customer), ({ records, now }) => {
      const isKnown = this.ask({ by: 'records', records, loaded: true }, present ?? now)
      if (isKnown === undefined) throw new FareboxError('unavailable', 'The records gave no answer')
      return chain(context.batcher.submit(this.operation), (outcome) => {
        context.cache.put(records)
        return this.answer(outcome)
      })
    })
  }

  private answer(outcome: UsageOutcome): MaybePromise<Answer> {
    const { context, request, question } = this
    const { direct } = context.givenUsage.execute
    if (direct !== undefined) context.notes.write(direct, request.customer, this.evidence, question)
    return chain(decisionOf(context.catalog, request.amount, question, outcome), (decision) => {
      return this.verb.answerOf(decision, outcome.kind === 'taken' ? outcome : null)
    })
  }

  private keep(answer: MaybePromise<Answer>): MaybePromise<Answer> {
    if (!isPromise(answer)) return answer
    return this.context.underWay.keep(answer.catch((error: unknown) => this.giveUp(error)))
  }

  /** What the feature says of a store that cannot answer. @throws what the caller did wrong. */
  private giveUp(error: unknown): MaybePromise<Answer> {
    const { context, request, verb, definition } = this
    const { onError } = definition
    const answer = onRefusal((use) => verb.answerOf(use.undecided(context, request.feature, onError, error), null), () => {
      // There is none where the customer could not be read.
      const question: Question | undefined = this.question
      if (question === undefined || !isFareboxError(error) || error.code !== 'unavailable') throw error
      return verb.answerOf({ ...untold(question), allowed: onError === 'allow' }, null)
    })
    return isPromise(answer) ? context.underWay.keep(answer) : answer
  }
}
