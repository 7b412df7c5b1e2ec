import type { BucketKind } from '../../domain/bucket.ts'
import type { Draw } from '../../domain/decision.ts'
import type { Instant } from '../../domain/instant.ts'
import type { CustomerUsage } from './customer-usage.ts'
import type { KeyedOutcome } from './feature-usage.ts'
import type { UsageState } from './usage-state.ts'

/** A consumption out of one bucket, as most are: in half of the memory that any outcome takes. */
export class PlainKeyedOutcome implements KeyedOutcome {
  readonly feature: string
  readonly amount: number
  readonly until: Instant
  private readonly bucket: string
  private readonly kind: BucketKind

  constructor(feature: string, amount: number, bucket: string, kind: BucketKind, until: Instant) {
    this.feature = feature
    this.amount = amount
    this.until = until
    this.bucket = bucket
    this.kind = kind
  }

  get verb(): 'consume' {
    return 'consume'
  }

  get drawn(): readonly Draw[] {
    return [{ bucket: this.bucket, kind: this.kind, amount: this.amount }]
  }

  get reservation(): null {
    return null
  }

  get expiresAt(): null {
    return null
  }
}

/** Remembers what was taken under a key, and drops two that are over. */
export function rememberKey(state: UsageState, customer: CustomerUsage, key: string, outcome: KeyedOutcome, now: Instant): void {
  if (state.forgetsKeys === true) return
  customer.keys ??= new Map()
  customer.keys.set(key, outcome)
  const { expiringKeys } = state
  if (expiringKeys === undefined) return
  expiringKeys.add(customer, key, outcome)
  expiringKeys.drop(now, 2)
}
