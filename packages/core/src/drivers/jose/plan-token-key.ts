import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, importPKCS8 } from 'jose'
import type { Instant } from '../../domain/instant.ts'
import { type Fault, FareboxError } from '../../errors/error.ts'
import { algorithmTerms } from './algorithm.ts'
import { isObject } from './compact-token.ts'
import type { PublicJwk } from './cryptography.ts'
import { ringKeyOf } from './key-ring.ts'
import { parsePem } from './pem.ts'
import { type PlanTokenAlgorithm, planTokenAlgorithms } from './plan-token.ts'

/** A key that signs plan tokens. Keep it where secrets are kept. */
export interface PlanTokenKey {
  /** Names the key in tokens and in the published set; never used again for another key. */
  readonly kid: string
  /** A JWK, or PEM that begins with BEGIN PRIVATE KEY. */
  readonly privateKey: string | Readonly<Record<string, unknown>>
  readonly algorithm: PlanTokenAlgorithm
  /** From here on it signs nothing. Its public half stays published until the last token it signed has ended. */
  readonly retiredAt?: Instant
}

/** A new key, as JSON can keep it. */
export interface GeneratedPlanTokenKey extends PlanTokenKey {
  readonly privateKey: Readonly<Record<string, unknown>>
}

/** A key, ready to sign, and its public half as it is published. */
export interface SigningKey {
  readonly key: CryptoKey
  readonly published: PublicJwk & { readonly kid: string; readonly alg: string; readonly use: 'sig' }
}

/**
 * A new key. Its `kid` is the thumbprint of RFC 7638.
 *
 * @example
 * ```ts
 * import { generatePlanTokenKey } from '@farebox/core/drivers/jose'
 *
 * const key = await generatePlanTokenKey()
 * console.log(JSON.stringify(key))
 * ```
 */
export async function generatePlanTokenKey(
  options: { readonly algorithm?: PlanTokenAlgorithm } = {},
): Promise<GeneratedPlanTokenKey> {
  const algorithm = { ...options }.algorithm ?? 'ES256'
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { kid: await calculateJwkThumbprint(jwk), privateKey: { ...jwk }, algorithm }
}

/** A key as it was given, or `undefined` with every fault that can be told without importing it. */
export function parsePlanTokenKey(value: unknown, path: string, faults: Fault[]): PlanTokenKey | undefined {
  const { kid, privateKey, algorithm, retiredAt } = toObject(value)
  const known = planTokenAlgorithms.find((name) => name === algorithm)
  const count = faults.length
  if (typeof kid !== 'string' || kid.trim() === '' || kid.length > 256) {
    faults.push({ path: `${path}.kid`, message: 'Give the key a name of at most 256 characters' })
  }
  if (known === undefined) faults.push({ path: `${path}.algorithm`, message: `Give one of ${planTokenAlgorithms.join(', ')}` })
  if (known !== undefined && !isPrivateKey(privateKey, known)) {
    const message = `Give a private key for ${known}: a JWK, or PEM that begins with BEGIN PRIVATE KEY`
    faults.push({ path: `${path}.privateKey`, message })
  }
  if (retiredAt !== undefined && !Number.isFinite(retiredAt)) {
    faults.push({ path: `${path}.retiredAt`, message: 'Give an instant in milliseconds since 1970' })
  }
  if (faults.length > count || typeof kid !== 'string' || known === undefined) return undefined
  const key = { kid, privateKey: typeof privateKey === 'string' ? privateKey : { ...toObject(privateKey) }, algorithm: known }
  return typeof retiredAt === 'number' ? { ...key, retiredAt } : key
}

/** @throws FareboxError `invalid-configuration` when the platform cannot import the key. */
export async function importPlanTokenKey({ kid, privateKey, algorithm }: PlanTokenKey): Promise<SigningKey> {
  try {
    const pem = typeof privateKey === 'string' ? parsePem(privateKey, 'PRIVATE', algorithmTerms[algorithm]) : undefined
    const jwk = pem === undefined ? { ...toObject(privateKey) } : await exportJWK(await importPKCS8(pem, algorithm, { extractable: true }))
    const key = await importJWK({ ...jwk, kty: String(jwk['kty']) }, algorithm)
    const material = ringKeyOf({ ...toPublic(jwk) }, [algorithm])?.material
    if (key instanceof Uint8Array || material?.kind !== 'jwk') throw new TypeError('Not a private key')
    return { key, published: { ...material.jwk, kid, alg: algorithm, use: 'sig' } }
  } catch {
    throw new FareboxError('invalid-configuration', 'A key of planTokens cannot be used', {
      faults: [{ path: 'keys', message: `The key ${kid} cannot be imported for ${algorithm} on this platform` }],
    })
  }
}

function isPrivateKey(key: unknown, algorithm: PlanTokenAlgorithm): boolean {
  if (typeof key === 'string') return parsePem(key, 'PRIVATE', algorithmTerms[algorithm]) !== undefined
  return isObject(key) && typeof key['d'] === 'string' && ringKeyOf(toPublic(key), [algorithm]) !== undefined
}

/** The members that say what the key is; `key_ops` and `use` of a private key speak of signing. */
function toPublic(jwk: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { kty, n, e, crv, x, y } = jwk
  return { kty, n, e, crv, x, y }
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {}
}
