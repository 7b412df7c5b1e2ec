import { grantBucketId } from '../domain/bucket.ts'
import type { Catalog } from '../domain/catalog.ts'
import {
  type BucketState, type Decision, type DecisionReason, type Draw, type GateState, type Lift, canDraw, totalsOf,
} from '../domain/decision.ts'
import type { OnError } from '../domain/feature.ts'
import type { Gate } from '../domain/gate.ts'
import { type Instant, second } from '../domain/instant.ts'
import { liftOf, neededAllowance, plansWith } from '../domain/lift.ts'
import { FareboxError, isFareboxError } from '../errors/error.ts'
import type { DirectUsage, UsageGateState, UsageOutcome } from '../ports/usage-store.ts'
import type { Context } from './context.ts'
import { failureCode } from './failure-code.ts'
import type { PlainQuestion, Question } from './question.ts'

/** Turns the store's outcome into a decision that explains itself. */
export function decisionOf(catalog: Catalog, amount: number, question: Question, outcome: UsageOutcome): Decision {
  switch (outcome.kind) {
    case 'taken': {
      const { repeated, drawn, keyUntil } = outcome
      return whole(question, outcome, { reason: 'allowed', repeated, drawn, retryAt: null, keyUntil })
    }
    case 'refused': {
      if (outcome.by === 'gate') return whole(question, outcome, refusal('rate-limited', outcome.retryAt))
      const retryAt = refillsAt(question, outcome.buckets, amount)
      const decision = whole(question, outcome, refusal(question.frame.emptyReason, retryAt))
      return withLift(catalog, question, neededAllowance(question.buckets, outcome.buckets, amount), decision)
    }
    case 'conflict':
      return whole(question, outcome, refusal('idempotency-conflict', null))
    default:
      throw new FareboxError('unavailable', 'The usage store gave an answer that does not fit the question', {
        reason: outcome.kind,
      })
  }
}

/** As {@link decisionOf}, for a question of one bucket and no gates, and the counter of that bucket. */
export function plainDecisionOf(
  catalog: Catalog,
  amount: number,
  question: Question,
  plain: PlainQuestion,
  { used, reserved, keyUntil }: Pick<DirectUsage, 'used' | 'reserved' | 'keyUntil'>,
  isTaken: boolean,
): Decision {
  const { bucket } = plain.counter
  const { limit } = bucket
  const remaining = limit === null ? null : Math.max(0, limit - used - reserved)
  if (isTaken) {
    const drawn = amount === 1 ? plain.drawOfOne : [{ bucket: bucket.id, kind: bucket.kind, amount }]
    const verdict: Verdict = { reason: 'allowed', repeated: false, drawn, retryAt: null, keyUntil }
    return written(question, limit, used, reserved, remaining, 0, noGates, verdict)
  }
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

/** Gates as a decision shows them. */
export function gateStatesOf(gates: readonly Gate[], states: readonly UsageGateState[]): readonly GateState[] {
  if (gates.length === 0) return noGates
  return gates.map(({ id, limit, period }, index) => {
    const state = states[index]
    if (state === undefined) throw new FareboxError('unavailable', 'The usage store left a gate without an answer')
    return { id, limit, window: period / second, remaining: state.remaining, resetsAt: state.resetsAt }
  })
}

const noGates: readonly GateState[] = Object.freeze([])
const noDraws: readonly Draw[] = Object.freeze([])

/** What was decided, beside the numbers. */
type Verdict = Pick<Decision, 'reason' | 'repeated' | 'drawn' | 'retryAt' | 'keyUntil'>

function refusal(reason: DecisionReason, retryAt: Instant | null): Verdict {
  return { reason, repeated: false, drawn: noDraws, retryAt, keyUntil: null }
}

function whole(
  question: Question,
  seen: Pick<Extract<UsageOutcome, { kind: 'taken' }>, 'buckets' | 'gates'>,
  verdict: Verdict,
): LiftableDecision {
  const { limit, used, reserved, remaining, overage } = totalsOf(question.buckets, seen.buckets)
  const gates = gateStatesOf(question.gates, seen.gates)
  return written(question, limit, used, reserved, remaining, overage, gates, verdict)
}

type LiftableDecision = Omit<Decision, 'lift'> & { lift?: Lift }

/** Every request makes one, so it is written out rather than spread together. */
function written(
  { feature, definition, period, frame }: Question,
  limit: number | null,
  used: number,
  reserved: number,
  remaining: number | null,
  overage: number,
  gates: readonly GateState[],
  { reason, repeated, drawn, retryAt, keyUntil }: Verdict,
): LiftableDecision {
  return {
    allowed: reason === 'allowed',
    reason,
    feature,
    repeated,
    drawn,
    limit,
    used,
    reserved,
    remaining,
    overage,
    resetsAt: period.end,
    window: frame.window,
    unit: definition.unit,
    retryAt,
    gates,
    keyUntil,
    plan: frame.plan,
    requiredPlans: frame.requiredPlans,
    graceEndedAt: frame.graceEndedAt,
  }
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
