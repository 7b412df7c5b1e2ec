import { invalidRequest } from '../errors/error.ts'

/** The largest amount: integers above it lose their last digit in a double, in JSON and in Lua. */
export const largestAmount: number = Number.MAX_SAFE_INTEGER

/** True for an integer in `[least, most]`. */
export function isWhole(value: unknown, least: number, most: number = largestAmount): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most
}

/** True for an integer in `[least, largestAmount]`. Amounts are in the feature's smallest unit. */
export function isAmount(value: unknown, least: 0 | 1 = 1): value is number {
  return isWhole(value, least)
}

/** @throws FareboxError `invalid-request` with the path, unless `value` is an integer of at least `least`. */
export function checkAmount(value: unknown, path: string, least: 0 | 1 = 1): number {
  if (isAmount(value, least)) return value
  throw invalidRequest('The amount is not valid', path, `Give an integer from ${least} to ${largestAmount}, in the feature's smallest unit`)
}

/** As {@link checkAmount}, for an amount that may be left out. `null` is not left out: it is wrong. */
export function checkOptionalAmount(value: unknown, standard: number, path: string, least: 0 | 1 = 1): number {
  return value === undefined ? standard : checkAmount(value, path, least)
}
