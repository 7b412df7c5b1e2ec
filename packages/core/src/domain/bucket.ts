import type { MeteredTerms } from './allowance.ts'
import type { Entitlements } from './entitlement.ts'
import { entitlementOf } from './entitlement.ts'
import type { MeteredFeature } from './feature.ts'
import { type Burnable, type Grant, byBurnOrder, defaultPriority } from './grant.ts'
import { type Instant, day } from './instant.ts'
import { type UsageInterval, type UsagePeriod, calendarAnchor, periodAt } from './period.ts'

export type BucketKind = 'allowance' | 'grant' | 'overage'

/** Anything an amount can be drawn from. Its counter is named by customer, feature and `id`, never by a plan. */
export interface Bucket {
  readonly id: string
  readonly kind: BucketKind
  /** `null` means unlimited. */
  readonly limit: number | null
  /** When its counter may be forgotten. */
  readonly keepUntil: Instant | null
}

/** The buckets of a metered feature in burn order, and the usage period they hold for. */
export interface Allotment {
  readonly buckets: readonly Bucket[]
  readonly period: UsagePeriod
}

/** Counters are kept for history and late settlements this long after nothing more can be drawn from them. */
const keptAfterEnd = 400 * day

/** A metered feature that the plan does not have still counts its grants per month. */
const withoutTerms: MeteredTerms = { kind: 'metered', amount: 0, interval: 'month', overagePrice: null }

/**
 * What `feature` can be drawn from at `now`, in burn order; overage always comes last. An unlimited allowance comes before
 * all grants: nobody's credits are burnt for what is free.
 */
export function allotmentOf(entitlements: Entitlements, feature: string, definition: MeteredFeature, now: Instant): Allotment {
  const { terms, grants } = entitlementOf(entitlements, feature)
  const metered = terms?.kind === 'metered' ? terms : withoutTerms
  const period = periodAt(anchorOf(entitlements, definition, metered.interval), metered.interval, now)
  const keepUntil = period.end + keptAfterEnd
  const burnable = [
    ...grants.map((grant) => ({
      ...grant,
      bucket: grantBucket(grant),
    })),
    {
      id: '',
      priority: defaultPriority,
      expiresAt: period.end,
      createdAt: period.start,
      bucket: { id: bucketId('allowance', period), kind: 'allowance', limit: metered.amount, keepUntil } as const,
    },
  ].toSorted(metered.amount === null ? allowanceFirst : byBurnOrder)
  const overage: readonly Bucket[] =
    metered.overagePrice === null ? [] : [{ id: bucketId('overage', period), kind: 'overage', limit: null, keepUntil }]
  return { buckets: [...burnable.map((item): Bucket => item.bucket), ...overage], period }
}

/** A grant has one counter for its whole life, through all usage periods. */
function grantBucket(grant: Grant): Bucket {
  const keepUntil = grant.expiresAt === null ? null : grant.expiresAt + keptAfterEnd
  return { id: grantBucketId(grant), kind: 'grant', limit: grant.amount, keepUntil }
}

/** The counter of a grant. */
export function grantBucketId(grant: Pick<Grant, 'id'>): string {
  return `grant:${grant.id}`
}

function allowanceFirst(one: Burnable & { bucket: Bucket }, other: Burnable & { bucket: Bucket }): number {
  return Number(one.bucket.kind !== 'allowance') - Number(other.bucket.kind !== 'allowance') || byBurnOrder(one, other)
}

/** The counter of a bucket that lives in one usage period. */
export function bucketId(kind: 'allowance' | 'overage' | 'overdraft', period: UsagePeriod): string {
  return `${kind}:${period.start}`
}

function anchorOf(entitlements: Entitlements, definition: MeteredFeature, interval: UsageInterval): Instant {
  switch (definition.anchor) {
    case 'customer':
      return entitlements.anchor
    case 'calendar':
      return calendarAnchor(interval)
    case 'subscription':
      return entitlements.billingAnchor
    default:
      return definition.anchor satisfies never
  }
}
