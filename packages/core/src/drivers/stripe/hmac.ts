import { keepLatest } from '../../ports/keep-latest.ts'
import { findNodeModule } from '../../ports/node-module.ts'

/** The HMAC with SHA-256 (RFC 2104) of `head` and then `body`, under one secret, in lower-case hex. May answer without a promise. */
export type Hmac = (head: string, body: Uint8Array<ArrayBuffer>) => string | Promise<string>

/** An {@link Hmac} under `secret`, whose key is made once. */
export type CreateHmac = (secret: string) => Hmac

/** The part of `node:crypto` that is used. */
interface NodeCrypto {
  createSecretKey(key: Uint8Array): object
  createHmac(digest: 'sha256', key: object): NodeHmac
}

interface NodeHmac {
  update(data: string | Uint8Array): NodeHmac
  digest(encoding: 'hex'): string
}

/** WebCrypto. On Node it hands each call to a thread, which takes several times as long as the HMAC. */
export const webHmac: CreateHmac = (secret) => {
  let key: CryptoKey | undefined
  return async (head, body) => {
    key ??= await crypto.subtle.importKey('raw', bytesOf(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    return hexOf(new Uint8Array(await crypto.subtle.sign('HMAC', key, concatenate(bytesOf(head), body))))
  }
}

/** What is fastest here: `node:crypto` on Node, WebCrypto elsewhere. Both give the same bytes. */
export const platformHmac: CreateHmac = findNodeHmac() ?? webHmac

function findNodeHmac(): CreateHmac | undefined {
  const crypto = findNodeModule('node:crypto')
  if (!isNodeCrypto(crypto)) return undefined
  return (secret) => {
    const key = crypto.createSecretKey(bytesOf(secret))
    const keep = keepLatest<NodeHmac>()
    return (head, body) => keep(crypto.createHmac('sha256', key)).update(head).update(body).digest('hex')
  }
}

function isNodeCrypto(module: unknown): module is NodeCrypto {
  return typeof module === 'object' && module !== null && 'createHmac' in module && 'createSecretKey' in module
}

const encoder = new TextEncoder()

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hexOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += digits[byte] ?? ''
  return text
}

function concatenate(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(head.length + tail.length)
  whole.set(head)
  whole.set(tail, head.length)
  return whole
}
