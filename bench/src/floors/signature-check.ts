import { type KeyObject, createHmac, createSecretKey, timingSafeEqual, verify } from 'node:crypto'
import { type TokenAlgorithm, issuer } from '../fixtures/bearer-tokens.ts'

/** The least that verifying a token can cost on Node: one signature check, one `JSON.parse` each, and a look at the claims. */
export function createTokenCheck(key: KeyObject, algorithm: TokenAlgorithm): (token: string) => { readonly sub: string } {
  const keyForm = algorithm === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' as const } : key
  return (token) => {
    const end = token.lastIndexOf('.')
    const [header = '', payload = ''] = token.slice(0, end).split('.')
    const { alg }: { alg: unknown } = JSON.parse(textOf(header))
    if (alg !== algorithm) throw new Error('Another algorithm')
    const signature = Buffer.from(token.slice(end + 1), 'base64url')
    if (!verify('sha256', Buffer.from(token.slice(0, end), 'latin1'), keyForm, signature)) throw new Error('Another signature')
    const claims: { sub: string; iss: string; exp: number; nbf: number } = JSON.parse(textOf(payload))
    const now = Date.now() / 1000
    if (claims.iss !== issuer || claims.exp <= now || claims.nbf > now) throw new Error('Another issuer or time')
    return claims
  }
}

function textOf(segment: string): string {
  return Buffer.from(segment, 'base64url').toString()
}

/** The least that reading a webhook can cost on Node: one HMAC over its bytes, and one `JSON.parse`. */
export function createDeliveryCheck(secret: string): (body: Buffer, signature: string) => { readonly id: string } {
  const key = createSecretKey(Buffer.from(secret))
  return (body, signature) => {
    const [, time = '', given = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? []
    if (!(Math.abs(Date.now() / 1000 - Number(time)) <= 300)) throw new Error('Another time')
    const expected = createHmac('sha256', key).update(`${time}.`).update(body).digest()
    if (!timingSafeEqual(expected, Buffer.from(given, 'hex'))) throw new Error('Another signature')
    return JSON.parse(body.toString())
  }
}
