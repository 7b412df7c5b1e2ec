import type { BucketState, Draw } from '../../domain/decision.ts'
import { type Gate, peekGate } from '../../domain/gate.ts'
import type { Instant } from '../../domain/instant.ts'
import type { PlainCounter, UsageBucket, UsageGateState } from '../../ports/usage-store.ts'
import type { CustomerUsage } from './customer-usage.ts'
import type { ExpiringKeys } from './expiring-keys.ts'
import { type Counter, type FeatureUsage, createFeatureUsage } from './feature-usage.ts'
import { keepUntilOf } from './keep-until.ts'
import { ledgerOf } from './ledger.ts'

/** Everything that is counted. `created` tells how many entries were added since the last look for expired ones. */
export interface UsageState {
  readonly customers: Map<string, CustomerUsage>
  created: number
  /** Where keys are kept elsewhere, by whoever runs the operations. */
  readonly forgetsKeys?: boolean
  /** Where keys are dropped by a sweeper. */
  readonly expiringKeys?: ExpiringKeys
  /** The name that was given to a plain counter last: customers who begin together share it. */
  lastPlain?: PlainCounter
}

export function ensureFeature(customer: CustomerUsage, name: string): FeatureUsage {
  const ledger = ledgerOf(customer)
  const known = ledger.find(name)
  if (known !== undefined) return known
  const feature = createFeatureUsage()
  ledger.add(name, feature)
  return feature
}

/** The counter of a bucket that is drawn from now; it is kept as long as the latest caller asks. */
export function ensureCounter(state: UsageState, feature: FeatureUsage, bucket: UsageBucket): Counter {
  const keepUntil = keepUntilOf(bucket)
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
