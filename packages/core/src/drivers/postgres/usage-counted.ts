import { peekGate, stepOf } from '../../domain/gate.ts'
import type { Instant } from '../../domain/instant.ts'
import type { BucketState } from '../../domain/decision.ts'
import type { ConsumeOperation, UsageGateState, UsageOperation, UsageOutcome } from '../../ports/usage-store.ts'
import { bucketStateOf, listOf, numberOf, stateOf } from './usage-answers.ts'
import type { Group } from './usage-groups.ts'

const noGates: readonly UsageGateState[] = Object.freeze([])

/** A row after all of its group were counted. */
interface CountedRow {
  /** The position of the bucket that paid. */
  readonly paid: number
  readonly used: number
  readonly reserved: number
  readonly arrivals: readonly number[]
  /** Three numbers for each bucket, where there are several. */
  readonly state: readonly number[]
}

/**
 * Writes the outcomes of the groups that were counted as a whole: each consumption sees the counters as they were after
 * those before it.
 */
export function decodeCounted(
  counted: unknown,
  groups: readonly Group[],
  operations: readonly UsageOperation[],
  now: Instant,
  outcomes: UsageOutcome[],
): void {
  if (counted === null) return
  const [places = [], ...columns] = listOf(counted).map(listOf)
  for (const [index, place] of places.entries()) {
    const group = groups[numberOf(place) - 1]
    if (group === undefined) continue
    decodeGroup(rowOf(group, columns.map((column) => column[index])), group, operations, now, outcomes)
  }
}

/** The outcomes of the one group of a call, from the row that was counted by itself: `[now, used, reserved, ...]`. */
export function decodeConsumed(answer: readonly unknown[], group: Group, operations: readonly UsageOperation[]): readonly UsageOutcome[] {
  const [now, ...columns] = answer
  const outcomes: UsageOutcome[] = []
  decodeGroup(rowOf(group, columns), group, operations, numberOf(now), outcomes)
  return outcomes
}

function rowOf({ first: { buckets, gates } }: Group, columns: readonly unknown[]): CountedRow {
  const [used, reserved, arrival, arrival2, paid, state] = columns
  return {
    paid: buckets.length === 1 ? 0 : numberOf(paid) - 1,
    used: numberOf(used),
    reserved: numberOf(reserved),
    arrivals: [arrival, arrival2].slice(0, gates.length).map(numberOf),
    state: buckets.length === 1 ? [] : stateOf(state),
  }
}

function decodeGroup(row: CountedRow, group: Group, operations: readonly UsageOperation[], now: Instant, outcomes: UsageOutcome[]): void {
  let amountAfter = group.amount
  let requestsAfter = group.requests
  for (const place of group.places) {
    const operation = operations[place]
    if (operation?.verb !== 'consume') continue
    amountAfter -= operation.amount
    requestsAfter -= operation.requests ?? 1
    outcomes[place] = taken(operation, row, amountAfter, requestsAfter, now)
  }
}

function taken(operation: ConsumeOperation, row: CountedRow, amountAfter: number, requestsAfter: number, now: Instant): UsageOutcome {
  const { key, keyFor, amount } = operation
  const payer = operation.buckets[row.paid]
  return {
    kind: 'taken',
    now,
    buckets: bucketsAfter(operation, row, amountAfter),
    gates: row.arrivals.length === 0 ? noGates : gatesAfter(operation, row, requestsAfter, now),
    repeated: false,
    drawn: payer === undefined ? [] : [{ bucket: payer.id, kind: payer.kind, amount }],
    keyUntil: key === null ? null : now + keyFor,
    reservation: null,
    expiresAt: null,
  }
}

function bucketsAfter({ buckets }: ConsumeOperation, row: CountedRow, amountAfter: number): readonly BucketState[] {
  const { paid, used, reserved, state } = row
  const [only] = buckets
  if (only !== undefined && buckets.length === 1) return [{ id: only.id, used: used - amountAfter, reserved }]
  return buckets.map(({ id }, index) =>
    index === paid ? { id, used: used - amountAfter, reserved } : bucketStateOf(id, index, state),
  )
}

function gatesAfter({ gates }: ConsumeOperation, { arrivals }: CountedRow, requestsAfter: number, now: Instant): readonly UsageGateState[] {
  return gates.map((gate, index) => {
    const arrival = numberOf(arrivals[index]) - stepOf(gate) * requestsAfter
    return { id: gate.id, ...peekGate(gate, arrival, now) }
  })
}
