import type { UsageOperation } from '../../ports/usage-store.ts'
import type { CustomerUsage } from '../counting/customer-usage.ts'
import type { Counter } from '../counting/feature-usage.ts'
import { ledgerOf } from '../counting/ledger.ts'
import { periodStartOf } from './period-bucket.ts'
import type { ChangesList } from './row-changes.ts'

/**
 * Moves counters that hold nothing and that no operation of the call names into rows of their own: called where a new
 * bucket has appeared, as it does when a usage period begins, it keeps documents as short as on the first day. Answers
 * the features of which some counters have rows now.
 */
export function archiveCounters(
  changes: ChangesList,
  customer: string,
  usage: CustomerUsage,
  operations: readonly UsageOperation[],
): ReadonlySet<string> {
  const archived = new Set<string>()
  // One counter in place stays there; to ask for its feature would move it.
  if (usage.isPlain) return archived
  for (const [name, feature] of ledgerOf(usage).entries()) {
    if (feature.counters.size < 2) continue
    const named = bucketsNamed(operations, customer, name)
    // Only a feature that is counted in this call can have a new bucket.
    if (named === undefined) continue
    for (const [bucket, counter] of feature.counters.entries()) {
      if (counter.reserved > 0 || named.has(bucket)) continue
      if (moveOut(changes, customer, name, bucket, counter)) archived.add(name)
      feature.counters.delete(bucket)
    }
  }
  return archived
}

/** A counter of zero reads the same without a row. */
function moveOut(changes: ChangesList, customer: string, feature: string, bucket: string, { used, keepUntil }: Counter): boolean {
  if (used === 0) return false
  const counter = { used, keepUntil: keepUntil === Number.POSITIVE_INFINITY ? null : keepUntil, start: periodStartOf(bucket) }
  changes.counters.push({ customer, feature, bucket, counter })
  return true
}

function bucketsNamed(operations: readonly UsageOperation[], customer: string, feature: string): ReadonlySet<string> | undefined {
  let named: Set<string> | undefined
  for (const operation of operations) {
    if (operation.customer !== customer || operation.feature !== feature) continue
    named ??= new Set()
    if (operation.verb !== 'consume' && operation.verb !== 'reserve') continue
    for (const { id } of operation.buckets) named.add(id)
  }
  return named
}

/** How many counters a customer has in all features. */
export function countersOf(usage: CustomerUsage): number {
  if (usage.isPlain) return usage.plain === null ? 0 : 1
  let counters = 0
  for (const [, feature] of ledgerOf(usage).entries()) counters += feature.counters.size
  return counters
}

