import type { Instant } from '../../domain/instant.ts'

const pattern = /^(?:allowance|overage|overdraft):(-?\d+)$/

/** When the usage period starts whose usage a bucket counts; `null` for a bucket that belongs to none. */
export function periodStartOf(bucket: string): Instant | null {
  const start = pattern.exec(bucket)?.[1]
  return start === undefined ? null : Number(start)
}
