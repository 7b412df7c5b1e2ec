import type { Fault } from '../../errors/error.ts'
import { type Algorithm, algorithmTerms, isAlgorithm, parseAlgorithms } from './algorithm.ts'
import { isObject } from './compact-token.ts'
import type { Cryptography } from './cryptography.ts'
import type { JwtVerifierParts } from './jwt-verifier.ts'
import { type RingKey, createKeyRing, ringKeyOf } from './key-ring.ts'
import { type KeySetLocation, type KeySetOptions, isPrivate, parseKeySetLocation } from './key-set-options.ts'
import { parsePem } from './pem.ts'

/** An algorithm that verifies with a public key. */
export type PublicKeyAlgorithm = Exclude<Algorithm, 'HS256'>

/**
 * The keys of an issuer: a published set, one public key (PEM in SPKI form, or a JWK), or a secret of at least 32 bytes
 * for HS256. Each key is used with the algorithms it was given for and no other.
 */
export type JwtKeys =
  | KeySetLocation
  | { readonly publicKey: string | Readonly<Record<string, unknown>>; readonly algorithm: PublicKeyAlgorithm }
  | { readonly secret: string | Uint8Array }

/** With which keys tokens are verified. */
export interface JwtKeyOptions extends KeySetOptions {
  readonly keys: JwtKeys
  /** Which algorithms a key set may be used with. A single key and a secret have one, which may be repeated here. */
  readonly algorithms?: readonly Algorithm[]
}

type Parts = Pick<JwtVerifierParts<never>, 'keys' | 'algorithms' | 'cryptography'>

const shortestSecret = 32

/** The keys of a verifier, and every fault of theirs. With faults, they must not be used. */
export function parseJwtKeys(options: JwtKeyOptions, cryptography: Cryptography, faults: Fault[]): Parts {
  const given: Readonly<Record<string, unknown>> = isObject(options.keys) ? options.keys : {}
  const named = ['jwksUrl', 'jwks', 'publicKey', 'secret'].filter((name) => name in given)
  if (named.length !== 1) {
    faults.push({ path: 'keys', message: 'Give exactly one of jwksUrl, jwks, publicKey with algorithm, and secret' })
    return { keys: createKeyRing([], cryptography), algorithms: [], cryptography }
  }
  if (named[0] === 'publicKey' || named[0] === 'secret') {
    const key = named[0] === 'secret' ? parseSecret(given['secret'], faults) : parsePublicKey(given, faults)
    const single = key === undefined ? [] : [key]
    const algorithms = key?.algorithms ?? []
    if (key !== undefined && options.algorithms !== undefined && String(options.algorithms) !== String(algorithms)) {
      faults.push({ path: 'algorithms', message: `This key goes with ${String(algorithms)} alone; leave algorithms out` })
    }
    return { keys: createKeyRing(single, cryptography), algorithms, cryptography }
  }
  const algorithms = parseAlgorithms(options.algorithms, 'algorithms', faults)
  return { keys: parseKeySetLocation(given, options, algorithms, cryptography, faults), algorithms, cryptography }
}

function parseSecret(secret: unknown, faults: Fault[]): RingKey | undefined {
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret
  const isKey = typeof secret === 'string' && secret.includes('-----BEGIN')
  if (bytes instanceof Uint8Array && bytes.byteLength >= shortestSecret && !isKey) {
    return { kid: null, algorithms: ['HS256'], material: { kind: 'secret', bytes: new Uint8Array(bytes) } }
  }
  faults.push({ path: 'keys.secret', message: 'Give at least 32 random bytes; a public key goes into publicKey' })
  return undefined
}

function parsePublicKey({ publicKey: key, algorithm }: Readonly<Record<string, unknown>>, faults: Fault[]): RingKey | undefined {
  if (!isAlgorithm(algorithm) || algorithm === 'HS256') {
    faults.push({ path: 'keys.algorithm', message: 'Name the one algorithm of this key, such as RS256' })
    return undefined
  }
  const pem = typeof key === 'string' ? parsePem(key, 'PUBLIC', algorithmTerms[algorithm]) : undefined
  if (pem !== undefined) return { kid: null, algorithms: [algorithm], material: { kind: 'pem', pem } }
  const found = isObject(key) && !isPrivate(key) ? ringKeyOf(key, [algorithm]) : undefined
  if (found !== undefined) return { ...found, kid: found.kid === '' ? null : found.kid }
  const message = `Give a public key for ${algorithm}: PEM that begins with BEGIN PUBLIC KEY, or a JWK`
  faults.push({ path: 'keys.publicKey', message })
  return undefined
}
