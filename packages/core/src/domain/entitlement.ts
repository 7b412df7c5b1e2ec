import type { Catalog, FeatureTerms, Plan } from './catalog.ts'
import { entryOf } from './entry-of.ts'
import { type Grant, type Override, isGrantActive, isOverrideActive } from './grant.ts'
import { type Instant, type Validity, earlier } from './instant.ts'
import type { SubscriptionStatus } from './lifecycle.ts'
import { type Subscription, accessOf, endOf, graceEndOf, hasEnded, isOwed } from './subscription.ts'

/** Everything stored of some customer that decides what the customer may do. */
export interface EntitlingRecords {
  /** The entitlement version: grows whenever this changes. */
  readonly version: number
  /** Whole seconds, so that a token's claims and the records name the same anchor. */
  readonly createdAt: Instant
  readonly subscriptions: readonly Subscription[]
  readonly grants: readonly Grant[]
  readonly overrides: readonly Override[]
}

/** {@link EntitlingRecords}, and whose they are. */
export interface CustomerRecords extends EntitlingRecords {
  readonly customer: string
}

/** Whether nothing is known of a customer but since when. */
export function isBare({ subscriptions, grants, overrides }: EntitlingRecords): boolean {
  return subscriptions.length + grants.length + overrides.length === 0
}

/** Where a customer's plan comes from. */
export type EntitlementSource = 'default' | 'subscription' | 'override'

/** What a customer's plan status is, in one word: the subscription's, or `none` where there is none. */
export type PlanStatus = SubscriptionStatus | 'none'

/**
 * What a customer is entitled to, and the half-open interval `[validFrom, validUntil)` around the asked instant in which
 * that answer holds as long as nobody changes the records. Usage periods are apart: they end at their own instants.
 */
export interface Entitlements extends Validity {
  readonly version: number
  readonly plan: Plan
  readonly source: EntitlementSource
  readonly status: PlanStatus
  /** Usage periods count from here, unless the feature says otherwise. */
  readonly anchor: Instant
  /** Where the billing cycle of the subscription that gives access counts from; `anchor` where none does. */
  readonly billingAnchor: Instant
  /** The one that gives access; where none does, the one to speak of, such as an unpaid one. */
  readonly subscription: Subscription | null
  readonly grants: readonly Grant[]
  /** Set when a subscription lost its access because it was not paid. */
  readonly pastDue: { readonly plan: string | null; readonly graceEndedAt: Instant | null } | null
}

/** A customer's right to one feature. */
export interface Entitlement {
  /** `null` where the plan does not have it. */
  readonly terms: FeatureTerms | null
  readonly grants: readonly Grant[]
}

/**
 * Resolves what is stored into what holds at `now`. The highest plan that gives access governs; none means the default.
 * A plan that is both paid for and given for free counts as paid.
 */
export function entitlementsAt(catalog: Catalog, records: EntitlingRecords, now: Instant): Entitlements {
  const subscriptions = records.subscriptions.toSorted(byWeight)
  const candidates = [
    ...subscriptions.flatMap((subscription) => fromSubscription(catalog, subscription, now)),
    ...records.overrides.flatMap((override) => fromOverride(catalog, override, now)),
  ].toSorted((one, other) => other.plan.rank - one.plan.rank)
  const [governing] = candidates
  const paid = candidates.find((candidate) => candidate.subscription !== undefined)?.subscription
  const shown = paid ?? subscriptions.find((item) => item.plan !== null)
  const boundaries = changes(catalog, records)
  return {
    version: records.version,
    plan: governing?.plan ?? catalog.defaultPlan,
    source: governing?.source ?? 'default',
    status: shown?.status ?? 'none',
    anchor: records.createdAt,
    billingAnchor: paid?.billingAnchor ?? records.createdAt,
    subscription: shown ?? null,
    grants: records.grants.filter((grant) => isGrantActive(grant, now)),
    pastDue: governing === undefined ? pastDueOf(catalog, shown, now) : null,
    validFrom: Math.max(Math.min(records.createdAt, now), ...boundaries.filter((instant) => instant <= now)),
    validUntil: boundaries.filter((instant) => instant > now).reduce<Instant | null>(earlier, null),
  }
}

/** The customer's right to `feature`. */
export function entitlementOf(entitlements: Entitlements, feature: string): Entitlement {
  return {
    terms: termsOf(entitlements, feature),
    grants: entitlements.grants.filter((grant) => grant.feature === feature),
  }
}

/** Seats that are paid for are the subscription's quantity; who has the plan for free has the fewest that are sold. */
function termsOf({ plan, source, subscription }: Entitlements, feature: string): FeatureTerms | null {
  const terms = entryOf(plan.features, feature) ?? null
  if (terms?.kind !== 'seats' || terms.paid !== true) return terms
  const quantity = source === 'subscription' ? subscription?.quantity : undefined
  return { kind: 'seats', amount: quantity ?? (plan.prices.month ?? plan.prices.year)?.minimum ?? 1 }
}

interface Candidate {
  readonly plan: Plan
  readonly source: EntitlementSource
  readonly subscription: Subscription | undefined
}

function fromOverride(catalog: Catalog, override: Override, now: Instant): Candidate[] {
  const plan = entryOf(catalog.plans, override.plan)
  return plan === undefined || !isOverrideActive(override, now) ? [] : [{ plan, source: 'override', subscription: undefined }]
}

function fromSubscription(catalog: Catalog, subscription: Subscription, now: Instant): Candidate[] {
  const plan = entryOf(catalog.plans, subscription.plan)
  if (plan === undefined || !accessOf(subscription, catalog.lifecycle, now).access) return []
  return [{ plan, source: 'subscription', subscription }]
}

function pastDueOf(catalog: Catalog, shown: Subscription | undefined, now: Instant): Entitlements['pastDue'] {
  if (shown === undefined || !isOwed(shown)) return null
  const end = endOf(shown)
  if (end !== null && end <= now) return null
  const access = accessOf(shown, catalog.lifecycle, now)
  return access.access ? null : { plan: shown.plan, graceEndedAt: access.graceEndedAt }
}

/** Which subscription to speak of where several are alike: an unpaid one before a fresh attempt, an ended one last. */
function byWeight(one: Subscription, other: Subscription): number {
  return (
    Number(hasEnded(one)) - Number(hasEnded(other)) ||
    Number(isOwed(other)) - Number(isOwed(one)) ||
    other.startedAt - one.startedAt ||
    (one.id < other.id ? -1 : 1)
  )
}

/** Every instant at which the answer changes by itself, or, at the end of a trial, at which it should be asked for again. */
function changes(catalog: Catalog, records: EntitlingRecords): readonly Instant[] {
  const ofSubscriptions = records.subscriptions.flatMap((subscription) =>
    hasEnded(subscription) ? [] : boundariesOf(catalog, subscription),
  )
  const ofGrants = records.grants.flatMap((grant) => (grant.voidedAt === null ? [grant.effectiveAt, grant.expiresAt] : []))
  const ofOverrides = records.overrides.flatMap((item) => (item.voidedAt === null ? [item.effectiveAt, item.until] : []))
  return [...ofSubscriptions, ...ofGrants, ...ofOverrides].filter((instant) => instant !== null)
}

function boundariesOf(catalog: Catalog, subscription: Subscription): readonly (Instant | null)[] {
  const hasGrace = catalog.lifecycle.access[subscription.status] === 'grace'
  return [
    endOf(subscription),
    hasGrace ? graceEndOf(subscription, catalog.lifecycle) : null,
    subscription.status === 'trialing' ? subscription.trialEnd : null,
    subscription.paused?.until ?? null,
  ]
}
