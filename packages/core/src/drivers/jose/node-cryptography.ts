import { type Algorithm, algorithmTerms } from './algorithm.ts'
import type { Cryptography, KeyMaterial, SignatureCheck } from './cryptography.ts'

interface NodeKey {
  readonly asymmetricKeyDetails?: { readonly modulusLength?: number }
}

interface NodeVerifyKey {
  readonly key: NodeKey
  readonly dsaEncoding?: 'ieee-p1363'
  readonly padding?: number
  readonly saltLength?: number
}

type Verdict = (error: unknown, isGenuine: boolean) => void

/** The part of `node:crypto` that is used. */
interface NodeCrypto {
  createPublicKey(key: string | { readonly key: object; readonly format: 'jwk' }): NodeKey
  verify(digest: string | null, data: Uint8Array, key: NodeVerifyKey, signature: Uint8Array): boolean
  verify(digest: string | null, data: Uint8Array, key: NodeVerifyKey, signature: Uint8Array, done: Verdict): void
  createHmac(digest: string, key: Uint8Array): { update(data: Uint8Array): { digest(): Uint8Array } }
  timingSafeEqual(first: Uint8Array, second: Uint8Array): boolean
  hash(digest: string, text: string, encoding: 'base64'): string
}

/** The part of `node:buffer` that is used. */
interface NodeBuffer {
  from(text: string, encoding: 'base64url' | 'latin1'): Uint8Array
}

const smallestModulus = 2048
const pssPadding = 6

/**
 * Signature checks by `node:crypto`, without a promise while nothing else waits and in the thread pool otherwise.
 * `undefined` on any other platform, and on a Node that lacks a part.
 */
export function findNodeCryptography(): Cryptography | undefined {
  const host: unknown = Reflect.get(globalThis, 'process')
  if (!isNodeProcess(host)) return undefined
  const crypto = host.getBuiltinModule('node:crypto')
  const buffer = host.getBuiltinModule('node:buffer')
  if (!isNodeCrypto(crypto) || !hasBuffer(buffer)) return undefined
  return createNodeCryptography(crypto, buffer.Buffer)
}

function createNodeCryptography(crypto: NodeCrypto, buffer: NodeBuffer): Cryptography {
  return {
    importKey(key, algorithm) {
      return key.kind === 'secret' ? hmacCheck(crypto, buffer, key.bytes) : publicKeyCheck(crypto, buffer, key, algorithm)
    },
    decode: (text) => buffer.from(text, 'base64url'),
    fingerprint: (token) => crypto.hash('sha256', token, 'base64'),
  }
}

function publicKeyCheck(
  crypto: NodeCrypto,
  buffer: NodeBuffer,
  material: Exclude<KeyMaterial, { kind: 'secret' }>,
  algorithm: Algorithm,
): SignatureCheck {
  const { family, hash } = algorithmTerms[algorithm]
  const key = crypto.createPublicKey(material.kind === 'jwk' ? { key: material.jwk, format: 'jwk' } : material.pem)
  const modulus = key.asymmetricKeyDetails?.modulusLength
  if (modulus !== undefined && modulus < smallestModulus) throw new RangeError('The modulus is too short')
  const digest = hash === 0 ? null : `sha${hash}`
  const options: NodeVerifyKey = {
    key,
    ...(family === 'ECDSA' && { dsaEncoding: 'ieee-p1363' }),
    ...(family === 'RSA-PSS' && { padding: pssPadding, saltLength: hash / 8 }),
  }
  return inTurn(
    (signed, signature) => crypto.verify(digest, buffer.from(signed, 'latin1'), options, buffer.from(signature, 'base64url')),
    (signed, signature, done) =>
      crypto.verify(digest, buffer.from(signed, 'latin1'), options, buffer.from(signature, 'base64url'), done),
  )
}

function hmacCheck(crypto: NodeCrypto, buffer: NodeBuffer, secret: Uint8Array): SignatureCheck {
  return ({ signed, signature }) => {
    const expected = crypto.createHmac('sha256', secret).update(buffer.from(signed, 'latin1')).digest()
    const given = buffer.from(signature, 'base64url')
    return given.byteLength === expected.byteLength && crypto.timingSafeEqual(given, expected)
  }
}

/** One check of a turn is done at once; those that come beside it go to the thread pool, where they run in parallel. */
function inTurn(
  now: (signed: string, signature: string) => boolean,
  later: (signed: string, signature: string, done: Verdict) => void,
): SignatureCheck {
  let isTaken = false
  let waiting = 0
  return ({ signed, signature }) => {
    if (waiting === 0 && !isTaken) {
      isTaken = true
      queueMicrotask(() => {
        isTaken = false
      })
      return now(signed, signature)
    }
    waiting += 1
    return new Promise((resolve, reject) => {
      later(signed, signature, (error, isGenuine) => {
        waiting -= 1
        if (error === null || error === undefined) resolve(isGenuine)
        else reject(error)
      })
    })
  }
}

/** Node itself: others that bear its name bring a `node:crypto` of their own. */
function isNodeProcess(host: unknown): host is { getBuiltinModule(name: string): unknown } {
  if (!has(host, 'getBuiltinModule') || typeof host.getBuiltinModule !== 'function') return false
  const versions = has(host, 'versions') ? host.versions : undefined
  const agent = typeof navigator === 'undefined' ? 'Node.js' : navigator.userAgent
  return has(versions, 'node') && !has(versions, 'bun') && !has(versions, 'deno') && /^Node\.js/.test(agent)
}

function isNodeCrypto(module: unknown): module is NodeCrypto {
  const names = ['createPublicKey', 'verify', 'createHmac', 'timingSafeEqual', 'hash'] as const
  return names.every((name) => has(module, name) && typeof module[name] === 'function')
}

function hasBuffer(module: unknown): module is { readonly Buffer: NodeBuffer } {
  return has(module, 'Buffer') && typeof module.Buffer === 'function'
}

function has<Name extends string>(value: unknown, name: Name): value is Record<Name, unknown> {
  return typeof value === 'object' && value !== null && name in value
}
