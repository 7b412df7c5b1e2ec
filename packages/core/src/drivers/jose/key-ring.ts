import { FareboxError } from '../../errors/error.ts'
import { isPromise } from '../../ports/is-promise.ts'
import { type Algorithm, algorithmTerms } from './algorithm.ts'
import type { Cryptography, KeyMaterial, PublicJwk, SignatureCheck } from './cryptography.ts'

/** A key, who it is, and what it may be used with. */
export interface RingKey {
  /** `null`: the key serves tokens whatever `kid` they name, because there is no other. */
  readonly kid: string | null
  readonly algorithms: readonly Algorithm[]
  readonly material: KeyMaterial
}

/** A key that was found for a token. */
export interface FoundKey {
  readonly kid: string | null
  readonly check: SignatureCheck
}

/** Where keys come from. `undefined` says for certain that there is no such key. */
export interface KeySource {
  /** @throws FareboxError `unavailable` when that cannot be told now. */
  find(kid: string | undefined, algorithm: Algorithm): FoundKey | undefined | Promise<FoundKey | undefined>
}

/** Keys that are at hand. Each is imported once for each algorithm. A token without `kid` needs that exactly one key fits. */
export function createKeyRing(keys: readonly RingKey[], cryptography: Cryptography): KeySource {
  const imported = new Map<Algorithm, Map<RingKey, FoundKey>>()
  return {
    find(kid, algorithm) {
      const key = kid === undefined ? onlyFor(keys, algorithm) : keys.find((item) => (item.kid === null || item.kid === kid) && item.algorithms.includes(algorithm))
      if (key === undefined) return undefined
      const known = imported.get(algorithm)?.get(key)
      if (known !== undefined) return known
      return importOnce(key, algorithm, cryptography, (found) => {
        const ofAlgorithm = imported.get(algorithm) ?? new Map<RingKey, FoundKey>()
        imported.set(algorithm, ofAlgorithm.set(key, found))
      })
    },
  }
}

function importOnce(
  key: RingKey,
  algorithm: Algorithm,
  cryptography: Cryptography,
  keep: (found: FoundKey) => void,
): FoundKey | Promise<FoundKey> {
  const done = (check: SignatureCheck): FoundKey => {
    const found = { kid: key.kid, check }
    keep(found)
    return found
  }
  try {
    const check = cryptography.importKey(key.material, algorithm)
    return isPromise(check) ? check.then(done, unusable) : done(check)
  } catch {
    return unusable()
  }
}

/** Of a key that failed when it was imported or used. */
export function unusable(): never {
  throw new FareboxError('unavailable', 'A key of the issuer cannot be used on this platform', { reason: 'key-unusable' })
}

function onlyFor(keys: readonly RingKey[], algorithm: Algorithm): RingKey | undefined {
  const fitting = keys.filter((key) => key.algorithms.includes(algorithm))
  return fitting.length === 1 ? fitting[0] : undefined
}

/**
 * The key of a set as RFC 7517 writes it, for those `algorithms` that its type, curve, `alg`, `use` and `key_ops` allow.
 * `undefined` for a key that is not for signatures, not public or not well-formed.
 */
export function ringKeyOf(jwk: Readonly<Record<string, unknown>>, algorithms: readonly Algorithm[]): RingKey | undefined {
  const { kid, kty, crv, alg, use, key_ops: operations } = jwk
  if (kid !== undefined && typeof kid !== 'string') return undefined
  if (use !== undefined && use !== 'sig') return undefined
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return undefined
  const fitting = algorithms.filter((name) => {
    const terms = algorithmTerms[name]
    return terms.kty === kty && (terms.curve === null || terms.curve === crv) && (alg === undefined || alg === name)
  })
  const material = publicJwkOf(jwk)
  if (material === undefined || fitting.length === 0) return undefined
  return { kid: kid ?? '', algorithms: fitting, material: { kind: 'jwk', jwk: material } }
}

function publicJwkOf(jwk: Readonly<Record<string, unknown>>): PublicJwk | undefined {
  const { kty, n, e, crv, x, y } = jwk
  if (kty === 'RSA' && isText(n) && isText(e)) return { kty, n, e }
  if (kty === 'EC' && isText(crv) && isText(x) && isText(y)) return { kty, crv, x, y }
  if (kty === 'OKP' && isText(crv) && isText(x)) return { kty, crv, x }
  return undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0
}
