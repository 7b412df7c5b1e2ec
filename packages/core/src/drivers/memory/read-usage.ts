import type { Instant } from '../../domain/instant.ts'
import type { UsageHistoryEntry, UsageQuery, UsageReading, UsageStore } from '../../ports/usage-store.ts'
import { markerAt } from '../../storage/counting/marker.ts'
import { readFeatureAt } from '../../storage/counting/reservation.ts'
import { type UsageState, bucketStateOf, gateStatesOf } from '../../storage/counting/usage-state.ts'
import { periodStartOf } from '../../storage/rows/period-bucket.ts'

/** What one feature's counters stand at. */
export function readUsage(state: UsageState, query: UsageQuery, now: Instant): UsageReading {
  const customer = state.customers.get(query.customer)
  const feature = readFeatureAt(customer, query.feature, now)
  return {
    now,
    marker: markerAt(customer, now),
    buckets: query.buckets.map((id) => bucketStateOf(feature, id)),
    gates: gateStatesOf(feature, query.gates, now),
  }
}

/** What was counted in past and present usage periods, oldest first. */
export function readHistory(
  state: UsageState,
  { customer: id, feature: name, from, to }: Parameters<UsageStore['history']>[0],
  now: Instant,
): readonly UsageHistoryEntry[] {
  const feature = readFeatureAt(state.customers.get(id), name, now)
  if (feature === undefined) return []
  const entries: (UsageHistoryEntry & { readonly start: Instant })[] = []
  for (const [bucket, { used }] of feature.counters.entries()) {
    const start = periodStartOf(bucket)
    if (start !== null && used > 0 && start >= from && start < to) entries.push({ bucket, used, start })
  }
  return entries.toSorted((first, second) => first.start - second.start).map(({ bucket, used }) => ({ bucket, used }))
}
