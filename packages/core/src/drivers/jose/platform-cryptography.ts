import { importSPKI } from 'jose'
import type { Algorithm } from './algorithm.ts'
import type { Cryptography, KeyMaterial } from './cryptography.ts'
import { findNodeCryptography } from './node-cryptography.ts'
import { createPortableCryptography } from './portable-cryptography.ts'

/** WebCrypto for every kind of key. */
export const webCryptography: Cryptography = createPortableCryptography(importKey)

/** What is fastest here: `node:crypto` on Node, WebCrypto elsewhere. Both accept the same tokens. */
export const platformCryptography: Cryptography = findNodeCryptography() ?? webCryptography

async function importKey(key: Exclude<KeyMaterial, { kind: 'jwk' }>, algorithm: Algorithm): Promise<CryptoKey> {
  if (key.kind === 'pem') return importSPKI(key.pem, algorithm)
  return crypto.subtle.importKey('raw', key.bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
}
