import { allotmentOf } from '../domain/bucket.ts'
import type { Catalog } from '../domain/catalog.ts'
import { totalsOf } from '../domain/decision.ts'
import { type Entitlements, entitlementsAt } from '../domain/entitlement.ts'
import type { Feature, MeteredFeature } from '../domain/feature.ts'
import { type Instant, toIso } from '../domain/instant.ts'
import { liftOf, neededAllowance } from '../domain/lift.ts'
import type { UsageReading } from '../ports/usage-store.ts'
import { planOffersView, termsView } from '../protocol/catalog-view.ts'
import type { EntitlementView, GrantView, NoticeView, Snapshot, UsageView } from '../protocol/snapshot.ts'
import { queryOf } from './check-access.ts'
import type { Context } from './context.ts'
import { checkId, loadCustomer } from './customers.ts'

/** Whose snapshot, and whether the one who asks may manage the billing. */
export interface SnapshotRequest {
  readonly customer: string
  readonly canManageBilling?: boolean
}

/** Everything a client may see of one customer, read from the records and counters of this moment. Writes nothing. */
export async function getSnapshot(context: Context, request: SnapshotRequest): Promise<Snapshot> {
  const customer = checkId(request.customer, 'customer')
  const { records, now } = await loadCustomer(context, customer)
  const entitlements = entitlementsAt(context.catalog, records, now)
  const metered = Object.entries(context.catalog.features).flatMap(([feature, definition]) =>
    definition.kind === 'metered' ? [{ feature, definition }] : [],
  )
  const readings = await context.usage.read(
    metered.map(({ feature, definition }) => queryOf(entitlements, feature, definition, now)),
  )
  const { plan, subscription } = entitlements
  return {
    customer,
    plan: plan.key,
    planName: plan.name,
    plans: planOffersView(context.catalog),
    planSource: entitlements.source,
    status: entitlements.status,
    subscription: subscription && {
      interval: subscription.interval,
      currentPeriodStart: toIso(subscription.currentPeriodStart),
      currentPeriodEnd: toIso(subscription.currentPeriodEnd),
      cancelAt: subscription.cancelAt === null ? null : toIso(subscription.cancelAt),
    },
    entitlements: entitlementViews(context.catalog.features, entitlements),
    usage: Object.fromEntries(
      metered.flatMap(({ feature, definition }, index) => {
        const reading = readings[index]
        return reading === undefined ? [] : [[feature, usageView(context.catalog, entitlements, feature, definition, reading, now)]]
      }),
    ),
    grants: metered.flatMap(({ feature }, index) => grantViews(entitlements, feature, readings[index])),
    trial: subscription?.status === 'trialing' && subscription.trialEnd !== null ? { endsAt: toIso(subscription.trialEnd) } : null,
    notices: noticesOf(entitlements),
    canManageBilling: request.canManageBilling ?? false,
    entitlementVersion: entitlements.version,
    asOf: toIso(now),
  }
}

function entitlementViews(
  features: Readonly<Record<string, Feature>>,
  entitlements: Entitlements,
): Readonly<Record<string, EntitlementView>> {
  return Object.fromEntries(
    Object.entries(entitlements.plan.features).flatMap(([feature, terms]) => {
      const definition = features[feature]
      if (definition === undefined) return []
      return [[feature, { terms: termsView(terms, definition), source: entitlements.source, onError: definition.onError }]]
    }),
  )
}

function usageView(
  catalog: Catalog,
  entitlements: Entitlements,
  feature: string,
  definition: MeteredFeature,
  reading: UsageReading,
  now: Instant,
): UsageView {
  const { buckets, period } = allotmentOf(entitlements, feature, definition, now)
  const isUnbounded = buckets.some((bucket) => bucket.limit === null)
  const needed = neededAllowance(buckets, reading.buckets, 1)
  const lift = isUnbounded ? undefined : liftOf(catalog, entitlements.plan, feature, needed)
  return {
    ...totalsOf(buckets, reading.buckets),
    unit: definition.unit,
    periodStart: toIso(period.start),
    periodEnd: toIso(period.end),
    gates: (entitlements.plan.gates[feature] ?? []).map((gate, index) => ({
      id: gate.id,
      limit: gate.limit,
      window: gate.period / 1000,
      remaining: reading.gates[index]?.remaining ?? gate.burst,
      resetsAt: toIso(reading.gates[index]?.resetsAt ?? now),
    })),
    ...(lift === undefined ? {} : { lift }),
  }
}

function grantViews(entitlements: Entitlements, feature: string, reading: UsageReading | undefined): readonly GrantView[] {
  return entitlements.grants
    .filter((grant) => grant.feature === feature)
    .map((grant) => {
      const state = reading?.buckets.find((bucket) => bucket.id === `grant:${grant.id}`)
      const used = state?.used ?? 0
      return {
        id: grant.id,
        feature,
        amount: grant.amount,
        used,
        remaining: Math.max(0, grant.amount - used - (state?.reserved ?? 0)),
        priority: grant.priority,
        effectiveAt: toIso(grant.effectiveAt),
        expiresAt: grant.expiresAt === null ? null : toIso(grant.expiresAt),
      }
    })
}

/** What the customer should know, most pressing first. */
function noticesOf(entitlements: Entitlements): readonly NoticeView[] {
  const { subscription, pastDue } = entitlements
  const notices: NoticeView[] = []
  if (pastDue !== null) {
    notices.push({ kind: 'access-ended', at: pastDue.graceEndedAt === null ? null : toIso(pastDue.graceEndedAt) })
  }
  if (subscription === null) return notices
  if (subscription.status === 'past_due' && pastDue === null) {
    notices.push({ kind: 'payment-past-due', at: entitlements.validUntil === null ? null : toIso(entitlements.validUntil) })
  }
  if (subscription.cancelAt !== null && subscription.endedAt === null) {
    notices.push({ kind: 'cancellation-scheduled', at: toIso(subscription.cancelAt) })
  }
  if (subscription.status === 'trialing' && subscription.trialEnd !== null) {
    notices.push({ kind: 'trial-ending', at: toIso(subscription.trialEnd) })
  }
  return notices
}
