import { type Instant, second } from '../domain/instant.ts'

/** What to sign: the exact body, the endpoint's secret (`whsec_...`), and when. */
export interface StripeEventToSign {
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly secret: string
  /** `Date.now()`, also where the simulator's clock stands elsewhere: a signature is good for five minutes of the app's time. */
  readonly at: Instant
}

/** A delivery as Stripe would send it: the bytes, and the `Stripe-Signature` header over them. */
export interface SignedStripeEvent {
  readonly body: Uint8Array<ArrayBuffer>
  readonly signature: string
}

/**
 * Signs a body by Stripe's scheme `v1`: HMAC-SHA-256 over `<seconds>.<body>`, keyed with the whole secret.
 * Rule: https://docs.stripe.com/webhooks#verify-manually
 */
export async function signedStripeEvent({ body, secret, at }: StripeEventToSign): Promise<SignedStripeEvent> {
  const encoder = new TextEncoder()
  const bytes = typeof body === 'string' ? encoder.encode(body) : body
  const timestamp = Math.floor(at / second)
  const prefix = encoder.encode(`${timestamp}.`)
  const payload = new Uint8Array(prefix.length + bytes.length)
  payload.set(prefix)
  payload.set(bytes, prefix.length)
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign'])
  const digest = new Uint8Array(await crypto.subtle.sign('HMAC', key, payload))
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { body: bytes, signature: `t=${timestamp},v1=${hex}` }
}
