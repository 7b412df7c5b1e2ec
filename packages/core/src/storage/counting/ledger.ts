import type { Instant } from '../../domain/instant.ts'
import type { PlainCounter } from '../../ports/usage-store.ts'
import { CompactMap } from './compact-map.ts'
import type { CustomerUsage } from './customer-usage.ts'
import { type FeatureUsage, createFeatureUsage } from './feature-usage.ts'
import { keepUntilOf } from './keep-until.ts'

/** The ledger of a customer, opened where there is none: a counter that was held in place goes into it. */
export function ledgerOf(customer: CustomerUsage): CompactMap<FeatureUsage> {
  if (customer.ledger !== undefined) return customer.ledger
  const ledger = new CompactMap<FeatureUsage>()
  if (customer.plain !== null) ledger.add(customer.plain.feature, featureOf(customer.plain, customer.used))
  dropPlain(customer)
  customer.ledger = ledger
  return ledger
}

/** A feature to be looked at: where one counter is held in place, a copy of it. */
export function readFeature({ ledger, plain, used }: CustomerUsage, name: string): FeatureUsage | undefined {
  if (ledger !== undefined) return ledger.find(name)
  return plain?.feature === name ? featureOf(plain, used) : undefined
}

/** Drops a plain counter whose time is over, or a ledger with nothing in it. Answers how many counters were dropped. */
export function dropIdle(customer: CustomerUsage, now: Instant): number {
  if (customer.ledger?.isEmpty() === true) customer.ledger = undefined
  if (customer.plain === null || keepUntilOf(customer.plain.bucket) > now) return 0
  dropPlain(customer)
  return 1
}

function dropPlain(customer: CustomerUsage): void {
  customer.plain = null
  customer.used = 0
}

function featureOf({ bucket }: PlainCounter, used: number): FeatureUsage {
  const feature = createFeatureUsage()
  feature.counters.add(bucket.id, { used, reserved: 0, keepUntil: keepUntilOf(bucket) })
  return feature
}
