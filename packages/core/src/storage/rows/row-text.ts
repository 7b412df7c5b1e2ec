import type { Instant } from '../../domain/instant.ts'
import type { EndedReservation, HeldReservation, KeyedOutcome } from '../counting/feature-usage.ts'
import { corruptRow } from './corrupt-row.ts'

type KeyedFields = readonly [
  verb: KeyedOutcome['verb'],
  feature: string,
  amount: number,
  drawn: KeyedOutcome['drawn'],
  reservation?: string | null,
  expiresAt?: Instant | null,
]

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

/** What a row says of an idempotency key; until when it is remembered is a column of its own. */
export function encodeKeyed({ verb, feature, amount, drawn, reservation, expiresAt }: KeyedOutcome): string {
  const fields: KeyedFields =
    reservation === null ? [verb, feature, amount, drawn] : [verb, feature, amount, drawn, reservation, expiresAt]
  return JSON.stringify(fields)
}

/** @throws FareboxError `unavailable` (`corrupt-row`). */
export function decodeKeyed(text: string, until: Instant): KeyedOutcome {
  const [verb, feature, amount, drawn, reservation = null, expiresAt = null] = parse<KeyedFields>(text, 4, 'key')
  return { verb, feature, amount, drawn, reservation, expiresAt, until }
}

/** What a row says of a reservation; when it expires, or until when its end is remembered, is a column of its own. */
export function encodeReservation(reservation: HeldReservation | EndedReservation): string {
  return JSON.stringify('as' in reservation ? endedFields(reservation) : heldFields(reservation))
}

/** @throws FareboxError `unavailable` (`corrupt-row`). */
export function decodeReservation(text: string, at: Instant): HeldReservation | EndedReservation {
  const fields = parse<HeldFields | EndedFields>(text, 3, 'reservation')
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

function parse<Fields extends readonly unknown[]>(text: string, least: number, what: string): Fields {
  let fields: unknown
  try {
    fields = JSON.parse(text)
  } catch {
    throw corruptRow(what)
  }
  const isWhole = Array.isArray(fields) && fields.length >= least && typeof fields[0] === 'string' && Array.isArray(fields[3] ?? fields[2])
  if (!isWhole) throw corruptRow(what)
  // An array of this length whose first fields are these was written above.
  return fields as Fields
}
