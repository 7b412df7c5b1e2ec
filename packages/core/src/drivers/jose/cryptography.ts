import type { Algorithm } from './algorithm.ts'
import type { CompactToken, Decode } from './compact-token.ts'

/** The public members of a key (RFC 7517, RFC 7518 section 6), and nothing else. */
export interface PublicJwk {
  readonly kty: string
  readonly n?: string
  readonly e?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
}

/** A key before it is imported. */
export type KeyMaterial =
  | { readonly kind: 'jwk'; readonly jwk: PublicJwk }
  | { readonly kind: 'pem'; readonly pem: string }
  | { readonly kind: 'secret'; readonly bytes: Uint8Array<ArrayBuffer> }

/** Whether a token was signed with the one key and algorithm that this check was made for. May answer without a promise. */
export type SignatureCheck = (token: CompactToken) => boolean | Promise<boolean>

/** What a platform gives for checking signatures. Each implementation accepts exactly the same tokens. */
export interface Cryptography {
  /** @throws when the key cannot be used with the algorithm. */
  importKey(key: KeyMaterial, algorithm: Algorithm): SignatureCheck | Promise<SignatureCheck>
  readonly decode: Decode
}
