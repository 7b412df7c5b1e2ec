import { SignJWT } from 'jose'
import { type Instant, type Milliseconds, second } from '../../domain/instant.ts'
import { planClaimsName } from '../../domain/plan-claims.ts'
import { type Fault, FareboxError } from '../../errors/error.ts'
import type { PlanTokenSigner } from '../../ports/auth.ts'
import { type Clock, systemClock } from '../../ports/clock.ts'
import { type Random, systemRandom } from '../../ports/random.ts'
import { type PlanTokenKey, type SigningKey, importPlanTokenKey, parsePlanTokenKey } from './plan-token-key.ts'
import { planTokenType } from './plan-token.ts'
import { rejectFaults, requireOptions } from './verifier-options.ts'

/** Options of {@link planTokens}. */
export interface PlanTokensOptions {
  /**
   * The first that is not retired signs; all are published. To rotate, put the new key behind the old one and give that a `retiredAt`
   * an hour ahead: until then every copy of the key set that somebody keeps has been renewed.
   */
  readonly keys: readonly PlanTokenKey[]
  /** The tokens' `iss`, such as `https://app.example.com`. */
  readonly issuer: string
  /** The tokens' `aud`: who is meant to verify them. */
  readonly audience: string
  /** In seconds; 300 unless said otherwise, 3,600 at most. */
  readonly lifetime?: number
  /** The clock of `iat` and `exp`, which other machines compare with theirs. */
  readonly clock?: Clock
  readonly random?: Random
}

const longestLifetime = 3600
/** Verifiers may take a token a little beyond its end, and a little is lost on the way. */
const leeway: Milliseconds = 60 * second

/**
 * Signs plan tokens. No token outlives the answer that its claims give (`claims.until`), and a key's public half stays
 * published for as long as a token that it signed can be verified.
 *
 * @throws FareboxError `invalid-configuration` with every fault of the options.
 * @example
 * ```ts
 * import { generatePlanTokenKey, planTokens } from '@farebox/core/drivers/jose'
 *
 * export const tokens = planTokens({
 *   keys: [await generatePlanTokenKey()],
 *   issuer: 'https://app.example.com',
 *   audience: 'https://app.example.com',
 * })
 * ```
 */
export function planTokens(options: PlanTokensOptions): PlanTokenSigner {
  requireOptions('planTokens', options)
  const { lifetime = 300, clock = systemClock, random = systemRandom } = options
  const faults: Fault[] = []
  checkNames(options, lifetime, faults)
  const keys = parseKeys(options.keys, clock.now(), faults)
  rejectFaults('planTokens', faults)
  const imported = new Map<string, Promise<SigningKey>>()

  function use(key: PlanTokenKey): Promise<SigningKey> {
    const known = imported.get(key.kid) ?? importPlanTokenKey(key)
    imported.set(key.kid, known)
    return known
  }

  return {
    async sign({ customer, subject, claims }, now) {
      const left = claims.until === null ? lifetime : Math.min(lifetime, Math.floor(claims.until - now / second))
      if (left <= 0) throw new FareboxError('unavailable', 'The claims hold no longer; read them anew', { reason: 'claims-ended' })
      const issuedAt = Math.floor(clock.now() / second)
      const active = keys.find((key) => !isRetired(key, clock.now()))
      if (active === undefined) throw new FareboxError('unavailable', 'Every key for plan tokens is retired', { reason: 'keys-retired' })
      const { key } = await use(active)
      const token = await new SignJWT({ customer, [planClaimsName]: { ...claims } })
        .setProtectedHeader({ alg: active.algorithm, kid: active.kid, typ: planTokenType })
        .setIssuer(options.issuer)
        .setAudience(options.audience)
        .setSubject(subject)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + left)
        .setJti(random.id())
        .sign(key)
      return { token, expiresAt: (issuedAt + left) * second }
    },
    async publicKeys() {
      const horizon = clock.now() - lifetime * second - leeway
      const published = await Promise.all(keys.filter((key) => !isRetired(key, horizon)).map(use))
      return { keys: published.map((key) => ({ ...key.published })) }
    },
  }
}

function isRetired(key: PlanTokenKey, now: Instant): boolean {
  return key.retiredAt !== undefined && key.retiredAt <= now
}

function parseKeys(value: unknown, now: Instant, faults: Fault[]): readonly PlanTokenKey[] {
  const given: readonly unknown[] = Array.isArray(value) ? value : []
  const keys = given.flatMap((key, index) => parsePlanTokenKey(key, `keys.${index}`, faults) ?? [])
  if (new Set(keys.map((key) => key.kid)).size < keys.length) faults.push({ path: 'keys', message: 'Give each key a kid of its own' })
  if (keys.length === given.length && keys.every((key) => isRetired(key, now))) {
    faults.push({ path: 'keys', message: 'Give a key that is not retired' })
  }
  return keys
}

function checkNames(options: PlanTokensOptions, lifetime: number, faults: Fault[]): void {
  for (const [path, value] of Object.entries({ issuer: options.issuer, audience: options.audience })) {
    if (typeof value !== 'string' || value.trim() === '') faults.push({ path, message: 'Give a name, such as https://app.example.com' })
  }
  if (!Number.isSafeInteger(lifetime) || lifetime < 1 || lifetime > longestLifetime) {
    faults.push({ path: 'lifetime', message: `Give 1 to ${longestLifetime} whole seconds` })
  }
}
