import { largestAmount } from '../../domain/amount.ts'
import type { BucketState, Draw } from '../../domain/decision.ts'
import { type Gate, type GateVerdict, throughGate } from '../../domain/gate.ts'
import type { Instant } from '../../domain/instant.ts'
import type { ConsumeOperation, ReserveOperation, UsageBucket, UsageGateState, UsageOutcome } from '../../ports/usage-store.ts'
import { CompactMap } from './compact-map.ts'
import type { CustomerUsage } from './customer-usage.ts'
import { ensureCustomer } from './ensure-customer.ts'
import type { FeatureUsage, GateCounter, KeyedOutcome } from './feature-usage.ts'
import { PlainKeyedOutcome, rememberKey } from './keyed-outcome.ts'
import { markerAt, passMarker, raiseMarker } from './marker.ts'
import { featureAt, findKeyed, hasReservation, hold, readFeatureAt } from './reservation.ts'
import { hasRoomFor, isPlain, takePlain } from './take-plain.ts'
import { type UsageState, bucketStateOf, copyDraws, ensureCounter, ensureFeature, gateStatesOf } from './usage-state.ts'

const noGates: readonly UsageGateState[] = Object.freeze([])

/** Consume or reserve: key, version and interval, gates, buckets, in this order; writes only when all of them agree. */
export function take(state: UsageState, operation: ConsumeOperation | ReserveOperation, now: Instant): UsageOutcome {
  const known = state.customers.get(operation.customer)
  if (operation.key !== null && known !== undefined) {
    const seen = findKeyed(known, operation.key, now)
    if (seen !== undefined) return repeat(operation, seen, known, now)
  }
  if (isPlain(operation) && hasRoomFor(known, operation)) return takePlain(state, known, operation, now)
  const feature = featureAt(known, operation.feature, now)
  if (operation.verb === 'reserve' && hasReservation(feature, operation.reservation, now)) return conflict(operation, feature, now)

  const { loaded, version } = operation.freshness
  const customer = known ?? (loaded ? ensureCustomer(state, operation.customer) : undefined)
  if (customer === undefined) return { kind: 'stale', now, marker: null }
  if (loaded) {
    raiseMarker(customer, version, now)
  } else if (!passMarker(customer, operation.freshness, now)) {
    return { kind: 'stale', now, marker: markerAt(customer, now) }
  }

  const verdicts = operation.gates.length === 0 ? noVerdicts : verdictsOf(feature, operation, now)
  const retryAt = closedUntil(verdicts)
  if (retryAt !== null) return refused(operation, feature, 'gate', retryAt, now)
  const drawn = drawFrom(feature, operation)
  return drawn === undefined
    ? refused(operation, feature, 'bucket', null, now)
    : count(state, customer, feature ?? ensureFeature(customer, operation.feature), operation, drawn, verdicts, now)
}

/** What each bucket would pay, in burn order; `undefined` where they do not hold the amount. */
function drawFrom(
  feature: FeatureUsage | undefined,
  { amount, buckets }: ConsumeOperation | ReserveOperation,
): readonly Draw[] | undefined {
  let rest = amount
  let drawn: Draw[] | undefined
  for (const { id, kind, limit } of buckets) {
    const counter = feature?.counters.find(id)
    const room = (limit ?? largestAmount) - (counter === undefined ? 0 : counter.used + counter.reserved)
    if (room <= 0) continue
    const part = { bucket: id, kind, amount: room < rest ? room : rest }
    if (drawn === undefined) drawn = [part]
    else drawn.push(part)
    rest -= part.amount
    if (rest === 0) return drawn
  }
  return undefined
}

function count(
  state: UsageState,
  customer: CustomerUsage,
  feature: FeatureUsage,
  operation: ConsumeOperation | ReserveOperation,
  drawn: readonly Draw[],
  verdicts: readonly GateVerdict[],
  now: Instant,
): UsageOutcome {
  let next = 0
  for (const bucket of operation.buckets) {
    const part = drawn[next]
    if (part === undefined) break
    if (part.bucket !== bucket.id) continue
    const counter = ensureCounter(state, feature, bucket)
    if (operation.verb === 'consume') counter.used += part.amount
    else counter.reserved += part.amount
    next += 1
  }
  const gates = operation.gates.length === 0 ? noGates : passGates(feature, operation.gates, verdicts)
  const buckets = statesOf(feature, operation.buckets)
  const expiresAt = operation.verb === 'reserve' ? hold(state, feature, operation, drawn, now) : null
  const reservation = operation.verb === 'reserve' ? operation.reservation : null
  const keyUntil = operation.key === null ? null : now + operation.keyFor
  if (operation.key !== null && keyUntil !== null) {
    rememberKey(state, customer, operation.key, keyed(operation, drawn, expiresAt, keyUntil), now)
  }
  return { kind: 'taken', now, buckets, gates, repeated: false, drawn, keyUntil, reservation, expiresAt }
}

/** The first outcome under a key; others may be given the same draws, so they are copied. */
function keyed(
  operation: ConsumeOperation | ReserveOperation,
  drawn: readonly Draw[],
  expiresAt: Instant | null,
  until: Instant,
): KeyedOutcome {
  const { verb, feature, amount } = operation
  const [first, ...others] = drawn
  if (verb === 'consume' && first !== undefined && others.length === 0) {
    return new PlainKeyedOutcome(feature, amount, first.bucket, first.kind, until)
  }
  const reservation = operation.verb === 'reserve' ? operation.reservation : null
  return { verb, feature, amount, drawn: copyDraws(drawn), reservation, expiresAt, until }
}

function repeat(
  operation: ConsumeOperation | ReserveOperation,
  seen: KeyedOutcome,
  customer: CustomerUsage,
  now: Instant,
): UsageOutcome {
  const feature = readFeatureAt(customer, operation.feature, now)
  const isSame = seen.verb === operation.verb && seen.feature === operation.feature && seen.amount === operation.amount
  if (!isSame) return conflict(operation, feature, now)
  return {
    kind: 'taken',
    ...look(operation, feature, now),
    repeated: true,
    drawn: copyDraws(seen.drawn),
    keyUntil: seen.until,
    reservation: seen.reservation,
    expiresAt: seen.expiresAt,
  }
}

function refused(
  operation: ConsumeOperation | ReserveOperation,
  feature: FeatureUsage | undefined,
  by: 'gate' | 'bucket',
  retryAt: Instant | null,
  now: Instant,
): UsageOutcome {
  return { kind: 'refused', ...look(operation, feature, now), by, retryAt }
}

function conflict(operation: ConsumeOperation | ReserveOperation, feature: FeatureUsage | undefined, now: Instant): UsageOutcome {
  return { kind: 'conflict', ...look(operation, feature, now) }
}

/** What is left everywhere, nothing touched. */
function look(
  { buckets, gates }: ConsumeOperation | ReserveOperation,
  feature: FeatureUsage | undefined,
  now: Instant,
): Pick<Extract<UsageOutcome, { kind: 'refused' }>, 'now' | 'buckets' | 'gates'> {
  return {
    now,
    buckets: statesOf(feature, buckets),
    gates: gates.length === 0 ? noGates : gateStatesOf(feature, gates, now),
  }
}

function statesOf(feature: FeatureUsage | undefined, buckets: readonly UsageBucket[]): readonly BucketState[] {
  const [first] = buckets
  return first !== undefined && buckets.length === 1
    ? [bucketStateOf(feature, first.id)]
    : buckets.map((bucket) => bucketStateOf(feature, bucket.id))
}

const noVerdicts: readonly GateVerdict[] = Object.freeze([])

function verdictsOf(
  feature: FeatureUsage | undefined,
  { gates, requests }: ConsumeOperation | ReserveOperation,
  now: Instant,
): readonly GateVerdict[] {
  const verdicts: GateVerdict[] = []
  for (const gate of gates) verdicts.push(throughGate(gate, feature?.gates?.find(gate.id)?.state ?? 0, now, requests))
  return verdicts
}

/** When the last of the closed gates opens; `null` when none is closed. */
function closedUntil(verdicts: readonly GateVerdict[]): Instant | null {
  let opens: Instant | null = null
  for (const { admitted, retryAt } of verdicts) {
    if (!admitted && (opens === null || retryAt > opens)) opens = retryAt
  }
  return opens
}

function passGates(feature: FeatureUsage, gates: readonly Gate[], verdicts: readonly GateVerdict[]): readonly UsageGateState[] {
  const counters = (feature.gates ??= new CompactMap<GateCounter>())
  const states: UsageGateState[] = []
  for (const [index, { state, remaining, resetsAt }] of verdicts.entries()) {
    const gate = gates[index]
    if (gate === undefined) break
    const counter = counters.find(gate.id)
    if (counter === undefined) counters.add(gate.id, { state })
    else counter.state = state
    states.push({ id: gate.id, remaining, resetsAt })
  }
  return states
}
