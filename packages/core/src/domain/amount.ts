import { type Fault, FareboxError } from '../errors/error.ts'

/** The largest amount: integers above it lose their last digit in a double, in JSON and in Lua. */
export const largestAmount: number = Number.MAX_SAFE_INTEGER

/** True for an integer in `[least, largestAmount]`. Amounts are in the feature's smallest unit. */
export function isAmount(value: unknown, least: 0 | 1 = 1): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least
}

/** @throws FareboxError `invalid-request` with the path, unless `value` is an integer of at least `least`. */
export function checkAmount(value: unknown, path: string, least: 0 | 1 = 1): number {
  if (isAmount(value, least)) return value
  throw new FareboxError('invalid-request', 'The amount is not valid', { faults: [amountFault(path, least)] })
}

/** As {@link checkAmount}, for an amount that may be left out. `null` is not left out: it is wrong. */
export function checkOptionalAmount(value: unknown, standard: number, path: string, least: 0 | 1 = 1): number {
  return value === undefined ? standard : checkAmount(value, path, least)
}

function amountFault(path: string, least: 0 | 1 = 1): Fault {
  return { path, message: `Give an integer from ${least} to ${largestAmount}, in the feature's smallest unit` }
}
