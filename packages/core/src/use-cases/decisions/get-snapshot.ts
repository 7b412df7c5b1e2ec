import { grantBucketId } from '../../domain/bucket.ts'
import type { Catalog } from '../../domain/catalog.ts'
import { totalsOf } from '../../domain/decision.ts'
import { type CustomerRecords, type Entitlements, entitlementOf, entitlementsAt } from '../../domain/entitlement.ts'
import type { Feature } from '../../domain/feature.ts'
import { byBurnOrder } from '../../domain/grant.ts'
import { type Instant, type Validity, overlap, toIso } from '../../domain/instant.ts'
import { liftOf, neededAllowance } from '../../domain/lift.ts'
import { type Notice, noticesOf } from '../../domain/notices.ts'
import type { Discount } from '../../domain/subscription.ts'
import type { UsageReading } from '../../ports/usage-store.ts'
import { planOffersView, termsView } from '../../protocol/catalog-view.ts'
import type { DiscountView, EntitlementView, GrantView, NoticeView, Snapshot, UsageView } from '../../protocol/snapshot.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { type LoadedCustomer, loadCustomer } from '../customers/load-customer.ts'
import { type Inquiry, queryOf, readCurrent } from './current-entitlements.ts'
import type { Question } from './question.ts'
import { gateStatesOf } from './write-decision.ts'

/** Whose snapshot, and whether the one who asks may manage the billing. */
export interface SnapshotRequest {
  readonly customer: string
  readonly canManageBilling?: boolean
}

/** Everything a client may see of one customer, read from the records and counters of this moment. Writes nothing. */
export async function getSnapshot(context: Context, request: SnapshotRequest): Promise<Snapshot> {
  const customer = checkId(request.customer, 'customer')
  const { snapshot } = await snapshotOf(context, await loadCustomer(context, customer), request.canManageBilling === true)
  return snapshot
}

/** A snapshot, and of each metered feature what was asked and read for it. */
export interface ReadSnapshot {
  readonly snapshot: Snapshot
  readonly counted: readonly { readonly question: Question; readonly reading: UsageReading }[]
}

/** The snapshot of a customer as loaded. */
export async function snapshotOf(
  context: Context,
  { records, now: loadedAt }: LoadedCustomer,
  canManageBilling: boolean,
): Promise<ReadSnapshot> {
  const { answer, readings, now } = await readCurrent(context, loadedAt, (instant) => inquire(context, records, instant))
  const { entitlements, questions } = answer
  const { plan, subscription } = entitlements
  const counted = questions.flatMap((question, index) => {
    const reading = readings[index]
    return reading === undefined ? [] : [{ question, reading }]
  })
  const snapshot: Snapshot = {
    customer: records.customer,
    plan: plan.key,
    planName: plan.name,
    plans: planOffersView(context.catalog),
    planSource: entitlements.source,
    status: entitlements.status,
    subscription: subscription && {
      interval: subscription.interval,
      quantity: subscription.quantity,
      currency: subscription.currency,
      discounts: subscription.discounts?.map(discountView) ?? [],
      currentPeriodStart: toIso(subscription.currentPeriodStart),
      currentPeriodEnd: toIso(subscription.currentPeriodEnd),
      cancelAt: toIso(subscription.cancelAt),
    },
    entitlements: entitlementViews(context.catalog.features, entitlements),
    usage: Object.fromEntries(
      counted.map(({ question, reading }) => [question.feature, usageView(context.catalog, question, reading)]),
    ),
    grants: counted.flatMap(({ question, reading }) => grantViews(entitlements, question.feature, reading)),
    trial: subscription?.status === 'trialing' && subscription.trialEnd !== null ? { endsAt: toIso(subscription.trialEnd) } : null,
    notices: noticesOf(context.catalog, entitlements, records.subscriptions, now).map((notice) => noticeView(notice, canManageBilling)),
    canManageBilling,
    entitlementVersion: entitlements.version,
    asOf: toIso(now),
  }
  return { snapshot, counted }
}

interface Known {
  readonly entitlements: Entitlements
  /** Of each metered feature. */
  readonly questions: readonly Question[]
}

function inquire({ catalog, questions: asked }: Context, records: CustomerRecords, now: Instant): Inquiry<Known> {
  const entitlements = entitlementsAt(catalog, records, now)
  const questions = Object.entries(catalog.features).flatMap(([feature, definition]) => {
    if (definition.kind !== 'metered') return []
    return asked.ask({ by: 'records', records, loaded: true }, feature, definition, now) ?? []
  })
  return {
    answer: { entitlements, questions },
    holds: questions.reduce<Validity>((holds, { freshness }) => overlap(holds, freshness), entitlements),
    queries: questions.map((question) => queryOf(records.customer, question)),
  }
}

function entitlementViews(
  features: Readonly<Record<string, Feature>>,
  entitlements: Entitlements,
): Readonly<Record<string, EntitlementView>> {
  return Object.fromEntries(
    Object.keys(entitlements.plan.features).flatMap((feature) => {
      const definition = features[feature]
      const { terms } = entitlementOf(entitlements, feature)
      if (definition === undefined || terms === null) return []
      return [[feature, { terms: termsView(terms, definition), source: entitlements.source, onError: definition.onError }]]
    }),
  )
}

function usageView(catalog: Catalog, question: Question, reading: UsageReading): UsageView {
  const { feature, entitlements, definition, period, buckets, gates } = question
  const isUnbounded = buckets.some((bucket) => bucket.limit === null)
  const needed = neededAllowance(buckets, reading.buckets, 1)
  const lift = isUnbounded ? undefined : liftOf(catalog, entitlements.plan, feature, needed)
  return {
    ...totalsOf(buckets, reading.buckets),
    unit: definition.unit,
    periodStart: toIso(period.start),
    periodEnd: toIso(period.end),
    gates: gateStatesOf(gates, reading.gates).map((gate) => ({ ...gate, resetsAt: toIso(gate.resetsAt) })),
    ...(lift === undefined ? {} : { lift }),
  }
}

function grantViews(entitlements: Entitlements, feature: string, reading: UsageReading): readonly GrantView[] {
  return entitlements.grants
    .filter((grant) => grant.feature === feature)
    .toSorted(byBurnOrder)
    .map((grant) => {
      const state = reading.buckets.find((bucket) => bucket.id === grantBucketId(grant))
      const used = state?.used ?? 0
      return {
        id: grant.id,
        feature,
        amount: grant.amount,
        used,
        remaining: Math.max(0, grant.amount - used - (state?.reserved ?? 0)),
        priority: grant.priority,
        effectiveAt: toIso(grant.effectiveAt),
        expiresAt: toIso(grant.expiresAt),
      }
    })
}

function discountView({ name, percentOff, amountOff, currency, once, until }: Discount): DiscountView {
  return {
    name,
    percentOff,
    amountOff: amountOff === null || currency === null ? null : { amount: amountOff, currency },
    once,
    until: toIso(until),
  }
}

/** Stripe's page shows what was bought and by whom, so it is for those who manage billing. */
function noticeView(notice: Notice, canManageBilling: boolean): NoticeView {
  const at = toIso(notice.at)
  return 'url' in notice ? { ...notice, at, url: canManageBilling ? notice.url : null } : { ...notice, at }
}
