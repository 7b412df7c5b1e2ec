import type { BucketState, Draw } from '../../domain/decision.ts'
import type { Gate } from '../../domain/gate.ts'
import { type Instant, type Milliseconds, isWithin } from '../../domain/instant.ts'
import type { ConsumeOperation, ReserveOperation, UsageBucket, UsageGateState, UsageOutcome } from '../../ports/usage-store.ts'
import type { Block } from './lease-size.ts'

type Taken = Extract<UsageOutcome, { kind: 'taken' }>

/** What an instance has taken ahead of one feature of one customer, and how much of it is spent. Instants are of this host. */
export interface Lease {
  /** How it was asked for. */
  readonly operation: ReserveOperation
  readonly version: number
  buckets: readonly UsageBucket[]
  gates: readonly Gate[]
  /** What the block was drawn from, in burn order: spent from the first on. */
  readonly drawn: readonly Draw[]
  readonly amount: number
  spent: number
  /** How many more requests the gates have admitted. */
  requests: number
  /** Counters as the store told them, without the block. */
  readonly base: readonly BucketState[]
  readonly gateStates: readonly UsageGateState[]
  /** From here on the block is not spent any more but given back. */
  readonly until: Instant
  readonly openedAt: Instant
  /** From here on the store has ended the reservation by itself. */
  readonly expiresAt: Instant
  /** The store's present at `openedAt`, or a little earlier. */
  readonly storeNow: Instant
}

/**
 * A block as the store granted it, for a question about `buckets`. `begun` is when it was asked for: nothing of the answer
 * can be older. `seen` are counters that the block was not drawn from, as they were told last.
 */
export function openLease(
  operation: ReserveOperation,
  { now: storeNow, drawn, buckets: states, gates: gateStates }: Taken,
  { amount, requests }: Block,
  buckets: readonly UsageBucket[],
  seen: readonly BucketState[],
  { begun, now, idle }: { readonly begun: Instant; readonly now: Instant; readonly idle: Milliseconds },
): Lease {
  const { gates, expiresIn, freshness: { version, validUntil } } = operation
  const base = buckets.map(({ id }): BucketState => {
    const state = [...states, ...seen].find((item) => item.id === id) ?? { id, used: 0, reserved: 0 }
    return { id, used: state.used, reserved: Math.max(0, state.reserved - sumOf(drawn, id)) }
  })
  return {
    operation,
    version,
    buckets,
    gates,
    drawn,
    amount,
    spent: 0,
    requests: gates.length === 0 ? Number.POSITIVE_INFINITY : requests,
    base,
    gateStates,
    until: begun + (validUntil === null ? idle : Math.min(idle, validUntil - storeNow)),
    openedAt: now,
    expiresAt: now + expiresIn,
    storeNow,
  }
}

/** What the block can do for an operation: pay for it, refuse what it knows as the store would (`stale`), or neither. */
export function judge(lease: Lease, operation: ConsumeOperation, now: Instant): 'pays' | 'stale' | 'other' {
  const { freshness, buckets, gates } = operation
  const isOld = !freshness.loaded && (freshness.version < lease.version || !isWithin(freshness, storeNowOf(lease, now)))
  if (isOld) return 'stale'
  if (freshness.version !== lease.version) return 'other'
  if (buckets !== lease.buckets || gates !== lease.gates) {
    if (!isSame(lease, operation)) return 'other'
    lease.buckets = buckets
    lease.gates = gates
  }
  return 'pays'
}

/** Whether both ask the same of the same counters. */
export function isSame(one: Pick<ConsumeOperation, 'buckets' | 'gates'>, other: Pick<ConsumeOperation, 'buckets' | 'gates'>): boolean {
  return (
    one.buckets.length === other.buckets.length &&
    one.gates.length === other.gates.length &&
    one.buckets.every(({ id, limit }, index) => id === other.buckets[index]?.id && limit === other.buckets[index].limit) &&
    one.gates.every(({ id }, index) => id === other.gates[index]?.id)
  )
}

/** Whether the block may still be spent. A clock that went back shows nothing of how long it was kept. */
export function isOpen({ openedAt, until }: Lease, now: Instant): boolean {
  return openedAt <= now && now < until
}

export function canSpend(lease: Lease, amount: number): boolean {
  return lease.requests >= 1 && lease.amount - lease.spent >= amount
}

/** Pays `amount` out of the block. Counters are told as the store saw them last, with what was spent here since. */
export function spend(lease: Lease, amount: number, now: Instant): Taken {
  const from = lease.spent
  lease.spent += amount
  lease.requests -= 1
  return {
    kind: 'taken',
    now: storeNowOf(lease, now),
    buckets: statesOf(lease),
    gates: lease.gateStates.length === 0 ? lease.gateStates : gateStatesOf(lease),
    repeated: false,
    drawn: drawsBetween(lease, from, lease.spent),
    keyUntil: null,
    reservation: null,
    expiresAt: null,
  }
}

/** Takes back what was drawn, where that is what this block paid last; else it was another bucket that paid. Gates are not refunded. */
export function takeBack(lease: Lease, drawn: readonly Draw[]): boolean {
  const amount = drawn.reduce((sum, draw) => sum + draw.amount, 0)
  const last = drawsBetween(lease, lease.spent - amount, lease.spent)
  const isLast = last.length === drawn.length && last.every((draw, index) => draw.bucket === drawn[index]?.bucket && draw.amount === drawn[index].amount)
  if (isLast) lease.spent -= amount
  return isLast
}

/** The store's present, never ahead of it. */
export function storeNowOf({ storeNow, openedAt }: Lease, now: Instant): Instant {
  return storeNow + Math.max(0, now - openedAt)
}

/** What of the block was spent from each bucket, and what of it is held: `[spent, held]`. */
export function partsOf(lease: Lease, bucket: string): readonly [number, number] {
  let rest = lease.spent
  for (const draw of lease.drawn) {
    const spent = Math.min(rest, draw.amount)
    if (draw.bucket === bucket) return [spent, draw.amount]
    rest -= spent
  }
  return [0, 0]
}

function statesOf(lease: Lease): readonly BucketState[] {
  return lease.base.map(({ id, used, reserved }) => ({ id, used: used + partsOf(lease, id)[0], reserved }))
}

function gateStatesOf({ gateStates, requests }: Lease): readonly UsageGateState[] {
  return gateStates.map((gate) => ({ ...gate, remaining: gate.remaining + requests }))
}

function drawsBetween({ drawn }: Lease, from: number, to: number): readonly Draw[] {
  let start = 0
  return drawn.flatMap((draw) => {
    const begin = start
    start += draw.amount
    const amount = Math.min(to, start) - Math.max(from, begin)
    return amount > 0 ? [{ ...draw, amount }] : []
  })
}

function sumOf(drawn: readonly Draw[], bucket: string): number {
  return drawn.reduce((sum, draw) => (draw.bucket === bucket ? sum + draw.amount : sum), 0)
}
