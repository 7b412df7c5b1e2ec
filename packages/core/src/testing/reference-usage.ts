import type { BucketState, Draw } from '../domain/decision.ts'
import { type Instant, day } from '../domain/instant.ts'
import type {
  ConsumeOperation,
  ReleaseOperation,
  ReserveOperation,
  SettleOperation,
  UsageBucket,
  UsageOperation,
  UsageOutcome,
} from '../ports/usage-store.ts'

/** One unit of usage, and where it is. The whole reference is a heap of these. */
interface Unit {
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
 * What a usage store does for one feature of one customer, told in the plainest way: every unit that is taken is a thing
 * of its own that lies in one bucket. Slow, and so simple that it can be believed. Freshness and gates are not part of it.
 */
export class ReferenceUsage {
  private units: Unit[] = []
  private readonly keys = new Map<string, Known>()
  private readonly held = new Map<string, Known & { readonly operation: ReserveOperation }>()
  private readonly ended = new Map<string, Ended>()

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

  stateOf(id: string): BucketState {
    const inside = this.units.filter((unit) => unit.bucket.id === id)
    const used = inside.filter((unit) => unit.state === 'used').length
    return { id, used, reserved: inside.length - used }
  }

  private take(operation: ConsumeOperation | ReserveOperation, now: Instant): UsageOutcome {
    const known = operation.key === null ? undefined : this.keys.get(operation.key)
    const seen = { now, buckets: operation.buckets.map((bucket) => this.stateOf(bucket.id)), gates: [] }
    if (known !== undefined) {
      const first = known.operation
      if (first.verb !== operation.verb || first.amount !== operation.amount) return { kind: 'conflict', ...seen }
      return this.taken(operation, known, now, true)
    }
    if (operation.verb === 'reserve' && (this.held.has(operation.reservation) || this.ended.has(operation.reservation))) {
      return { kind: 'conflict', ...seen }
    }
    const places = this.placesFor(operation.buckets, operation.amount)
    if (places.length < operation.amount) return { kind: 'refused', ...seen, by: 'bucket', retryAt: null }
    const owner = operation.verb === 'reserve' ? operation.reservation : ''
    const state = operation.verb === 'reserve' ? 'reserved' : 'used'
    this.units.push(...places.map((bucket) => ({ bucket, owner, state }) as const))
    const added: Known = { operation, drawn: drawsOf(places), at: now }
    if (operation.verb === 'reserve') this.held.set(operation.reservation, { ...added, operation })
    if (operation.key !== null) this.keys.set(operation.key, added)
    return this.taken(operation, added, now, false)
  }

  private taken(asked: ConsumeOperation | ReserveOperation, known: Known, now: Instant, repeated: boolean): UsageOutcome {
    const { operation, drawn, at } = known
    return {
      kind: 'taken',
      now,
      repeated,
      drawn,
      buckets: asked.buckets.map((bucket) => this.stateOf(bucket.id)),
      gates: [],
      keyUntil: operation.key === null ? null : at + operation.keyFor,
      reservation: operation.verb === 'reserve' ? operation.reservation : null,
      expiresAt: operation.verb === 'reserve' ? at + operation.expiresIn : null,
    }
  }

  private settle({ reservation, amount }: SettleOperation, now: Instant): UsageOutcome {
    const held = this.held.get(reservation)
    if (held === undefined) {
      const ended = this.ended.get(reservation)
      if (ended?.as !== 'settled' || ended.amount !== amount) return { kind: 'unknown', now, as: ended?.as ?? null }
      return { kind: 'ended', now, amount, repeated: true, drawn: ended.drawn }
    }
    const { operation } = held
    const most = operation.amount + operation.overdraft
    if (amount > most) return { kind: 'over', now, most }
    const own = this.units.filter((unit) => unit.owner === reservation && unit.state === 'reserved')
    for (const unit of own.slice(0, amount)) unit.state = 'used'
    this.units = this.units.filter((unit) => !own.slice(amount).includes(unit))
    const above = this.placesFor(operation.buckets, amount - own.length)
    while (above.length < amount - own.length) above.push(operation.overdraftBucket)
    this.units.push(...above.map((bucket) => ({ bucket, owner: reservation, state: 'used' }) as const))
    const drawn = drawsOf([...own.slice(0, amount).map((unit) => unit.bucket), ...above])
    this.end(reservation, { as: 'settled', amount, drawn, until: now + day })
    return { kind: 'ended', now, amount, repeated: false, drawn }
  }

  private release({ target }: ReleaseOperation, now: Instant): UsageOutcome {
    const unknown: UsageOutcome = { kind: 'unknown', now, as: null }
    if (target.by === 'drawn') return this.remove(target.drawn) ? givenBack(target.drawn, now, false) : unknown
    if (target.by === 'reservation') return this.releaseHeld(target.reservation, now)
    const known = this.keys.get(target.key)
    if (known === undefined) return unknown
    if (known.operation.verb === 'reserve') return this.releaseHeld(known.operation.reservation, now)
    if (!this.remove(known.drawn)) return unknown
    this.keys.delete(target.key)
    return givenBack(known.drawn, now, false)
  }

  private releaseHeld(reservation: string, now: Instant): UsageOutcome {
    const held = this.held.get(reservation)
    if (held === undefined) {
      const known = this.ended.get(reservation)
      return known?.as === 'released' ? givenBack(known.drawn, now, true) : { kind: 'unknown', now, as: known?.as ?? null }
    }
    this.units = this.units.filter((unit) => unit.owner !== reservation || unit.state === 'used')
    this.end(reservation, { as: 'released', amount: 0, drawn: held.drawn, until: now + day })
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

  private end(reservation: string, end: Ended, isCounted = end.as === 'settled'): void {
    const key = this.held.get(reservation)?.operation.key ?? null
    const known = key === null ? undefined : this.keys.get(key)
    const isOwn = known?.operation.verb === 'reserve' && known.operation.reservation === reservation
    if (key !== null && isOwn && !isCounted) this.keys.delete(key)
    for (const [index, unit] of this.units.entries()) {
      if (unit.owner === reservation) this.units[index] = { ...unit, owner: '' }
    }
    this.held.delete(reservation)
    this.ended.set(reservation, end)
  }

  /** The buckets that `amount` more units would lie in; fewer where there is no room. */
  private placesFor(buckets: readonly UsageBucket[], amount: number): UsageBucket[] {
    const places: UsageBucket[] = []
    for (const bucket of buckets) {
      const { used, reserved } = this.stateOf(bucket.id)
      for (let room = (bucket.limit ?? amount + used + reserved) - used - reserved; room > 0; room -= 1) {
        if (places.length < amount) places.push(bucket)
      }
    }
    return places
  }

  private remove(drawn: readonly Draw[]): boolean {
    const removed = new Set<Unit>()
    for (const { bucket, amount } of drawn) {
      for (let count = 0; count < amount; count += 1) {
        const unit = this.units.find((item) => item.bucket.id === bucket && item.state === 'used' && !removed.has(item))
        if (unit === undefined) return false
        removed.add(unit)
      }
    }
    this.units = this.units.filter((unit) => !removed.has(unit))
    return true
  }
}

function drawsOf(places: readonly UsageBucket[]): readonly Draw[] {
  return [...new Set(places)].map((bucket) => ({
    bucket: bucket.id,
    kind: bucket.kind,
    amount: places.filter((place) => place === bucket).length,
  }))
}

function givenBack(drawn: readonly Draw[], now: Instant, repeated: boolean): UsageOutcome {
  return { kind: 'ended', now, amount: 0, repeated, drawn }
}
