// What is told of a request that is not allowed; a count that is allowed needs none of it.
import { grantBucketId } from '../../domain/bucket.ts'
import { canDraw } from '../../domain/can-draw.ts'
import type { Catalog } from '../../domain/catalog.ts'
import type { BucketState, Decision, DecisionReason, Draw } from '../../domain/decision.ts'
import type { OnError } from '../../domain/feature.ts'
import type { Instant } from '../../domain/instant.ts'
import { liftOf, neededAllowance } from '../../domain/lift.ts'
import { plansWith } from '../../domain/plans-with.ts'
import { isFareboxError } from '../../errors/error.ts'
import type { UsageOutcome } from '../../ports/usage-store.ts'
import type { Context } from '../context.ts'
import { failureCode } from '../failure-code.ts'
import { misfit } from '../misfit.ts'
import type { Question } from './question.ts'
import { type LiftableDecision, type Verdict, noGates, whole, written } from './write-decision.ts'

/** The decision that an outcome other than `taken` comes to. */
export function refusalOf(
  catalog: Catalog,
  amount: number,
  question: Question,
  outcome: Exclude<UsageOutcome, { kind: 'taken' }>,
): Decision {
  switch (outcome.kind) {
    case 'refused': {
      if (outcome.by === 'gate') return whole(question, outcome, refusal('rate-limited', outcome.retryAt))
      const retryAt = refillsAt(question, outcome.buckets, amount)
      const decision = whole(question, outcome, refusal(question.frame.emptyReason, retryAt))
      return withLift(catalog, question, neededAllowance(question.buckets, outcome.buckets, amount), decision)
    }
    case 'conflict':
      return whole(question, outcome, refusal('idempotency-conflict', null))
    default:
      throw misfit(outcome)
  }
}

/** As {@link refusalOf}, for a question of one bucket and no gates, and the counter of that bucket. */
export function plainRefusalOf(
  catalog: Catalog,
  amount: number,
  question: Question,
  limit: number | null,
  used: number,
  reserved: number,
  remaining: number | null,
): Decision {
  const retryAt = limit === null || amount <= limit ? question.period.end : null
  const verdict = refusal(question.frame.emptyReason, retryAt)
  const decision = written(question, limit, used, reserved, remaining, 0, noGates, verdict)
  return withLift(catalog, question, amount + used + reserved, decision)
}

/**
 * The decision when none could be made: the feature's own `onError`, and no numbers. What the caller did wrong is thrown
 * on: no feature allows misuse.
 */
export function undecided({ catalog, logger }: Context, feature: string, onError: OnError, error: unknown): Decision {
  if (isFareboxError(error) && error.code !== 'unavailable' && error.code !== 'overloaded') throw error
  logger.error('No decision could be made', { feature, onError, failure: failureCode(error) })
  return {
    ...nothing(feature, catalog.defaultPlan.key, plansWith(catalog, feature)),
    allowed: onError === 'allow',
    reason: 'unavailable',
  }
}

/** A decision of a feature that is not metered, and the frame of every other: refused until something says otherwise. */
export function nothing(feature: string, plan: string, plans: readonly string[]): Decision {
  return {
    allowed: false,
    reason: 'plan-required',
    feature,
    repeated: false,
    drawn: [],
    limit: 0,
    used: 0,
    reserved: 0,
    remaining: 0,
    overage: 0,
    resetsAt: null,
    window: 0,
    unit: '',
    retryAt: null,
    gates: [],
    keyUntil: null,
    plan,
    requiredPlans: plans,
    graceEndedAt: null,
  }
}

const noDraws: readonly Draw[] = Object.freeze([])

function refusal(reason: DecisionReason, retryAt: Instant | null): Verdict {
  return { reason, repeated: false, drawn: noDraws, retryAt, keyUntil: null }
}

/** The refusal, with the plan that would have held what was asked for. */
function withLift(catalog: Catalog, { entitlements, feature }: Question, needed: number, decision: LiftableDecision): Decision {
  const lift = liftOf(catalog, entitlements.plan, feature, needed)
  if (lift !== undefined) decision.lift = lift
  return decision
}

/** Waiting helps only where a new period would hold the amount: its allowance, and what is left of the grants that see it. */
function refillsAt({ buckets, entitlements, period }: Question, states: readonly BucketState[], amount: number): Instant | null {
  if (entitlements.grants.length === 0) return canDraw(buckets.filter(({ kind }) => kind === 'allowance'), [], amount) ? period.end : null
  const lasting = new Set(entitlements.grants.filter(({ expiresAt }) => expiresAt === null || expiresAt > period.end).map(grantBucketId))
  const refilled = buckets.filter(({ id, kind }) => kind === 'allowance' || lasting.has(id))
  const spent = states.filter(({ id }) => lasting.has(id))
  return canDraw(refilled, spent, amount) ? period.end : null
}
