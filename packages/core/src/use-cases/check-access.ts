import { checkOptionalAmount } from '../domain/amount.ts'
import { allotmentOf } from '../domain/bucket.ts'
import { type Decision, totalsOf } from '../domain/decision.ts'
import { type Entitlements, entitlementOf } from '../domain/entitlement.ts'
import type { Feature, MeteredFeature } from '../domain/feature.ts'
import { type Instant, second } from '../domain/instant.ts'
import { hasFeature, liftOf, neededAllowance } from '../domain/lift.ts'
import type { PlanClaims } from '../domain/plan-claims.ts'
import { FareboxError, isFareboxError } from '../errors/error.ts'
import type { UsageQuery, UsageReading } from '../ports/usage-store.ts'
import type { Context } from './context.ts'
import { currentEntitlements } from './current-entitlements.ts'
import { checkId } from './customers.ts'
import { emptyReason, nothing, requiredPlans, unavailableDecision } from './explain-decision.ts'

/** What to look at. */
export interface CheckRequest<Feature extends string = string> {
  readonly customer: string
  readonly feature: Feature
  /** For a metered feature: how much would be consumed; 1 unless said otherwise. */
  readonly amount?: number
  readonly planClaims?: PlanClaims | null
}

/** Whether a customer may use a feature now. Reads only: to count, consume, which asks again in one atomic step. */
export async function checkAccess(context: Context, request: CheckRequest): Promise<Decision> {
  const customer = checkId(request.customer, 'customer')
  const amount = checkOptionalAmount(request.amount, 1, 'amount')
  const definition = knownFeature(context, request.feature)
  try {
    const current = await currentEntitlements(context, customer, request.planClaims ?? null, (entitlements, now) => [
      queryOf(entitlements, request.feature, definition, now),
    ])
    const [reading] = current.readings
    if (definition.kind !== 'metered' || reading === undefined) return accessDecision(context, current.entitlements, request.feature)
    return meteredDecision(context, current.entitlements, request.feature, definition, amount, reading)
  } catch (error) {
    if (isFareboxError(error) && error.code !== 'unavailable' && error.code !== 'overloaded') throw error
    context.logger.error('No decision could be made', { feature: request.feature, onError: definition.onError })
    return unavailableDecision(context.catalog, request.feature, definition.onError)
  }
}

/** @throws FareboxError `invalid-request` unless the catalog has the feature. */
export function knownFeature(context: Context, feature: string): Feature {
  const definition = Object.hasOwn(context.catalog.features, feature) ? context.catalog.features[feature] : undefined
  if (definition !== undefined) return definition
  const names = Object.keys(context.catalog.features).join(', ')
  throw new FareboxError('invalid-request', 'The feature is not known', {
    faults: [{ path: 'feature', message: `Name a feature of the catalog: ${names}` }],
  })
}

/** What to read of a feature; one that is not metered has no counters, and still tells the marker. */
export function queryOf(entitlements: Entitlements, feature: string, definition: Feature, now: Instant): UsageQuery {
  const { customer } = entitlements
  if (definition.kind !== 'metered') return { customer, feature, buckets: [], gates: [] }
  const { buckets } = allotmentOf(entitlements, feature, definition, now)
  return { customer, feature, buckets: buckets.map((bucket) => bucket.id), gates: entitlements.plan.gates[feature] ?? [] }
}

function accessDecision(context: Context, entitlements: Entitlements, feature: string): Decision {
  const { catalog } = context
  const { plan } = entitlements
  const frame = nothing(feature, plan.key, requiredPlans(catalog, feature))
  const terms = entitlementOf(entitlements, feature).terms
  const limit = terms?.kind === 'seats' ? terms.amount : null
  if (hasFeature(plan, feature)) return { ...frame, allowed: true, reason: 'allowed', limit, remaining: limit }
  const lift = liftOf(catalog, plan, feature, 1)
  return {
    ...frame,
    reason: entitlements.pastDue === null ? 'plan-required' : 'payment-past-due',
    graceEndedAt: entitlements.pastDue?.graceEndedAt ?? null,
    ...(lift === undefined ? {} : { lift }),
  }
}

function meteredDecision(
  context: Context,
  entitlements: Entitlements,
  feature: string,
  definition: MeteredFeature,
  amount: number,
  reading: UsageReading,
): Decision {
  const { catalog } = context
  const { buckets, period } = allotmentOf(entitlements, feature, definition, reading.now)
  const totals = totalsOf(buckets, reading.buckets)
  const gates = (entitlements.plan.gates[feature] ?? []).map((gate, index) => ({
    id: gate.id,
    limit: gate.limit,
    window: gate.period / second,
    remaining: reading.gates[index]?.remaining ?? gate.burst,
    resetsAt: reading.gates[index]?.resetsAt ?? reading.now,
  }))
  const frame: Decision = {
    ...nothing(feature, entitlements.plan.key, requiredPlans(catalog, feature)),
    ...totals,
    resetsAt: period.end,
    window: (period.end - period.start) / second,
    unit: definition.unit,
    gates,
    graceEndedAt: entitlements.pastDue?.graceEndedAt ?? null,
  }
  const closed = gates.find((gate) => gate.remaining === 0)
  if (closed !== undefined) return { ...frame, reason: 'rate-limited', retryAt: closed.resetsAt }
  const hasOverage = buckets.some((bucket) => bucket.kind === 'overage')
  if (totals.remaining === null || totals.remaining >= amount || hasOverage) return { ...frame, allowed: true, reason: 'allowed' }
  const lift = liftOf(catalog, entitlements.plan, feature, neededAllowance(buckets, reading.buckets, amount))
  const refills = totals.limit !== null && totals.limit >= amount
  return {
    ...frame,
    reason: emptyReason(entitlements, feature),
    retryAt: refills ? period.end : null,
    ...(lift === undefined ? {} : { lift }),
  }
}
