import type { Instant } from '../../domain/instant.ts'
import type { UsageBucket } from '../../ports/usage-store.ts'

/** Until when a bucket's counter is kept: Infinity where for good. */
export function keepUntilOf(bucket: UsageBucket): Instant {
  return bucket.keepUntil ?? Number.POSITIVE_INFINITY
}
