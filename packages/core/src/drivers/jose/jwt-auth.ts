import { planClaimsName } from '../../domain/plan-claims.ts'
import type { Fault } from '../../errors/error.ts'
import type { Auth, Identity } from '../../ports/auth.ts'
import { isObject } from './compact-token.ts'
import { type JwtKeyOptions, parseJwtKeys } from './jwt-keys.ts'
import { createJwtVerifier } from './jwt-verifier.ts'
import { planClaimsOfToken } from './plan-claims-of-token.ts'
import { platformCryptography } from './platform-cryptography.ts'
import { refuse } from './refusal.ts'
import type { VerifiedToken } from './registered-claims.ts'
import { type VerifierOptions, parseVerifierOptions, rejectFaults, requireOptions } from './verifier-options.ts'

/** A claim's name, or the names on the way to it: `['app_metadata', 'organization']`. */
export type ClaimPath = string | readonly string[]

/** Where a token says who is asking. A claim that is missing is `null`; one of another type is refused. */
export interface ClaimNames {
  /** The active organization's id; `org_id` unless said otherwise. */
  readonly organization?: ClaimPath
  /** The subject's role in it; `org_role` unless said otherwise. */
  readonly role?: ClaimPath
  /** `email` unless said otherwise. An address that the issuer calls unverified is not taken. */
  readonly email?: ClaimPath
  /** `farebox` unless said otherwise. */
  readonly planClaims?: ClaimPath
}

/** Options of {@link jwtAuth}. */
export interface JwtAuthOptions extends VerifierOptions, JwtKeyOptions {
  /** Which claims say who is asking, where they have other names. */
  readonly claims?: ClaimNames
}

/** A sign-in service whose tokens are verified, and a way to stop trusting a key at once. */
export interface JwtAuth extends Auth {
  /** From now on no token that this key signed is accepted, nor any that was accepted before. For a key with a `kid`. */
  forget(kid: string): void
}

/**
 * Accepts tokens of one issuer, and nothing that RFC 8725 says to refuse. Keys are fetched when first needed.
 *
 * @throws FareboxError `invalid-configuration` with every fault of the options.
 * @example
 * ```ts
 * import { jwtAuth } from '@farebox/core/drivers/jose'
 *
 * export const auth = jwtAuth({
 *   issuer: 'https://issuer.example.com/',
 *   audience: 'https://api.example.com',
 *   keys: { jwksUrl: 'https://issuer.example.com/.well-known/jwks.json' },
 *   algorithms: ['RS256'],
 * })
 * ```
 */
export function jwtAuth(options: JwtAuthOptions): JwtAuth {
  requireOptions('jwtAuth', options)
  const faults: Fault[] = []
  const parts = { ...parseVerifierOptions(options, faults), ...parseJwtKeys(options, platformCryptography, faults) }
  const names = options.claims ?? {}
  const paths = {
    organization: parsePath(names.organization ?? 'org_id', 'claims.organization', faults),
    role: parsePath(names.role ?? 'org_role', 'claims.role', faults),
    email: parsePath(names.email ?? 'email', 'claims.email', faults),
    planClaims: parsePath(names.planClaims ?? planClaimsName, 'claims.planClaims', faults),
  }
  rejectFaults('jwtAuth', faults)

  const verifier = createJwtVerifier<Identity>({
    ...parts,
    read({ claims, subject, expiresAt }: VerifiedToken) {
      const organization = textAt(claims, paths.organization)
      const email = claims['email_verified'] === false ? null : textAt(claims, paths.email)
      return {
        subject,
        organization: organization === null ? null : { id: organization, role: textAt(claims, paths.role) },
        email,
        planClaims: planClaimsOfToken(valueAt(claims, paths.planClaims), subject, organization),
        actor: actorOf(claims['act']),
        expiresAt,
        claims,
      }
    },
  })
  return { verifier, claims: null, webhooks: null, forget: (kid) => verifier.forget(kid) }
}

/** The `sub` of `act` (RFC 8693 section 4.1), or `null` when nobody acts for the subject. */
export function actorOf(act: unknown): string | null {
  if (act === undefined || act === null) return null
  if (!isObject(act) || typeof act['sub'] !== 'string' || act['sub'] === '') throw refuse('claim-invalid')
  return act['sub']
}

function valueAt(claims: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  let value: unknown = claims
  for (const name of path) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined
    value = value[name]
  }
  return value
}

function textAt(claims: Readonly<Record<string, unknown>>, path: readonly string[]): string | null {
  const value = valueAt(claims, path)
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' || value === '' || value.length > 255) throw refuse('claim-invalid')
  return value
}

function parsePath(value: unknown, path: string, faults: Fault[]): readonly string[] {
  const given: readonly unknown[] = Array.isArray(value) ? value : [value]
  const names = given.filter((name): name is string => typeof name === 'string' && name !== '')
  if (names.length === 0 || names.length < given.length) {
    faults.push({ path, message: "Give a claim's name, or the names on the way to it" })
  }
  return names
}
