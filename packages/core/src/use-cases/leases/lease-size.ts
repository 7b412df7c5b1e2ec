import { largestAmount } from '../../domain/amount.ts'
import type { BucketState } from '../../domain/decision.ts'
import type { Gate } from '../../domain/gate.ts'
import type { UsageBucket, UsageGateState } from '../../ports/usage-store.ts'

/** What is known when a block is asked for. */
export interface Appetite {
  /** What those who wait need, together, and how many they are. */
  readonly demand: number
  readonly count: number
  /** What the first of them needs. */
  readonly first: number
  /** How much was needed lately, in the time that a block is kept. */
  readonly pace: number
  /** The most that a block may be. */
  readonly most: number
  /** What the store held last, and how many requests its gates would have admitted; `null` where it was not asked yet. */
  readonly room: number | null
  readonly admits: number | null
  readonly gates: readonly Gate[]
}

/** What to take: an amount, and for how many requests the gates are asked. */
export interface Block {
  readonly amount: number
  readonly requests: number
}

/** What is taken ahead is an eighth of what is left: many instances may take as much at the same time, and towards the limit nothing strands. */
const share = 8

/**
 * How large a block to take: what those who wait need and as much as is needed lately, never more than a share of what
 * that leaves of buckets and gates. `null` where each of them is better off asking for itself.
 */
export function blockFor({ demand, count, first, pace, most, room, admits, gates }: Appetite): Block | null {
  if (room === null || admits === null) return null
  const amount = Math.min(most, pace, room < demand ? room : demand + Math.floor((room - demand) / share))
  // Of what is less than they need, those who came first are paid.
  const isEnough = amount > demand || (room < demand && amount >= share * first)
  if (gates.length === 0) return isEnough ? { amount, requests: 1 } : null
  const admitted = Math.min(Math.floor(admits / share), ...gates.map(({ burst }) => burst))
  const requests = Math.min(admitted, Math.ceil((amount * count) / demand))
  const paid = Math.min(amount, Math.floor((requests * demand) / count))
  return requests > count && paid > demand ? { amount: paid, requests } : null
}

/** What a block may come from. Overage is billed, so what nobody spent must never be drawn from it. */
export function leasable(buckets: readonly UsageBucket[]): readonly UsageBucket[] {
  return buckets.filter(({ kind }) => kind !== 'overage')
}

/** How much the buckets still hold. */
export function roomIn(buckets: readonly UsageBucket[], states: readonly BucketState[]): number {
  let room = 0
  for (const { id, limit } of buckets) {
    const { used, reserved } = states.find((item) => item.id === id) ?? { used: 0, reserved: 0 }
    room += Math.max(0, (limit ?? largestAmount) - used - reserved)
  }
  return Math.min(room, largestAmount)
}

/** How many requests every gate would admit now. */
export function admitsOf(states: readonly UsageGateState[]): number {
  return states.reduce((least, { remaining }) => Math.min(least, remaining), largestAmount)
}
