import { grantBucketId } from '../domain/bucket.ts'
import type { Catalog } from '../domain/catalog.ts'
import { type BucketState, type Decision, type GateState, type RefusalReason, canDraw, totalsOf } from '../domain/decision.ts'
import type { Entitlements } from '../domain/entitlement.ts'
import { entitlementOf } from '../domain/entitlement.ts'
import type { OnError } from '../domain/feature.ts'
import type { Gate } from '../domain/gate.ts'
import { type Instant, second } from '../domain/instant.ts'
import { hasFeature, liftOf, neededAllowance } from '../domain/lift.ts'
import { FareboxError, isFareboxError } from '../errors/error.ts'
import type { UsageGateState, UsageOutcome } from '../ports/usage-store.ts'
import type { Context } from './context.ts'
import { failureCode } from './failure-code.ts'
import type { Question } from './question.ts'

/** Turns the store's outcome into a decision that explains itself. */
export function decisionOf(
  catalog: Catalog,
  feature: string,
  amount: number,
  question: Question,
  outcome: UsageOutcome,
): Decision {
  switch (outcome.kind) {
    case 'taken': {
      const { repeated, drawn, keyUntil } = outcome
      const answer: Answer = { allowed: true, reason: 'allowed', repeated, drawn, retryAt: null, keyUntil }
      return whole(catalog, feature, question, outcome, answer)
    }
    case 'refused': {
      const reason = outcome.by === 'gate' ? 'rate-limited' : emptyReason(question.entitlements, feature)
      const needed = neededAllowance(question.buckets, outcome.buckets, amount)
      const lift = reason === 'rate-limited' ? undefined : liftOf(catalog, question.entitlements.plan, feature, needed)
      const retryAt = outcome.by === 'gate' ? outcome.retryAt : refillsAt(question, outcome.buckets, amount)
      const decision = whole(catalog, feature, question, outcome, { ...refusal, reason, retryAt })
      return lift === undefined ? decision : { ...decision, lift }
    }
    case 'conflict': {
      const answer: Answer = { ...refusal, reason: 'idempotency-conflict' }
      return whole(catalog, feature, question, outcome, answer)
    }
    default:
      throw new FareboxError('unavailable', 'The usage store gave an answer that does not fit the question', {
        reason: outcome.kind,
      })
  }
}

/**
 * The decision when none could be made: the feature's own `onError`, and no numbers. What the caller did wrong is thrown
 * on: no feature allows misuse.
 */
export function undecided({ catalog, logger }: Context, feature: string, onError: OnError, error: unknown): Decision {
  if (isFareboxError(error) && error.code !== 'unavailable' && error.code !== 'overloaded') throw error
  logger.error('No decision could be made', { feature, onError, failure: failureCode(error) })
  return {
    ...nothing(feature, catalog.defaultPlan.key, requiredPlans(catalog, feature)),
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

/** Why an entitlement holds nothing: never had, lost for a debt, or used up. */
function emptyReason(entitlements: Entitlements, feature: string): RefusalReason {
  if (entitlements.pastDue !== null) return 'payment-past-due'
  const { terms, grants } = entitlementOf(entitlements, feature)
  const empty = terms === null || (terms.kind === 'metered' && terms.amount === 0 && terms.overagePrice === null)
  return empty && grants.length === 0 ? 'plan-required' : 'quota-exceeded'
}

const plansByFeature = new WeakMap<Catalog, Map<string, readonly string[]>>()

/** The plans that have a feature, cheapest rank first. Every decision names them, so they are worked out once. */
export function requiredPlans(catalog: Catalog, feature: string): readonly string[] {
  const known = plansByFeature.get(catalog)?.get(feature)
  if (known !== undefined) return known
  const plans = Object.freeze(catalog.planList.filter((plan) => hasFeature(plan, feature)).map((plan) => plan.key))
  plansByFeature.set(catalog, (plansByFeature.get(catalog) ?? new Map<string, readonly string[]>()).set(feature, plans))
  return plans
}

/** Gates as a decision shows them. */
export function gateStatesOf(gates: readonly Gate[], states: readonly UsageGateState[]): readonly GateState[] {
  return gates.map(({ id, limit, period }, index) => {
    const state = states[index]
    if (state === undefined) throw new FareboxError('unavailable', 'The usage store left a gate without an answer')
    return { id, limit, window: period / second, remaining: state.remaining, resetsAt: state.resetsAt }
  })
}

type Answer = Pick<Decision, 'allowed' | 'reason' | 'repeated' | 'drawn' | 'retryAt' | 'keyUntil'>

const refusal: Omit<Answer, 'reason'> = { allowed: false, repeated: false, drawn: [], retryAt: null, keyUntil: null }

/** Every request makes one, so it is written out rather than spread together. */
function whole(
  catalog: Catalog,
  feature: string,
  question: Question,
  seen: Pick<Extract<UsageOutcome, { kind: 'taken' }>, 'buckets' | 'gates'>,
  { allowed, reason, repeated, drawn, retryAt, keyUntil }: Answer,
): Decision {
  const { entitlements, definition, period } = question
  const { limit, used, reserved, remaining, overage } = totalsOf(question.buckets, seen.buckets)
  return {
    allowed,
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
    window: (period.end - period.start) / second,
    unit: definition.unit,
    retryAt,
    gates: gateStatesOf(question.gates, seen.gates),
    keyUntil,
    plan: entitlements.plan.key,
    requiredPlans: requiredPlans(catalog, feature),
    graceEndedAt: entitlements.pastDue?.graceEndedAt ?? null,
  }
}

/** Waiting helps only where a new period would hold the amount: its allowance, and what is left of the grants that see it. */
function refillsAt({ buckets, entitlements, period }: Question, states: readonly BucketState[], amount: number): Instant | null {
  const lasting = new Set(entitlements.grants.filter(({ expiresAt }) => expiresAt === null || expiresAt > period.end).map(grantBucketId))
  const refilled = buckets.filter(({ id, kind }) => kind === 'allowance' || lasting.has(id))
  const spent = states.filter(({ id }) => lasting.has(id))
  return canDraw(refilled, spent, amount) ? period.end : null
}
