import type { Instant, Milliseconds } from './instant.ts'

/** A rate limit that must admit the request: at most `burst` at once and `limit` per `period` in the long run. */
export interface Gate {
  /** Stable within a feature, such as `100/minute`; part of the counter's identity. */
  readonly id: string
  readonly limit: number
  readonly period: Milliseconds
  readonly burst: number
}

/** `'100/minute'`, or the long form when the burst is smaller than the limit. */
export type GateInput = `${number}/${GateUnit}` | { readonly limit: number; readonly per: GateUnit; readonly burst?: number }

export type GateUnit = 'second' | 'minute' | 'hour' | 'day'

/** In a millisecond. */
const microseconds = 1000

/** What a gate says of a request. `state` is GCRA's theoretical arrival time, in microseconds. */
export interface GateVerdict {
  readonly admitted: boolean
  readonly state: number
  readonly remaining: number
  /** When a refused request would be admitted; the present when it was admitted. */
  readonly retryAt: number
  /** When the gate is as empty as if nothing had ever passed it. */
  readonly resetsAt: number
}

/**
 * The generic cell rate algorithm on one integer. In any window of `w` milliseconds it admits at most
 * `burst + floor(w * limit / period)`: never more than `burst` at once, never more than `burst + limit` in a window as long
 * as the period. Several `requests` pass together or not at all. A refusal leaves the state as it was. Rule: ITU-T I.371,
 * annex A.
 */
export function throughGate(gate: Gate, state: number, now: Milliseconds, requests = 1): GateVerdict {
  const at = now * microseconds
  const step = stepOf(gate)
  const room = step * gate.burst
  const arrival = Math.max(state, at)
  const next = arrival + step * requests
  const admitted = next - at <= room
  const after = admitted ? next : arrival
  return {
    admitted,
    state: admitted ? next : state,
    remaining: Math.max(0, Math.floor((room - (after - at)) / step)),
    retryAt: admitted ? now : Math.ceil((next - room) / microseconds),
    resetsAt: Math.ceil(after / microseconds),
  }
}

/** What a gate would say, without passing it. */
export function peekGate(gate: Gate, state: number, now: Milliseconds): { remaining: number; resetsAt: number } {
  const at = now * microseconds
  const step = stepOf(gate)
  const arrival = Math.max(state, at)
  return {
    remaining: Math.max(0, Math.floor((step * gate.burst - (arrival - at)) / step)),
    resetsAt: Math.ceil(arrival / microseconds),
  }
}

/** From when a gate that resets at `resetsAt` admits one more request: at most a millisecond late, never early. */
export function opensAt(gate: Gate, resetsAt: Instant): Instant {
  const step = stepOf(gate)
  return Math.ceil((resetsAt * microseconds + step - step * gate.burst) / microseconds)
}

/** What one request costs, in microseconds. */
export function stepOf(gate: Gate): number {
  return Math.ceil((gate.period * microseconds) / gate.limit)
}
