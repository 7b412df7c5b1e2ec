import type { BucketKind } from '../../domain/bucket.ts'
import type { BucketState, Draw } from '../../domain/decision.ts'
import { type Gate, peekGate } from '../../domain/gate.ts'
import type { Instant } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type {
  ConsumeOperation,
  ReserveOperation,
  UsageGateState,
  UsageOperation,
  UsageOutcome,
} from '../../ports/usage-store.ts'
import { unescapeName } from '../../storage/rows/names.ts'
import type { AnswerReader } from './answer-reader.ts'
import { unavailable } from './redis-failure.ts'

const ends = [null, 'settled', 'released', 'expired'] as const
const noGates: readonly UsageGateState[] = Object.freeze([])

/** Why nothing could be done for a customer. What the server said is the cause, for only it may hold names. */
export function decodeFailure(reader: AnswerReader): FareboxError {
  return unavailable(new Error(reader.text()), 'Redis holds something else under a name of Farebox')
}

/** What became of an operation. A code above 0 is what its only bucket stands at, which paid it. */
export function decodeOutcome(code: number, operation: UsageOperation, reader: AnswerReader, now: Instant): UsageOutcome {
  if (code > 0) return decodePlain(takeOf(operation), code, reader, now)
  switch (code) {
    case -1:
      return decodeTaken(takeOf(operation), reader, now)
    case -17:
      return decodePaid(takeOf(operation), reader, now)
    case -2:
      return decodeRepeated(takeOf(operation), reader, now)
    case -3: {
      const by = reader.number() === 1 ? 'gate' : 'bucket'
      const retryAt = reader.number()
      const { buckets, gates } = decodeSeen(takeOf(operation), reader, now)
      return { kind: 'refused', now, buckets, gates, by, retryAt: by === 'gate' ? retryAt : null }
    }
    case -4: {
      const { buckets, gates } = decodeSeen(takeOf(operation), reader, now)
      return { kind: 'conflict', now, buckets, gates }
    }
    case -5: {
      const marker = reader.number()
      return { kind: 'stale', now, marker: marker < 0 ? null : marker }
    }
    case -6: {
      const amount = reader.number()
      const repeated = reader.number() === 1
      return { kind: 'ended', now, amount, repeated, drawn: decodeDraws(reader) }
    }
    case -7:
      return { kind: 'over', now, most: reader.number() }
    case -8:
      return { kind: 'unknown', now, as: ends[reader.number()] ?? null }
    default:
      throw unfit()
  }
}

export function decodeStates(ids: readonly string[], reader: AnswerReader): readonly BucketState[] {
  return ids.map((id) => ({ id, used: reader.number(), reserved: reader.number() }))
}

/** A gate is answered with its state, which tells the rest. */
export function decodeGates(gates: readonly Gate[], reader: AnswerReader, now: Instant): readonly UsageGateState[] {
  if (gates.length === 0) return noGates
  return gates.map((gate) => ({ id: gate.id, ...peekGate(gate, reader.number(), now) }))
}

/** The outcome of a consumption whose only bucket paid it and stands at `used` now. */
function decodePlain(
  { amount, key, keyFor, buckets, gates }: ConsumeOperation | ReserveOperation,
  used: number,
  reader: AnswerReader,
  now: Instant,
): UsageOutcome {
  const bucket = buckets[0]
  if (bucket === undefined) throw unfit()
  return {
    kind: 'taken',
    now,
    buckets: [{ id: bucket.id, used, reserved: 0 }],
    gates: decodeGates(gates, reader, now),
    repeated: false,
    drawn: [{ bucket: bucket.id, kind: bucket.kind, amount }],
    keyUntil: key === null ? null : now + keyFor,
    reservation: null,
    expiresAt: null,
  }
}

/** A consumption that one of its buckets paid alone. */
function decodePaid(operation: ConsumeOperation | ReserveOperation, reader: AnswerReader, now: Instant): UsageOutcome {
  const payer = operation.buckets[reader.number()]
  if (payer === undefined) throw unfit()
  const { buckets, gates } = decodeSeen(operation, reader, now)
  return {
    kind: 'taken',
    now,
    buckets,
    gates,
    repeated: false,
    drawn: [{ bucket: payer.id, kind: payer.kind, amount: operation.amount }],
    keyUntil: operation.key === null ? null : now + operation.keyFor,
    reservation: null,
    expiresAt: null,
  }
}

function decodeTaken(operation: ConsumeOperation | ReserveOperation, reader: AnswerReader, now: Instant): UsageOutcome {
  const keyUntil = reader.number()
  const expiresAt = reader.number()
  const drawn: Draw[] = []
  for (let left = reader.number(); left > 0; left -= 2) {
    const bucket = operation.buckets[reader.number()]
    if (bucket === undefined) throw unfit()
    drawn.push({ bucket: bucket.id, kind: bucket.kind, amount: reader.number() })
  }
  const { buckets, gates } = decodeSeen(operation, reader, now)
  return {
    kind: 'taken',
    now,
    buckets,
    gates,
    repeated: false,
    drawn,
    keyUntil: operation.key === null ? null : keyUntil,
    reservation: operation.verb === 'reserve' ? operation.reservation : null,
    expiresAt: operation.verb === 'reserve' ? expiresAt : null,
  }
}

function decodeRepeated(operation: ConsumeOperation | ReserveOperation, reader: AnswerReader, now: Instant): UsageOutcome {
  const keyUntil = reader.number()
  const expiresAt = reader.number()
  const reservation = reader.text()
  const drawn = decodeDraws(reader)
  const { buckets, gates } = decodeSeen(operation, reader, now)
  const isReservation = reservation !== ''
  return {
    kind: 'taken',
    now,
    buckets,
    gates,
    repeated: true,
    drawn,
    keyUntil,
    reservation: isReservation ? unescapeName(reservation.slice(1)) : null,
    expiresAt: isReservation ? expiresAt : null,
  }
}

function decodeSeen(
  { buckets, gates }: ConsumeOperation | ReserveOperation,
  reader: AnswerReader,
  now: Instant,
): { readonly buckets: readonly BucketState[]; readonly gates: readonly UsageGateState[] } {
  const states = buckets.map(({ id }) => ({ id, used: reader.number(), reserved: reader.number() }))
  return { buckets: states, gates: decodeGates(gates, reader, now) }
}

/** Draws as they are kept: the letter of a kind and a bucket's name, and an amount. */
function decodeDraws(reader: AnswerReader): readonly Draw[] {
  const drawn: Draw[] = []
  for (let left = reader.number(); left > 0; left -= 2) {
    const name = reader.text()
    drawn.push({ bucket: unescapeName(name.slice(1)), kind: kindOf(name), amount: reader.number() })
  }
  return drawn
}

function kindOf(name: string): BucketKind {
  switch (name[0]) {
    case 'a':
      return 'allowance'
    case 'g':
      return 'grant'
    default:
      return 'overage'
  }
}

function takeOf(operation: UsageOperation): ConsumeOperation | ReserveOperation {
  if ('buckets' in operation) return operation
  throw unfit()
}

function unfit(): FareboxError {
  return new FareboxError('unavailable', 'Redis gave an answer that does not fit the question', { reason: 'misread' })
}
