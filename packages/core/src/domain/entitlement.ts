import type { Catalog, FeatureTerms, Plan } from './catalog.ts'
import { type Grant, type Override, isGrantActive, isOverrideActive } from './grant.ts'
import { type Instant, earlier } from './instant.ts'
import type { SubscriptionStatus } from './lifecycle.ts'
import { type Subscription, accessOf, hasEnded } from './subscription.ts'

/** Everything stored of one customer that decides what the customer may do. */
export interface CustomerRecords {
  readonly customer: string
  /** The entitlement version: grows whenever this changes. */
  readonly version: number
  /** Whole seconds, so that a token's claims and the records name the same anchor. */
  readonly createdAt: Instant
  readonly subscriptions: readonly Subscription[]
  readonly grants: readonly Grant[]
  readonly overrides: readonly Override[]
}

export type EntitlementSource = 'default' | 'subscription' | 'override'

/** What a customer's plan status is, in one word: the subscription's, or `none` where there is none. */
export type PlanStatus = SubscriptionStatus | 'none'

/**
 * What a customer is entitled to, and the half-open interval `[validFrom, validUntil)` in which that answer holds
 * without anyone changing anything.
 */
export interface Entitlements {
  readonly customer: string
  readonly version: number
  readonly plan: Plan
  readonly source: EntitlementSource
  readonly status: PlanStatus
  /** Usage periods count from here, unless the feature says otherwise. */
  readonly anchor: Instant
  readonly subscription: Subscription | null
  readonly grants: readonly Grant[]
  /** Set when a subscription lost its access because it was not paid. */
  readonly pastDue: { readonly plan: string | null; readonly graceEndedAt: Instant | null } | null
  readonly validFrom: Instant
  readonly validUntil: Instant | null
}

/** A customer's right to one feature. */
export interface Entitlement {
  readonly feature: string
  readonly terms: FeatureTerms | null
  readonly plan: Plan
  readonly source: EntitlementSource
  readonly grants: readonly Grant[]
}

/** Resolves what is stored into what holds at `now`. The highest plan that gives access governs; none means the default. */
export function entitlementsAt(catalog: Catalog, records: CustomerRecords, now: Instant): Entitlements {
  const candidates = [
    ...records.overrides.flatMap((override) => fromOverride(catalog, override, now)),
    ...records.subscriptions.flatMap((subscription) => fromSubscription(catalog, subscription, now)),
  ].sort((first, second) => second.plan.rank - first.plan.rank)
  const governing = candidates[0]
  const shown = governing?.subscription ?? latest(records.subscriptions.filter((item) => item.plan !== null))
  return {
    customer: records.customer,
    version: records.version,
    plan: governing?.plan ?? catalog.defaultPlan,
    source: governing?.source ?? 'default',
    status: shown?.status ?? 'none',
    anchor: records.createdAt,
    subscription: shown ?? null,
    grants: records.grants.filter((grant) => isGrantActive(grant, now)),
    pastDue: governing === undefined ? pastDueOf(catalog, shown, now) : null,
    validFrom: Math.max(records.createdAt, ...changes(catalog, records).filter((instant) => instant <= now)),
    validUntil: changes(catalog, records)
      .filter((instant) => instant > now)
      .reduce<Instant | null>(earlier, null),
  }
}

/** The customer's right to `feature`; `terms` is `null` where the plan does not have it. */
export function entitlementOf(entitlements: Entitlements, feature: string): Entitlement {
  return {
    feature,
    terms: Object.hasOwn(entitlements.plan.features, feature) ? (entitlements.plan.features[feature] ?? null) : null,
    plan: entitlements.plan,
    source: entitlements.source,
    grants: entitlements.grants.filter((grant) => grant.feature === feature),
  }
}

interface Candidate {
  readonly plan: Plan
  readonly source: EntitlementSource
  readonly subscription: Subscription | undefined
}

function fromOverride(catalog: Catalog, override: Override, now: Instant): Candidate[] {
  const plan = catalog.plans[override.plan]
  return plan === undefined || !isOverrideActive(override, now) ? [] : [{ plan, source: 'override', subscription: undefined }]
}

function fromSubscription(catalog: Catalog, subscription: Subscription, now: Instant): Candidate[] {
  const plan = subscription.plan === null ? undefined : catalog.plans[subscription.plan]
  if (plan === undefined || !accessOf(subscription, catalog.lifecycle, now).access) return []
  return [{ plan, source: 'subscription', subscription }]
}

function pastDueOf(catalog: Catalog, shown: Subscription | undefined, now: Instant): Entitlements['pastDue'] {
  if (shown === undefined || (shown.status !== 'past_due' && shown.status !== 'unpaid')) return null
  const access = accessOf(shown, catalog.lifecycle, now)
  return access.access ? null : { plan: shown.plan, graceEndedAt: access.graceEndedAt }
}

function latest(subscriptions: readonly Subscription[]): Subscription | undefined {
  return subscriptions.toSorted(
    (first, second) => Number(hasEnded(first)) - Number(hasEnded(second)) || second.startedAt - first.startedAt,
  )[0]
}

/** Every instant at which the answer changes by itself. */
function changes(catalog: Catalog, records: CustomerRecords): readonly Instant[] {
  const ofSubscriptions = records.subscriptions.flatMap((subscription) =>
    hasEnded(subscription) ? [] : boundariesOf(catalog, subscription),
  )
  const ofGrants = records.grants.flatMap((grant) => (grant.voidedAt === null ? [grant.effectiveAt, grant.expiresAt] : []))
  const ofOverrides = records.overrides.flatMap((item) => (item.voidedAt === null ? [item.effectiveAt, item.until] : []))
  return [...ofSubscriptions, ...ofGrants, ...ofOverrides].filter((instant) => instant !== null)
}

function boundariesOf(catalog: Catalog, subscription: Subscription): readonly (Instant | null)[] {
  const graceStart = subscription.pastDueSince ?? subscription.currentPeriodStart
  const hasGrace = catalog.lifecycle.access[subscription.status] === 'grace'
  return [subscription.endedAt ?? subscription.cancelAt, hasGrace ? graceStart + catalog.lifecycle.grace : null]
}
