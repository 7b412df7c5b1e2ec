import type { Draw } from '../../domain/decision.ts'
import type { Instant } from '../../domain/instant.ts'
import type { UsageBucket } from '../../ports/usage-store.ts'
import { CompactMap } from './compact-map.ts'

/** What one bucket has given. `used + reserved` never passes 2^53 - 1. */
export interface Counter {
  used: number
  reserved: number
  /** Infinity for a counter that is kept. */
  keepUntil: Instant
}

/** A gate's theoretical arrival time, in microseconds. */
export interface GateCounter {
  state: number
}

/** A reservation that nobody has ended yet. */
export interface HeldReservation {
  readonly amount: number
  readonly drawn: readonly Draw[]
  readonly buckets: readonly UsageBucket[]
  readonly overdraft: number
  readonly overdraftBucket: UsageBucket
  readonly onExpiry: 'release' | 'settle'
  readonly expiresAt: Instant
  readonly key: string | null
}

/** What is remembered of a reservation that has ended. */
export interface EndedReservation {
  readonly as: 'settled' | 'released' | 'expired'
  readonly amount: number
  readonly drawn: readonly Draw[]
  readonly until: Instant
}

export interface FeatureUsage {
  readonly counters: CompactMap<Counter>
  gates: CompactMap<GateCounter> | undefined
  held: Map<string, HeldReservation> | undefined
  ended: Map<string, EndedReservation> | undefined
  /** No held reservation expires before this instant. */
  expiry: Instant
}

/** The first taken outcome under an idempotency key. */
export interface KeyedOutcome {
  readonly verb: 'consume' | 'reserve'
  readonly feature: string
  readonly amount: number
  readonly drawn: readonly Draw[]
  readonly reservation: string | null
  readonly expiresAt: Instant | null
  readonly until: Instant
}

export function createFeatureUsage(): FeatureUsage {
  return {
    counters: new CompactMap(),
    gates: undefined,
    held: undefined,
    ended: undefined,
    expiry: Number.POSITIVE_INFINITY,
  }
}
