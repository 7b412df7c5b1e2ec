import type { Instant } from '../../domain/instant.ts'
import type { PlainCounter, UsagePlace } from '../../ports/usage-store.ts'
import type { CompactMap } from './compact-map.ts'
import type { FeatureUsage, KeyedOutcome } from './feature-usage.ts'

/**
 * What is counted of one customer. Of most it is one counter, which is then held in place; with the first feature, bucket,
 * gate or reservation beside it, a ledger is opened that can hold everything.
 */
export class CustomerUsage implements UsagePlace {
  note = -1
  marker = 0
  /** The marker counts until here; -Infinity where there never was one. */
  markerUntil: Instant = Number.NEGATIVE_INFINITY
  used = 0
  /** The counter that `used` belongs to; `null` where there is none or a ledger. */
  plain: PlainCounter | null = null
  keys: Map<string, KeyedOutcome> | undefined = undefined
  /** `undefined` as long as nothing but one counter was held. */
  ledger: CompactMap<FeatureUsage> | undefined = undefined

  /** Whether nothing but one counter is held, or nothing at all. */
  get isPlain(): boolean {
    return this.ledger === undefined
  }

  /** Whether a counter of that name can be held in place, or is. */
  hasRoomFor(feature: string, bucket: string): boolean {
    const { plain } = this
    return this.ledger === undefined && (plain === null || (plain.bucket.id === bucket && plain.feature === feature))
  }
}
