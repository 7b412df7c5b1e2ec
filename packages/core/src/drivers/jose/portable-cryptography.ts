import { importJWK } from 'jose'
import { type Algorithm, algorithmTerms, smallestModulus } from './algorithm.ts'
import { decodeSegment } from './compact-token.ts'
import type { Cryptography, KeyMaterial, SignatureCheck } from './cryptography.ts'

/** Imports what is not a JWK. */
export type ImportKey = (key: Exclude<KeyMaterial, { kind: 'jwk' }>, algorithm: Algorithm) => Promise<CryptoKey>

/** WebCrypto, on every platform. */
export function createPortableCryptography(importKey: ImportKey): Cryptography {
  return {
    async importKey(key, algorithm) {
      const imported = key.kind === 'jwk' ? await importJWK(key.jwk, algorithm) : await importKey(key, algorithm)
      if (imported instanceof Uint8Array) throw new TypeError('A secret is no JWK here')
      return checkWith(imported, algorithm)
    },
    decode: decodeSegment,
  }
}

const encoder = new TextEncoder()

/** @throws RangeError for an RSA key that is too short. */
function checkWith(key: CryptoKey, algorithm: Algorithm): SignatureCheck {
  const { hash } = algorithmTerms[algorithm]
  if ('modulusLength' in key.algorithm && Number(key.algorithm.modulusLength) < smallestModulus) throw new RangeError('The modulus is too short')
  // Members that an algorithm does not know are not looked at.
  const parameters = { name: key.algorithm.name, hash: `SHA-${hash}`, saltLength: hash / 8 }
  return ({ signed, signature }) => crypto.subtle.verify(parameters, key, signature, encoder.encode(signed))
}
