import type { BucketKind } from '../../domain/bucket.ts'
import type { Draw } from '../../domain/decision.ts'
import type { Instant } from '../../domain/instant.ts'
import type { EndedReservation, HeldReservation, KeyedOutcome } from '../counting/feature-usage.ts'
import { corruptRow } from './corrupt-row.ts'
import { escapeName, unescapeName } from './names.ts'

const bucketKinds: readonly BucketKind[] = ['allowance', 'grant', 'overage']

type HeldFields = readonly [
  as: 'held',
  amount: number,
  drawn: HeldReservation['drawn'],
  buckets: HeldReservation['buckets'],
  overdraft: number,
  overdraftBucket: HeldReservation['overdraftBucket'],
  onExpiry: HeldReservation['onExpiry'],
  key: string | null,
]

type EndedFields = readonly [as: EndedReservation['as'], amount: number, drawn: EndedReservation['drawn']]

/**
 * What a row says of an idempotency key: `c` for consume or `r` for reserve, `,feature,amount,reservation,expiresAt`, and
 * for each draw `,bucket,kind,amount`, a kind by its first letter. What is `null`, or the whole amount, is left empty. Until
 * when it is remembered is a column of its own.
 */
export function encodeKeyed({ verb, feature, amount, drawn, reservation, expiresAt }: KeyedOutcome): string {
  const place = reservation === null ? '' : escapeName(reservation)
  let text = `${verb === 'consume' ? 'c' : 'r'},${escapeName(feature)},${amount},${place},${expiresAt ?? ''}`
  for (const draw of drawn) {
    text += `,${escapeName(draw.bucket)},${draw.kind.charAt(0)},${draw.amount === amount ? '' : draw.amount}`
  }
  return text
}

/** @throws FareboxError `unavailable` (`corrupt-row`). */
export function decodeKeyed(text: string, until: Instant): KeyedOutcome {
  const [verb, feature = '', amount = '', reservation = '', expiresAt = '', ...parts] = text.split(',')
  if ((verb !== 'c' && verb !== 'r') || parts.length % 3 !== 0) throw corruptRow('key')
  const whole = integerOf(amount)
  const drawn: Draw[] = []
  for (let index = 0; index < parts.length; index += 3) {
    const [bucket = '', letter = '', part = ''] = parts.slice(index, index + 3)
    const kind = bucketKinds.find((name) => name.startsWith(letter))
    if (kind === undefined || letter === '') throw corruptRow('key')
    drawn.push({ bucket: unescapeName(bucket), kind, amount: part === '' ? whole : integerOf(part) })
  }
  return {
    verb: verb === 'c' ? 'consume' : 'reserve',
    feature: unescapeName(feature),
    amount: whole,
    drawn,
    reservation: reservation === '' ? null : unescapeName(reservation),
    expiresAt: expiresAt === '' ? null : integerOf(expiresAt),
    until,
  }
}

function integerOf(text: string): number {
  const value = Number(text)
  if (text === '' || !Number.isSafeInteger(value)) throw corruptRow('key')
  return value
}

/** What a row says of a reservation; when it expires, or until when its end is remembered, is a column of its own. */
export function encodeReservation(reservation: HeldReservation | EndedReservation): string {
  return JSON.stringify('as' in reservation ? endedFields(reservation) : heldFields(reservation))
}

/** @throws FareboxError `unavailable` (`corrupt-row`). */
export function decodeReservation(text: string, at: Instant): HeldReservation | EndedReservation {
  const fields = parse(text, 3, 'reservation') as HeldFields | EndedFields
  if (fields[0] !== 'held') {
    const [as, amount, drawn] = fields
    return { as, amount, drawn, until: at }
  }
  const [, amount, drawn, buckets, overdraft, overdraftBucket, onExpiry, key] = fields
  return { amount, drawn, buckets, overdraft, overdraftBucket, onExpiry, expiresAt: at, key }
}

function heldFields(held: HeldReservation): HeldFields {
  return ['held', held.amount, held.drawn, held.buckets, held.overdraft, held.overdraftBucket, held.onExpiry, held.key]
}

function endedFields({ as, amount, drawn }: EndedReservation): EndedFields {
  return [as, amount, drawn]
}

/** An array of this length that begins with a name was written above. */
function parse(text: string, least: number, what: string): readonly unknown[] {
  let fields: unknown
  try {
    fields = JSON.parse(text)
  } catch {
    throw corruptRow(what)
  }
  if (!Array.isArray(fields) || fields.length < least || typeof fields[0] !== 'string') throw corruptRow(what)
  return fields
}
