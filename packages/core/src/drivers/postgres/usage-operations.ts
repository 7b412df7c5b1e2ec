import { largestAmount } from '../../domain/amount.ts'
import { type Gate, stepOf } from '../../domain/gate.ts'
import type { ConsumeOperation, ReleaseTarget, ReserveOperation, UsageOperation } from '../../ports/usage-store.ts'
import { checkName, markedName, shapeOf } from './usage-names.ts'

/** Stands for no limit, no end, and kept for good. */
export const none: number = largestAmount

/** An operation as the columns of the type `farebox.usage_operation`. */
export function encodeOperation(operation: UsageOperation): Readonly<Record<string, unknown>> {
  const { verb } = operation
  const place = { verb, customer: checkName(operation.customer, 'customer'), feature: checkName(operation.feature, 'feature') }
  switch (verb) {
    case 'consume':
      return { ...place, ...encodeTake(operation) }
    case 'reserve':
      return { ...place, ...encodeTake(operation), ...encodeReserve(operation) }
    case 'settle':
      return { ...place, amount: operation.amount, reservation: checkName(operation.reservation, 'reservation') }
    case 'release':
      return { ...place, target: operation.target.by, ...encodeTarget(operation.target) }
    default:
      return operation satisfies never
  }
}

function encodeTake({ amount, requests, key, keyFor, freshness, buckets, gates }: ConsumeOperation | ReserveOperation): object {
  return {
    shape: shapeOf(buckets, gates),
    amount,
    requests: requests ?? 1,
    key: key === null ? null : checkName(key, 'key'),
    key_for: keyFor,
    version: freshness.version,
    loaded: freshness.loaded,
    valid_from: freshness.validFrom,
    valid_until: freshness.validUntil ?? none,
    limits: buckets.map((bucket) => bucket.limit ?? none),
    keeps: buckets.map((bucket) => bucket.keepUntil ?? none),
    steps: gates.map(stepOf),
    rooms: gates.map(roomOf),
  }
}

function encodeReserve({ reservation, expiresIn, onExpiry, overdraft, overdraftBucket }: ReserveOperation): object {
  return {
    reservation: checkName(reservation, 'reservation'),
    expires_in: expiresIn,
    on_expiry: onExpiry,
    overdraft,
    overdraft_bucket: [markedName(overdraftBucket), overdraftBucket.keepUntil ?? none],
  }
}

function encodeTarget(target: ReleaseTarget): object {
  switch (target.by) {
    case 'key':
      return { key: checkName(target.key, 'target.key') }
    case 'reservation':
      return { reservation: checkName(target.reservation, 'target.reservation') }
    case 'drawn':
      return { drawn: target.drawn.map((draw) => [markedName({ kind: draw.kind, id: checkName(draw.bucket, 'target.drawn') }), draw.amount]) }
    default:
      return target satisfies never
  }
}

/** How far ahead of the present a gate's arrival may lie, in microseconds. */
export function roomOf(gate: Gate): number {
  return stepOf(gate) * gate.burst
}
