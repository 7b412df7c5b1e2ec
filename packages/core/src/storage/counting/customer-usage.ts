import type { Instant } from '../../domain/instant.ts'
import type { PlainCounter, UsagePlace } from '../../ports/usage-store.ts'
import { CompactMap } from './compact-map.ts'
import { type FeatureUsage, type KeyedOutcome, createFeatureUsage, keepUntilOf } from './feature-usage.ts'

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
  private ledger: CompactMap<FeatureUsage> | undefined = undefined

  /** Whether nothing but one counter is held, or nothing at all. */
  get isPlain(): boolean {
    return this.ledger === undefined
  }

  /** Whether a counter of that name can be held in place, or is. */
  hasRoomFor(feature: string, bucket: string): boolean {
    const { plain } = this
    return this.ledger === undefined && (plain === null || (plain.bucket.id === bucket && plain.feature === feature))
  }

  get features(): CompactMap<FeatureUsage> {
    return this.ledger ?? this.open()
  }

  get isEmpty(): boolean {
    return this.plain === null && (this.keys?.size ?? 0) === 0 && (this.ledger === undefined || this.ledger.isEmpty())
  }

  /** A feature to be looked at: where one counter is held in place, a copy of it. */
  readFeature(name: string): FeatureUsage | undefined {
    if (this.ledger !== undefined) return this.ledger.find(name)
    return this.plain?.feature === name ? featureOf(this.plain, this.used) : undefined
  }

  /** Drops a plain counter whose time is over, or a ledger with nothing in it. Answers how many counters were dropped. */
  dropIdle(now: Instant): number {
    if (this.ledger?.isEmpty() === true) this.ledger = undefined
    if (this.plain === null || keepUntilOf(this.plain.bucket) > now) return 0
    this.plain = null
    this.used = 0
    return 1
  }

  private open(): CompactMap<FeatureUsage> {
    const ledger = new CompactMap<FeatureUsage>()
    if (this.plain !== null) ledger.add(this.plain.feature, featureOf(this.plain, this.used))
    this.plain = null
    this.used = 0
    this.ledger = ledger
    return ledger
  }
}

function featureOf({ bucket }: PlainCounter, used: number): FeatureUsage {
  const feature = createFeatureUsage()
  feature.counters.add(bucket.id, { used, reserved: 0, keepUntil: keepUntilOf(bucket) })
  return feature
}
