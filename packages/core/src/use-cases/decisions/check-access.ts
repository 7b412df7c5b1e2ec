import { checkOptionalAmount } from '../../domain/amount.ts'
import { canDraw } from '../../domain/can-draw.ts'
import type { Decision } from '../../domain/decision.ts'
import { type Entitlements, entitlementOf } from '../../domain/entitlement.ts'
import { entryOf } from '../../domain/entry-of.ts'
import type { Feature } from '../../domain/feature.ts'
import { opensAt } from '../../domain/gate.ts'
import { liftOf } from '../../domain/lift.ts'
import type { PlanClaims } from '../../domain/plan-claims.ts'
import { hasFeature, plansWith } from '../../domain/plans-with.ts'
import { invalidRequest } from '../../errors/error.ts'
import type { UsageOutcome, UsageReading } from '../../ports/usage-store.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { heldSeats } from '../customers/held-seats.ts'
import { loadCustomer } from '../customers/load-customer.ts'
import { currentEntitlements, currentQuestion } from './current-entitlements.ts'
import { decisionOf } from './explain-decision.ts'
import { nothing, undecided } from './explain-refusal.ts'
import type { Question } from './question.ts'

/** What to look at. */
export interface CheckRequest<Key extends string = string> {
  readonly customer: string
  readonly feature: Key
  /** For a metered feature: how much would be consumed; 1 unless said otherwise. */
  readonly amount?: number
  readonly planClaims?: PlanClaims | null
}

/**
 * Whether a customer may use a feature now: for a metered one, what a consumption in this very moment would be answered.
 * Reads only: to count, consume, which asks again in one atomic step.
 *
 * @throws FareboxError `invalid-request` for an amount, a customer or a feature that cannot be.
 */
export async function checkAccess(context: Context, request: CheckRequest): Promise<Decision> {
  const customer = checkId(request.customer, 'customer')
  const amount = checkOptionalAmount(request.amount, 1, 'amount')
  const definition = knownFeature(context, request.feature)
  const planClaims = request.planClaims ?? null
  try {
    if (definition.kind !== 'metered') {
      const held = definition.kind === 'seats' ? heldSeats((await loadCustomer(context, customer)).row?.value, request.feature) : 0
      return accessDecision(context, await currentEntitlements(context, customer, planClaims), request.feature, held)
    }
    const { question, reading } = await currentQuestion(context, customer, planClaims, request.feature, definition)
    return await decisionOf(context.catalog, amount, question, foresee(question, reading, amount))
  } catch (error) {
    return undecided(context, request.feature, definition.onError, error)
  }
}

/** @throws FareboxError `invalid-request` unless the catalog has the feature. */
function knownFeature(context: Context, feature: string): Feature {
  const definition = entryOf(context.catalog.features, feature)
  if (definition !== undefined) return definition
  const names = Object.keys(context.catalog.features).join(', ')
  throw invalidRequest('The feature is not known', 'feature', `Name a feature of the catalog: ${names}`)
}

/** What the usage store would answer to a consumption in the moment of the reading. */
function foresee(question: Question, { now, buckets, gates }: UsageReading, amount: number): UsageOutcome {
  const seen = { now, buckets, gates }
  const opens = question.gates.flatMap((gate, index) => {
    const state = gates[index]
    return state !== undefined && state.remaining === 0 ? [opensAt(gate, state.resetsAt)] : []
  })
  if (opens.length > 0) return { ...seen, kind: 'refused', by: 'gate', retryAt: Math.max(...opens) }
  if (!canDraw(question.buckets, buckets, amount)) return { ...seen, kind: 'refused', by: 'bucket', retryAt: null }
  return { ...seen, kind: 'taken', repeated: false, drawn: [], keyUntil: null, reservation: null, expiresAt: null }
}

/** `held`: how many seats are held. Whether the plan has seats at all is what is asked; taking one may still be refused. */
function accessDecision(context: Context, entitlements: Entitlements, feature: string, held: number): Decision {
  const { catalog } = context
  const { plan } = entitlements
  const frame = nothing(feature, plan.key, plansWith(catalog, feature))
  const terms = entitlementOf(entitlements, feature).terms
  const limit = terms?.kind === 'seats' ? terms.amount : null
  const remaining = limit === null ? null : Math.max(0, limit - held)
  if (hasFeature(plan, feature)) return { ...frame, allowed: true, reason: 'allowed', limit, used: held, remaining }
  const lift = liftOf(catalog, plan, feature, 1)
  return {
    ...frame,
    reason: entitlements.pastDue === null ? 'plan-required' : 'payment-past-due',
    graceEndedAt: entitlements.pastDue?.graceEndedAt ?? null,
    ...(lift === undefined ? {} : { lift }),
  }
}
