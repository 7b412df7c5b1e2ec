import type { BucketState, Draw } from '../../domain/decision.ts'
import { type Gate, peekGate, throughGate } from '../../domain/gate.ts'
import type { Instant } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { ConsumeOperation, ReserveOperation, UsageGateState, UsageOperation, UsageOutcome } from '../../ports/usage-store.ts'
import type { Row } from './client.ts'
import { kindOf } from './usage-names.ts'

/** What a statement answers in its one column: JSON, an array. */
export function parseAnswer(rows: readonly Row[]): readonly unknown[] {
  return parseList(rows[0]?.['answer'])
}

/** What is written in a column of text: a list. */
export function parseList(text: unknown): readonly unknown[] {
  return listOf(typeof text === 'string' ? JSON.parse(text) : undefined)
}

/** The outcome of one operation, from `[kind, ...]` as the functions in the database answer it. */
export function decodeOutcome(operation: UsageOperation, answer: unknown, now: Instant): UsageOutcome {
  const parts = listOf(answer)
  switch (parts[0]) {
    case 'ended':
      return { kind: 'ended', now, amount: numberOf(parts[1]), repeated: parts[2] === true, drawn: drawnOf(parts[3]) }
    case 'over':
      return { kind: 'over', now, most: numberOf(parts[1]) }
    case 'unknown':
      return { kind: 'unknown', now, as: endOf(parts[1]) }
    case 'stale':
      return { kind: 'stale', now, marker: numberOrNull(parts[1]) }
    default:
      return operation.verb === 'consume' || operation.verb === 'reserve' ? decodeTake(operation, parts, now) : fail()
  }
}

function decodeTake(operation: ConsumeOperation | ReserveOperation, parts: readonly unknown[], now: Instant): UsageOutcome {
  const state = stateOf(parts[1])
  const seen = { now, buckets: bucketStatesOf(operation, state), gates: gateStatesOf(operation.gates, gatesPlace(operation), state, now) }
  switch (parts[0]) {
    case 'taken':
    case 'repeated':
      return {
        kind: 'taken',
        ...seen,
        repeated: parts[0] === 'repeated',
        drawn: drawnOf(parts[2]),
        keyUntil: operation.key === null ? null : numberOf(parts[3]),
        reservation: typeof parts[4] === 'string' ? parts[4] : null,
        expiresAt: numberOrNull(parts[5]),
      }
    case 'gate':
      return { kind: 'refused', ...seen, by: 'gate', retryAt: closedUntil(operation, state, now) }
    case 'bucket':
      return { kind: 'refused', ...seen, by: 'bucket', retryAt: null }
    case 'conflict':
      return { kind: 'conflict', ...seen }
    default:
      return fail()
  }
}

/** Three numbers for each bucket, in the order asked, then one for each gate. */
function bucketStatesOf({ buckets }: ConsumeOperation | ReserveOperation, state: readonly number[]): readonly BucketState[] {
  return buckets.map(({ id }, index) => bucketStateOf(id, index, state))
}

export function bucketStateOf(id: string, index: number, state: readonly number[]): BucketState {
  return { id, used: numberOf(state[3 * index]), reserved: numberOf(state[3 * index + 1]) }
}

/** Where in a state the gates begin. */
function gatesPlace({ buckets }: ConsumeOperation | ReserveOperation): number {
  return 3 * buckets.length
}

export function gateStatesOf(gates: readonly Gate[], place: number, state: readonly number[], now: Instant): readonly UsageGateState[] {
  return gates.map((gate, index) => ({ id: gate.id, ...peekGate(gate, numberOf(state[place + index]), now) }))
}

function closedUntil(operation: ConsumeOperation | ReserveOperation, state: readonly number[], now: Instant): Instant | null {
  const place = gatesPlace(operation)
  const verdicts = operation.gates.map((gate, index) => throughGate(gate, numberOf(state[place + index]), now, operation.requests))
  const opens = verdicts.filter((verdict) => !verdict.admitted).map((verdict) => verdict.retryAt)
  return opens.length === 0 ? null : Math.max(...opens)
}

export function stateOf(value: unknown): readonly number[] {
  return listOf(value).map(numberOf)
}

function drawnOf(value: unknown): readonly Draw[] {
  return listOf(value).map(drawOf)
}

function drawOf(value: unknown): Draw {
  const [marked, amount] = listOf(value)
  return typeof marked === 'string' ? { bucket: marked.slice(1), kind: kindOf(marked), amount: numberOf(amount) } : fail()
}

function endOf(value: unknown): 'settled' | 'released' | 'expired' | null {
  switch (value) {
    case 'settled':
    case 'released':
    case 'expired':
      return value
    default:
      return null
  }
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : fail()
}

export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : fail()
}

export function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : numberOf(value)
}

function fail(): never {
  throw new FareboxError('unavailable', 'The answer of the database is of another version of Farebox')
}
