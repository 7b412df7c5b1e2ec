import { largestAmount } from '../domain/amount.ts'
import type { BucketState, Draw } from '../domain/decision.ts'
import { type Gate, peekGate, throughGate } from '../domain/gate.ts'
import { type Instant, day, isWithin, minute } from '../domain/instant.ts'
import type {
  ConsumeOperation,
  Freshness,
  ReleaseOperation,
  ReserveOperation,
  SettleOperation,
  UsageBucket,
  UsageGateState,
  UsageHistoryEntry,
  UsageOperation,
  UsageOutcome,
} from '../ports/usage-store.ts'

/** One unit of usage, and where it is. The whole reference is a heap of these. */
interface Unit {
  readonly feature: string
  readonly bucket: UsageBucket
  readonly owner: string
  state: 'used' | 'reserved'
}

interface Known {
  readonly operation: ConsumeOperation | ReserveOperation
  readonly drawn: readonly Draw[]
  readonly at: Instant
}

interface Ended {
  readonly as: 'settled' | 'released' | 'expired'
  readonly amount: number
  readonly drawn: readonly Draw[]
  readonly until: Instant
}

/**
 * What a usage store does for one customer, told in the plainest way: every unit that is taken is a thing of its own that
 * lies in one bucket. Slow, and so simple that it can be believed. The arithmetic of a gate is the domain's.
 *
 * `largest` is the most that a bucket holds: fewer where each unit stands for many.
 */
export class ReferenceUsage {
  private readonly largest: number
  private units: Unit[] = []
  private readonly keys = new Map<string, Known>()
  private readonly held = new Map<string, Known & { readonly operation: ReserveOperation }>()
  private readonly ended = new Map<string, Ended>()
  private readonly gates = new Map<string, number>()
  private marker = { version: 0, until: Number.NEGATIVE_INFINITY }

  constructor(largest: number = largestAmount) {
    this.largest = largest
  }

  execute(operation: UsageOperation, now: Instant): UsageOutcome {
    this.expire(now)
    switch (operation.verb) {
      case 'consume':
      case 'reserve':
        return this.take(operation, now)
      case 'settle':
        return this.settle(operation, now)
      case 'release':
        return this.release(operation, now)
      default:
        return operation satisfies never
    }
  }

  raiseVersion(version: number, now: Instant): void {
    const marker = this.markerAt(now)
    if (marker === null || version >= marker) this.marker = { version, until: now + 15 * minute }
  }

  markerAt(now: Instant): number | null {
    return this.marker.until > now ? this.marker.version : null
  }

  statesOf(feature: string, ids: readonly string[], now: Instant): readonly BucketState[] {
    this.expire(now)
    return ids.map((id) => this.stateOf(feature, id))
  }

  gateStatesOf(feature: string, gates: readonly Gate[], now: Instant): readonly UsageGateState[] {
    return gates.map((gate) => ({ id: gate.id, ...peekGate(gate, this.gates.get(placeOf(feature, gate.id)) ?? 0, now) }))
  }

  /** What is used of buckets whose names end in a period's start, which is in `[from, to)`, oldest first, then by name. */
  historyOf(feature: string, from: Instant, to: Instant, now: Instant): readonly UsageHistoryEntry[] {
    this.expire(now)
    const names = [...new Set(this.units.filter((unit) => unit.feature === feature).map((unit) => unit.bucket.id))].toSorted()
    return names
      .filter((name) => startOf(name) >= from && startOf(name) < to)
      .map((bucket) => ({ bucket, used: this.stateOf(feature, bucket).used }))
      .filter(({ used }) => used > 0)
      .toSorted((one, other) => startOf(one.bucket) - startOf(other.bucket))
  }

  private stateOf(feature: string, id: string): BucketState {
    const inside = this.units.filter((unit) => unit.feature === feature && unit.bucket.id === id)
    const used = inside.filter((unit) => unit.state === 'used').length
    return { id, used, reserved: inside.length - used }
  }

  private take(operation: ConsumeOperation | ReserveOperation, now: Instant): UsageOutcome {
    const { feature, amount, key, buckets, gates, requests } = operation
    const known = key === null ? undefined : this.keys.get(key)
    const seen = { now, buckets: this.statesOf(feature, buckets.map((bucket) => bucket.id), now), gates: this.gateStatesOf(feature, gates, now) }
    if (known !== undefined) {
      const first = known.operation
      const isSame = first.verb === operation.verb && first.feature === feature && first.amount === amount
      return isSame ? this.taken(operation, known, now, true) : { kind: 'conflict', ...seen }
    }
    const place = operation.verb === 'reserve' ? placeOf(feature, operation.reservation) : ''
    if (this.held.has(place) || this.ended.has(place)) return { kind: 'conflict', ...seen }
    if (!this.isFresh(operation.freshness, now)) return { kind: 'stale', now, marker: this.markerAt(now) }
    const verdicts = gates.map((gate) => throughGate(gate, this.gates.get(placeOf(feature, gate.id)) ?? 0, now, requests))
    const closed = verdicts.filter((verdict) => !verdict.admitted)
    if (closed.length > 0) {
      return { kind: 'refused', ...seen, by: 'gate', retryAt: Math.max(...closed.map((verdict) => verdict.retryAt)) }
    }
    const places = this.placesFor(feature, buckets, amount)
    if (places.length < amount) return { kind: 'refused', ...seen, by: 'bucket', retryAt: null }
    for (const [index, { id }] of gates.entries()) this.gates.set(placeOf(feature, id), verdicts[index]?.state ?? 0)
    const state = operation.verb === 'reserve' ? 'reserved' : 'used'
    this.units.push(...places.map((bucket) => ({ feature, bucket, owner: place, state }) as const))
    const added: Known = { operation, drawn: drawsOf(places), at: now }
    if (operation.verb === 'reserve') this.held.set(place, { ...added, operation })
    if (key !== null) this.keys.set(key, added)
    return this.taken(operation, added, now, false)
  }

  /** What was loaded for this very call counts, and raises the marker; anything else must be the marker's, and hold now. */
  private isFresh(freshness: Freshness, now: Instant): boolean {
    if (!freshness.loaded && (this.markerAt(now) !== freshness.version || !isWithin(freshness, now))) return false
    this.raiseVersion(freshness.version, now)
    return true
  }

  private taken(asked: ConsumeOperation | ReserveOperation, known: Known, now: Instant, repeated: boolean): UsageOutcome {
    const { operation, drawn, at } = known
    return {
      kind: 'taken',
      now,
      repeated,
      drawn,
      buckets: asked.buckets.map((bucket) => this.stateOf(asked.feature, bucket.id)),
      gates: this.gateStatesOf(asked.feature, asked.gates, now),
      keyUntil: operation.key === null ? null : at + operation.keyFor,
      reservation: operation.verb === 'reserve' ? operation.reservation : null,
      expiresAt: operation.verb === 'reserve' ? at + operation.expiresIn : null,
    }
  }

  private settle({ feature, reservation, amount }: SettleOperation, now: Instant): UsageOutcome {
    const place = placeOf(feature, reservation)
    const held = this.held.get(place)
    if (held === undefined) {
      const ended = this.ended.get(place)
      if (ended?.as !== 'settled' || ended.amount !== amount) return { kind: 'unknown', now, as: ended?.as ?? null }
      return { kind: 'ended', now, amount, repeated: true, drawn: ended.drawn }
    }
    const { operation } = held
    const beyond = this.stateOf(feature, operation.overdraftBucket.id)
    const most = operation.amount + Math.min(operation.overdraft, this.largest - beyond.used - beyond.reserved)
    if (amount > most) return { kind: 'over', now, most }
    const own = this.units.filter((unit) => unit.owner === place && unit.state === 'reserved')
    for (const unit of own.slice(0, amount)) unit.state = 'used'
    const freed = new Set(own.slice(amount))
    this.units = this.units.filter((unit) => !freed.has(unit))
    const above = this.placesFor(feature, operation.buckets, amount - own.length)
    while (above.length < amount - own.length) above.push(operation.overdraftBucket)
    this.units.push(...above.map((bucket) => ({ feature, bucket, owner: place, state: 'used' }) as const))
    const drawn = drawsOf([...own.slice(0, amount).map((unit) => unit.bucket), ...above])
    this.end(place, { as: 'settled', amount, drawn, until: now + day })
    return { kind: 'ended', now, amount, repeated: false, drawn }
  }

  private release({ feature, target }: ReleaseOperation, now: Instant): UsageOutcome {
    const unknown: UsageOutcome = { kind: 'unknown', now, as: null }
    if (target.by === 'drawn') return this.remove(feature, target.drawn) ? givenBack(target.drawn, now, false) : unknown
    if (target.by === 'reservation') return this.releaseHeld(placeOf(feature, target.reservation), now)
    const known = this.keys.get(target.key)
    if (known === undefined || known.operation.feature !== feature) return unknown
    if (known.operation.verb === 'reserve') return this.releaseHeld(placeOf(feature, known.operation.reservation), now)
    if (!this.remove(feature, known.drawn)) return unknown
    this.keys.delete(target.key)
    return givenBack(known.drawn, now, false)
  }

  private releaseHeld(place: string, now: Instant): UsageOutcome {
    const held = this.held.get(place)
    if (held === undefined) {
      const known = this.ended.get(place)
      return known?.as === 'released' ? givenBack(known.drawn, now, true) : { kind: 'unknown', now, as: known?.as ?? null }
    }
    this.units = this.units.filter((unit) => unit.owner !== place || unit.state === 'used')
    this.end(place, { as: 'released', amount: 0, drawn: held.drawn, until: now + day })
    return givenBack(held.drawn, now, false)
  }

  private expire(now: Instant): void {
    for (const [key, known] of this.keys) if (known.at + known.operation.keyFor <= now) this.keys.delete(key)
    for (const [id, { operation, at, drawn }] of this.held) {
      const expiresAt = at + operation.expiresIn
      if (expiresAt > now) continue
      const isCounted = operation.onExpiry === 'settle'
      for (const unit of this.units) if (isCounted && unit.owner === id) unit.state = 'used'
      this.units = this.units.filter((unit) => unit.owner !== id || unit.state === 'used')
      const amount = isCounted ? operation.amount : 0
      this.end(id, { as: 'expired', amount, drawn, until: expiresAt + day }, isCounted)
    }
    for (const [id, known] of this.ended) if (known.until <= now) this.ended.delete(id)
  }

  private end(place: string, end: Ended, isCounted = end.as === 'settled'): void {
    const ending = this.held.get(place)?.operation
    const key = ending?.key ?? null
    const isOwn = key !== null && this.keys.get(key)?.operation === ending
    if (key !== null && isOwn && !isCounted) this.keys.delete(key)
    for (const [index, unit] of this.units.entries()) {
      if (unit.owner === place) this.units[index] = { ...unit, owner: '' }
    }
    this.held.delete(place)
    this.ended.set(place, end)
  }

  /** The buckets that `amount` more units would lie in; fewer where there is no room. */
  private placesFor(feature: string, buckets: readonly UsageBucket[], amount: number): UsageBucket[] {
    const places: UsageBucket[] = []
    for (const bucket of buckets) {
      const { used, reserved } = this.stateOf(feature, bucket.id)
      const room = (bucket.limit ?? this.largest) - used - reserved
      for (let count = 0; count < room && places.length < amount; count += 1) places.push(bucket)
    }
    return places
  }

  private remove(feature: string, drawn: readonly Draw[]): boolean {
    const removed = new Set<Unit>()
    for (const { bucket, amount } of drawn) {
      for (let count = 0; count < amount; count += 1) {
        const isThere = (item: Unit): boolean => item.feature === feature && item.bucket.id === bucket && item.state === 'used'
        const unit = this.units.find((item) => isThere(item) && !removed.has(item))
        if (unit === undefined) return false
        removed.add(unit)
      }
    }
    this.units = this.units.filter((unit) => !removed.has(unit))
    return true
  }
}

/** When the usage period of a bucket starts; NaN for one that has none. */
function startOf(bucket: string): Instant {
  return Number(/^(?:allowance|overage|overdraft):(\d+)$/.exec(bucket)?.[1] ?? Number.NaN)
}

/** A name within a feature. */
function placeOf(feature: string, name: string): string {
  return JSON.stringify([feature, name])
}

function drawsOf(places: readonly UsageBucket[]): readonly Draw[] {
  // The bucket of an overdraft may be one of the reservation's own.
  const draws = new Map<string, Draw>()
  for (const { id, kind } of places) {
    const known = draws.get(id)
    draws.set(id, { bucket: id, kind: known?.kind ?? kind, amount: (known?.amount ?? 0) + 1 })
  }
  return [...draws.values()]
}

function givenBack(drawn: readonly Draw[], now: Instant, repeated: boolean): UsageOutcome {
  return { kind: 'ended', now, amount: 0, repeated, drawn }
}
