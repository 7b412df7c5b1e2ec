import type { BucketState, Draw } from '../../domain/decision.ts'
import { type Gate, peekGate } from '../../domain/gate.ts'
import type { Instant } from '../../domain/instant.ts'
import type { UsageBucket, UsageGateState } from '../../ports/usage-store.ts'
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

export interface CustomerUsage {
  readonly features: CompactMap<FeatureUsage>
  keys: Map<string, KeyedOutcome> | undefined
  marker: number
  /** The marker counts until here; -Infinity where there never was one. */
  markerUntil: Instant
}

/** Everything that is counted. `created` tells how many entries were added since the last look for expired ones. */
export interface UsageState {
  readonly customers: Map<string, CustomerUsage>
  created: number
}

export function ensureCustomer(state: UsageState, id: string): CustomerUsage {
  const known = state.customers.get(id)
  if (known !== undefined) return known
  const customer: CustomerUsage = {
    features: new CompactMap(),
    keys: undefined,
    marker: 0,
    markerUntil: Number.NEGATIVE_INFINITY,
  }
  state.customers.set(id, customer)
  state.created += 1
  return customer
}

export function ensureFeature(customer: CustomerUsage, name: string): FeatureUsage {
  const known = customer.features.find(name)
  if (known !== undefined) return known
  const feature: FeatureUsage = {
    counters: new CompactMap(),
    gates: undefined,
    held: undefined,
    ended: undefined,
    expiry: Number.POSITIVE_INFINITY,
  }
  customer.features.add(name, feature)
  return feature
}

/** The counter of a bucket that is drawn from now; it is kept as long as the latest caller asks. */
export function ensureCounter(state: UsageState, feature: FeatureUsage, bucket: UsageBucket): Counter {
  const keepUntil = bucket.keepUntil ?? Number.POSITIVE_INFINITY
  const known = feature.counters.find(bucket.id)
  if (known !== undefined) {
    if (keepUntil > known.keepUntil) known.keepUntil = keepUntil
    return known
  }
  const counter: Counter = { used: 0, reserved: 0, keepUntil }
  feature.counters.add(bucket.id, counter)
  state.created += 1
  return counter
}

/** The customer's marker, unless it was unused for too long. */
export function markerAt(customer: CustomerUsage | undefined, now: Instant): number | null {
  return customer === undefined || customer.markerUntil <= now ? null : customer.marker
}

export function bucketStateOf(feature: FeatureUsage | undefined, id: string): BucketState {
  const counter = feature?.counters.find(id)
  return { id, used: counter?.used ?? 0, reserved: counter?.reserved ?? 0 }
}

/** What the gates would say now, without passing them. */
export function gateStatesOf(feature: FeatureUsage | undefined, gates: readonly Gate[], now: Instant): readonly UsageGateState[] {
  return gates.map((gate) => ({ id: gate.id, ...peekGate(gate, feature?.gates?.find(gate.id)?.state ?? 0, now) }))
}

export function copyDraws(drawn: readonly Draw[]): readonly Draw[] {
  return drawn.map((draw) => ({ ...draw }))
}
