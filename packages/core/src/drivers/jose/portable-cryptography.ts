import { compactVerify } from 'jose'
import type { Algorithm } from './algorithm.ts'
import { decodeSegment } from './compact-token.ts'
import type { Cryptography, KeyMaterial, SignatureCheck } from './cryptography.ts'

/** A key that jose can verify with. */
export type JoseKey = Parameters<typeof compactVerify>[1]

/** Imports what is not a JWK. */
export type ImportKey = (key: Exclude<KeyMaterial, { kind: 'jwk' }>, algorithm: Algorithm) => Promise<JoseKey>

/** WebCrypto through jose, on every platform. */
export function createPortableCryptography(importKey: ImportKey): Cryptography {
  return {
    importKey(key, algorithm) {
      if (key.kind !== 'jwk') return importKey(key, algorithm).then((imported) => checkWith(imported, algorithm))
      // jose imports the same object once.
      return checkWith({ ...key.jwk }, algorithm)
    },
    decode: decodeSegment,
  }
}

function checkWith(key: JoseKey, algorithm: Algorithm): SignatureCheck {
  return async ({ text }) => {
    try {
      await compactVerify(text, key, { algorithms: [algorithm] })
      return true
    } catch (error) {
      if (isMismatch(error)) return false
      throw error
    }
  }
}

function isMismatch(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'
}
