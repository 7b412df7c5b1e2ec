import type { Fault } from '../../errors/error.ts'

/** Signature algorithms (RFC 7518 section 3.1, RFC 8037, RFC 9864) that a verifier can be pinned to. */
export type Algorithm =
  | 'HS256'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519'

/** What an algorithm asks of a key. */
export interface AlgorithmTerms {
  readonly family: 'HMAC' | 'RSA' | 'RSA-PSS' | 'ECDSA' | 'Ed25519'
  readonly kty: 'oct' | 'RSA' | 'EC' | 'OKP'
  readonly curve: string | null
  /** In bits; 0 where the algorithm hashes by itself. */
  readonly hash: number
}

function terms(family: AlgorithmTerms['family'], kty: AlgorithmTerms['kty'], hash: number, curve: string | null): AlgorithmTerms {
  return { family, kty, hash, curve }
}

export const algorithmTerms: Readonly<Record<Algorithm, AlgorithmTerms>> = {
  HS256: terms('HMAC', 'oct', 256, null),
  RS256: terms('RSA', 'RSA', 256, null),
  RS384: terms('RSA', 'RSA', 384, null),
  RS512: terms('RSA', 'RSA', 512, null),
  PS256: terms('RSA-PSS', 'RSA', 256, null),
  PS384: terms('RSA-PSS', 'RSA', 384, null),
  PS512: terms('RSA-PSS', 'RSA', 512, null),
  ES256: terms('ECDSA', 'EC', 256, 'P-256'),
  ES384: terms('ECDSA', 'EC', 384, 'P-384'),
  ES512: terms('ECDSA', 'EC', 512, 'P-521'),
  EdDSA: terms('Ed25519', 'OKP', 0, 'Ed25519'),
  Ed25519: terms('Ed25519', 'OKP', 0, 'Ed25519'),
}

/** In bits; RSA keys below it are refused (RFC 7518 section 3.3). */
export const smallestModulus = 2048

export function isAlgorithm(value: unknown): value is Algorithm {
  return typeof value === 'string' && Object.hasOwn(algorithmTerms, value)
}

/** The algorithms a key set is pinned to: known, asymmetric, and one family for each type of key (RFC 8725 section 3.1). */
export function parseAlgorithms(value: unknown, path: string, faults: Fault[]): readonly Algorithm[] {
  const given: readonly unknown[] = Array.isArray(value) ? value : []
  const known = given.filter(isAlgorithm)
  if (given.length === 0 || known.length < given.length) {
    faults.push({ path, message: "Name the algorithms that the issuer signs with, such as ['RS256']" })
  }
  if (known.includes('HS256')) {
    faults.push({ path, message: 'HS256 goes with keys: { secret }, never with public keys' })
  }
  const families = new Set(known.map((name) => algorithmTerms[name].family))
  if (families.has('RSA') && families.has('RSA-PSS')) {
    faults.push({ path, message: 'Name RS or PS algorithms, not both: a key serves one family' })
  }
  return known
}
