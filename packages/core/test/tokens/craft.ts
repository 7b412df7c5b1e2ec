import { type KeyObject, constants, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isFareboxError } from '@farebox/core'

export const issuer = 'https://issuer.example.com'
export const audience = 'https://api.example.com'
export const isFull: boolean = process.env['FAREBOX_TEST_SCALE'] === 'full'

/** 2026-01-31T10:00:00Z, where manual clocks start. */
export const start: number = Date.UTC(2026, 0, 31, 10)
export const startSecond: number = start / 1000

export const secret: Buffer = randomBytes(32)
export const keys = {
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  Ed25519: generateKeyPairSync('ed25519'),
} as const

export type CraftAlgorithm =
  | 'HS256' | 'HS384' | 'HS512' | 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384' | 'ES512' | 'EdDSA'

/** Which key pair serves an algorithm; HMAC has the secret. */
export const pairOf: Readonly<Record<Exclude<CraftAlgorithm, `HS${string}`>, keyof typeof keys>> = {
  RS256: 'RSA', RS384: 'RSA', RS512: 'RSA', PS256: 'RSA', PS384: 'RSA', PS512: 'RSA',
  ES256: 'P-256', ES384: 'P-384', ES512: 'P-521', EdDSA: 'Ed25519',
}

export function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

export function jwkOf(key: KeyObject): Record<string, unknown> {
  return { ...key.export({ format: 'jwk' }) }
}

/** Signs by the rules of an algorithm's name, whatever the header says: for tokens that lie. */
export function signAs(algorithm: CraftAlgorithm, text: string, key?: KeyObject | Buffer | string): Buffer {
  const bits = algorithm.slice(2)
  if (algorithm.startsWith('HS')) return createHmac(`sha${bits}`, key ?? secret).update(text).digest()
  const pair = algorithm in pairOf ? keys[pairOf[algorithm as keyof typeof pairOf]] : keys.RSA
  const signer = key === undefined || typeof key === 'string' || Buffer.isBuffer(key) ? pair.privateKey : key
  const data = Buffer.from(text)
  if (algorithm === 'EdDSA') return sign(null, data, signer)
  if (algorithm.startsWith('ES')) return sign(`sha${bits}`, data, { key: signer, dsaEncoding: 'ieee-p1363' })
  if (algorithm.startsWith('RS')) return sign(`sha${bits}`, data, signer)
  return sign(`sha${bits}`, data, { key: signer, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(bits) / 8 })
}

export function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
}

/** Claims that every verifier of these tests accepts. */
export function goodClaims(more: Record<string, unknown> = {}): Record<string, unknown> {
  return { iss: issuer, aud: audience, sub: 'user_1', iat: startSecond, exp: startSecond + 60, ...more }
}

export interface Crafted {
  readonly header?: Record<string, unknown> | string
  readonly claims?: unknown
  readonly algorithm?: CraftAlgorithm
  readonly key?: KeyObject | Buffer | string
}

/** A token with any header and any payload, signed. Text is taken as it is, a `Buffer` as the payload's bytes. */
export function craft({ header = {}, claims = goodClaims(), algorithm = 'RS256', key }: Crafted = {}): string {
  const head = typeof header === 'string' ? header : { alg: algorithm, kid: 'key-1', typ: 'JWT', ...header }
  const payload = Buffer.isBuffer(claims) ? claims.toString('base64url') : encode(claims)
  const signed = `${encode(head)}.${payload}`
  return `${signed}.${signAs(algorithm, signed, key).toString('base64url')}`
}

/** How a verifier answers: `accepted`, the reason of a refusal, or what escaped. */
export async function verdict(verifier: { verify(token: string): unknown }, token: string): Promise<string> {
  try {
    await verifier.verify(token)
    return 'accepted'
  } catch (error) {
    if (isFareboxError(error) && error.code === 'unauthenticated') return error.reason ?? 'no reason'
    return isFareboxError(error) ? `${error.code} ${error.reason}` : `escaped: ${String(error)}`
  }
}
