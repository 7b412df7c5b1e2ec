/** A point in time: milliseconds since 1970-01-01T00:00:00Z. Always absolute, never local. */
export type Instant = number

/** A length of time in milliseconds. */
export type Milliseconds = number

export const second: Milliseconds = 1000
export const minute: Milliseconds = 60 * second
export const hour: Milliseconds = 60 * minute
export const day: Milliseconds = 24 * hour

/** The half-open interval `[validFrom, validUntil)` in which an answer holds; `null` for no end. */
export interface Validity {
  readonly validFrom: Instant
  readonly validUntil: Instant | null
}

export function isWithin({ validFrom, validUntil }: Validity, now: Instant): boolean {
  return validFrom <= now && (validUntil === null || now < validUntil)
}

/** Where two answers hold together. */
export function overlap(one: Validity, other: Validity): Validity {
  return {
    validFrom: Math.max(one.validFrom, other.validFrom),
    validUntil: earlier(one.validUntil, other.validUntil),
  }
}

/** The second that an instant is in, as Stripe counts time. */
export function wholeSecond(instant: Instant): Instant {
  return Math.floor(instant / second) * second
}

/** ISO 8601 in UTC, as it crosses the wire; `null` where there is no instant. */
export function toIso(instant: Instant): string
export function toIso(instant: Instant | null): string | null
export function toIso(instant: Instant | null): string | null {
  return instant === null ? null : new Date(instant).toISOString()
}

/** The earlier of two ends, where `null` means "never". */
export function earlier(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null) return other
  if (other === null) return one
  return Math.min(one, other)
}
