import { second } from '../../domain/instant.ts'
import { FareboxError, type Fault } from '../../errors/error.ts'
import { systemClock } from '../../ports/clock.ts'
import { isObject } from './compact-token.ts'
import type { JwtVerifierParts } from './jwt-verifier.ts'
import type { KeySetOptions } from './key-set-options.ts'

/** What every verifier is told. One of `audience` and `authorizedParties` is needed. */
export interface VerifierOptions extends KeySetOptions {
  /** The token's `iss`, exactly. */
  readonly issuer: string
  /** The token's `aud` must name one of these. */
  readonly audience?: string | readonly string[]
  /** The token's `azp` must be one of these. */
  readonly authorizedParties?: readonly string[]
  /** The kind of token, pinned to the header's `typ`. Without it, `JWT`, `at+jwt` or none. */
  readonly typ?: string
  /** In seconds; 5 unless said otherwise. */
  readonly clockTolerance?: number
  /** How many verified tokens are remembered, in each of two generations; 5,000 unless said otherwise. */
  readonly cacheSize?: number
}

const longestTolerance = 60

/** What a verifier holds tokens to, and every fault of its options. With faults, it must not be used. */
export function parseVerifierOptions(
  options: VerifierOptions,
  faults: Fault[],
): Pick<JwtVerifierParts<never>, 'rules' | 'clock' | 'cacheSize'> {
  const { issuer, clock = systemClock, clockTolerance = 5, cacheSize = 5000, typ = null } = options
  const add = (path: string, message: string): void => void faults.push({ path, message })
  if (!isName(issuer)) add('issuer', "Give the token's iss, such as https://issuer.example.com")
  if (typ !== null && !isName(typ)) add('typ', "Give the header's typ, such as at+jwt")
  if (!(Number.isFinite(clockTolerance) && clockTolerance >= 0 && clockTolerance <= longestTolerance)) add('clockTolerance', 'Give 0 to 60 seconds')
  if (!Number.isSafeInteger(cacheSize) || cacheSize < 1) add('cacheSize', 'Give a whole number above 0')
  const audience = parseNames(options.audience, 'audience', faults)
  const authorizedParties = parseNames(options.authorizedParties, 'authorizedParties', faults)
  if (audience === null && authorizedParties === null) {
    add('audience', 'Give audience or authorizedParties; without one, tokens made for others would be accepted')
  }
  const rules = { issuer, audience, authorizedParties, type: typ, clockTolerance: clockTolerance * second }
  return { rules, clock, cacheSize }
}

/** @throws FareboxError `invalid-configuration` unless there are options at all. */
export function requireOptions(what: string, options: unknown): void {
  if (!isObject(options)) rejectFaults(what, [{ path: 'options', message: 'Give an object' }])
}

/** @throws FareboxError `invalid-configuration` with all faults, if there are any. */
export function rejectFaults(what: string, faults: readonly Fault[]): void {
  if (faults.length > 0) throw new FareboxError('invalid-configuration', `The options of ${what} are not valid`, { faults })
}

function parseNames(value: unknown, path: string, faults: Fault[]): readonly string[] | null {
  if (value === undefined) return null
  const names: readonly unknown[] = Array.isArray(value) ? value : [value]
  const valid = names.filter(isName)
  if (valid.length === 0 || valid.length < names.length || valid.some((name) => name.includes('*'))) {
    faults.push({ path, message: 'Name each one in full; blanks and wildcards are not taken' })
  }
  return valid
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.trim() === value
}
