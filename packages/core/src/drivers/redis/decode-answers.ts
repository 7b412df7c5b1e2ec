import type { BucketKind } from '../../domain/bucket.ts'
import type { BucketState, Draw } from '../../domain/decision.ts'
import { type Gate, peekGate } from '../../domain/gate.ts'
import type { Instant } from '../../domain/instant.ts'
import type { FareboxError } from '../../errors/error.ts'
import type {
  ConsumeOperation,
  ReserveOperation,
  UsageBucket,
  UsageGateState,
  UsageOperation,
  UsageOutcome,
} from '../../ports/usage-store.ts'
import { unescapeName } from '../../storage/rows/names.ts'
import { type AnswerReader, misread } from './answer-reader.ts'
import { unavailable } from './redis-failure.ts'

const ends = [null, 'settled', 'released', 'expired'] as const
const noGates: readonly UsageGateState[] = Object.freeze([])

/** Why nothing could be done for a customer. What the server said is the cause, for only it may hold names. */
export function decodeFailure(reader: AnswerReader): FareboxError {
  return unavailable(new Error(reader.text()), 'Redis holds something else under a name of Farebox')
}

/** What became of an operation. A code above 0 is what its only bucket stands at, which paid it. */
export function decodeOutcome(code: number, operation: UsageOperation, reader: AnswerReader, now: Instant): UsageOutcome {
  if (code > 0) {
    const take = takeOf(operation)
    const payer = bucketAt(take, 0)
    return decodePaid(take, payer, [{ id: payer.id, used: code, reserved: 0 }], reader, now)
  }
  switch (code) {
    case -1:
      return decodeTaken(takeOf(operation), reader, now)
    case -17: {
      const take = takeOf(operation)
      const payer = bucketAt(take, reader.number())
      return decodePaid(take, payer, bucketsOf(take, reader), reader, now)
    }
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
      return unfit()
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

/** The outcome of a consumption that one bucket paid alone. */
function decodePaid(
  { amount, key, keyFor, gates }: ConsumeOperation | ReserveOperation,
  { id: bucket, kind }: UsageBucket,
  buckets: readonly BucketState[],
  reader: AnswerReader,
  now: Instant,
): UsageOutcome {
  return {
    kind: 'taken',
    now,
    buckets,
    gates: decodeGates(gates, reader, now),
    repeated: false,
    drawn: [{ bucket, kind, amount }],
    keyUntil: key === null ? null : now + keyFor,
    reservation: null,
    expiresAt: null,
  }
}

function decodeTaken(operation: ConsumeOperation | ReserveOperation, reader: AnswerReader, now: Instant): UsageOutcome {
  const keyUntil = reader.number()
  const expiresAt = reader.number()
  const drawn: Draw[] = []
  for (let left = reader.number(); left > 0; left -= 2) {
    const { id, kind } = bucketAt(operation, reader.number())
    drawn.push({ bucket: id, kind, amount: reader.number() })
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
  operation: ConsumeOperation | ReserveOperation,
  reader: AnswerReader,
  now: Instant,
): { readonly buckets: readonly BucketState[]; readonly gates: readonly UsageGateState[] } {
  return { buckets: bucketsOf(operation, reader), gates: decodeGates(operation.gates, reader, now) }
}

function bucketsOf({ buckets }: ConsumeOperation | ReserveOperation, reader: AnswerReader): readonly BucketState[] {
  return decodeStates(buckets.map(({ id }) => id), reader)
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

function bucketAt({ buckets }: ConsumeOperation | ReserveOperation, place: number): UsageBucket {
  return buckets[place] ?? unfit()
}

function takeOf(operation: UsageOperation): ConsumeOperation | ReserveOperation {
  return 'buckets' in operation ? operation : unfit()
}

function unfit(): never {
  throw misread()
}
