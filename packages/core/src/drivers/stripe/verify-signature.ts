import { type Instant, minute, second } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import { type CreateHmac, platformHmac } from './hmac.ts'

/** How far a signature's time may be from ours, both ways. Fixed: there is no way to switch it off. */
const tolerance = 5 * minute

/** Longer headers are refused unread. */
const longestHeader = 4096

/** Checks that a body was signed by Stripe, over its raw bytes. */
export interface SignatureVerifier {
  /** @throws FareboxError `invalid-signature` with a `reason`; nothing of the body is looked at but its bytes. */
  verify(body: Uint8Array<ArrayBuffer>, header: string | null, now: Instant): Promise<void>
}

/**
 * A verifier for any of several secrets, as they overlap while one is rolled. Exactly one time, any of the `v1` values,
 * compared in constant time: https://docs.stripe.com/webhooks/signature
 */
export function createSignatureVerifier(secrets: readonly string[], hmacOf: CreateHmac = platformHmac): SignatureVerifier {
  const hmacs = secrets.map(hmacOf)
  return {
    async verify(body, header, now) {
      const { time, signatures } = parseHeader(header)
      if (Math.abs(now - Number(time) * second) > tolerance) throw refused('signature-expired')
      for (const hmac of hmacs) {
        const answer = hmac(`${time}.`, body)
        const expected = answer instanceof Promise ? await answer : answer
        if (signatures.some((signature) => isSame(expected, signature))) return
      }
      throw refused('signature-mismatch')
    },
  }
}

/** `t=<digits>,v1=<hex>[,v1=<hex>][,v0=...]`. Anything else about `t` or `v1` is refused, other schemes are passed over. */
function parseHeader(header: string | null): { readonly time: string; readonly signatures: readonly Uint8Array[] } {
  if (header === null || header === '') throw refused('signature-missing')
  if (header.length > longestHeader) throw refused('signature-malformed')
  let time: string | undefined
  const signatures: Uint8Array[] = []
  for (const field of header.split(',')) {
    if (field === 't' || field.startsWith('t=')) {
      if (time !== undefined) throw refused('signature-malformed')
      time = field.slice('t='.length)
    } else if (field.startsWith('v1=')) {
      const value = field.slice('v1='.length)
      if (/^[0-9a-f]{64}$/.test(value)) signatures.push(fromHex(value))
    }
  }
  if (time === undefined || !/^\d{1,12}$/.test(time) || signatures.length === 0) throw refused('signature-malformed')
  return { time, signatures }
}

/** Of lower-case digits. */
function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2)
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = 16 * digitAt(text, 2 * index) + digitAt(text, 2 * index + 1)
  return bytes
}

function digitAt(text: string, index: number): number {
  const unit = text.charCodeAt(index)
  return unit < 0x3a ? unit - 0x30 : unit - 0x57
}

/** Takes the same time wherever the difference is. */
function isSame(expected: Uint8Array, given: Uint8Array): boolean {
  let difference = expected.length ^ given.length
  for (let index = 0; index < expected.length; index += 1) difference |= (expected[index] ?? 0) ^ (given[index] ?? 0)
  return difference === 0
}

function refused(reason: string): FareboxError {
  return new FareboxError('invalid-signature', 'The webhook signature is not valid', { reason })
}
