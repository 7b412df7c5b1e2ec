import { isWhole } from '../domain/amount.ts'
import type { Instant } from '../domain/instant.ts'
import { invalidRequest } from '../errors/error.ts'

/** The largest instant of ECMAScript's time range. */
const largestInstant = 8.64e15

/** @throws FareboxError `invalid-request` unless `value` is whole milliseconds since 1970 within ECMAScript's range. */
export function checkInstant(value: unknown, path: string): Instant {
  if (isWhole(value, 0, largestInstant)) return value
  throw invalidRequest('The instant is not valid', path, 'Give whole milliseconds since 1970-01-01T00:00:00Z')
}
