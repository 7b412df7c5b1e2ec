import { type Instant, type Milliseconds, second } from '../../domain/instant.ts'
import type { TokenHeader } from './compact-token.ts'
import { refuse } from './refusal.ts'

/** What a verifier asks of header and claims, besides the signature. */
export interface ClaimRules {
  readonly issuer: string
  readonly audience: readonly string[] | null
  readonly authorizedParties: readonly string[] | null
  /** The kind of token, in the header's `typ`. `null` takes an ordinary JWT or access token, and no other kind. */
  readonly type: string | null
  readonly clockTolerance: Milliseconds
}

/** A token whose signature and registered claims (RFC 7519 section 4.1) hold. */
export interface VerifiedToken {
  readonly header: TokenHeader
  readonly claims: Readonly<Record<string, unknown>>
  readonly subject: string
  readonly expiresAt: Instant
}

const longestSubject = 255
const ordinaryTypes: readonly string[] = ['jwt', 'at+jwt']
/** The last second of the year 9999; later ends are not dates. */
const lastSecond = 253_402_300_799

/** @throws FareboxError `unauthenticated` with the reason of the first rule that does not hold. */
export function checkClaims(
  header: TokenHeader,
  claims: Readonly<Record<string, unknown>>,
  rules: ClaimRules,
  now: Instant,
): VerifiedToken {
  checkType(header.typ, rules.type)
  const { iss, sub, aud, azp, exp, nbf, iat } = claims
  if (iss === undefined || sub === undefined || exp === undefined) throw refuse('claim-missing')
  if (iss !== rules.issuer) throw refuse('issuer-mismatch')
  if (rules.audience !== null) checkAudience(aud, rules.audience)
  if (rules.authorizedParties !== null) checkParty(azp, rules.authorizedParties)
  if (typeof sub !== 'string' || sub.length === 0 || sub.length > longestSubject) throw refuse('claim-invalid')
  if (!isDate(exp) || !isOptionalDate(nbf) || !isOptionalDate(iat)) throw refuse('claim-invalid')
  // Asked like this, a clock that tells no time lets nothing pass.
  if (!(exp * second > now - rules.clockTolerance)) throw refuse('token-expired')
  if (!(Math.max(nbf ?? 0, iat ?? 0) * second <= now + rules.clockTolerance)) throw refuse('token-not-yet-valid')
  return { header, claims, subject: sub, expiresAt: exp * second }
}

function checkType(typ: string | undefined, expected: string | null): void {
  // As nearly all are written.
  if (expected === null && (typ === undefined || typ === 'JWT')) return
  const given = typ?.toLowerCase().replace(/^application\//, '')
  const fits = expected === null ? given === undefined || ordinaryTypes.includes(given) : given === expected.toLowerCase()
  if (!fits) throw refuse('type-mismatch')
}

function checkAudience(aud: unknown, expected: readonly string[]): void {
  if (aud === undefined) throw refuse('claim-missing')
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (!named.every((name) => typeof name === 'string')) throw refuse('claim-invalid')
  if (!named.some((name) => expected.includes(name))) throw refuse('audience-mismatch')
}

function checkParty(azp: unknown, expected: readonly string[]): void {
  if (azp === undefined) throw refuse('claim-missing')
  if (typeof azp !== 'string' || !expected.includes(azp)) throw refuse('party-mismatch')
}

function isDate(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= lastSecond
}

function isOptionalDate(value: unknown): value is number | undefined {
  return value === undefined || isDate(value)
}
