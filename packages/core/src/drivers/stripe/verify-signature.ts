import { type Instant, minute, second } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import { type CreateHmac, platformHmac } from './hmac.ts'

/** How far a signature's time may be from ours, both ways. Fixed: there is no way to switch it off. */
const tolerance = 5 * minute

/** Longer headers are refused unread. */
const longestHeader = 4096

/** Checks that a body was signed by Stripe, over its raw bytes. */
export interface SignatureVerifier {
  /**
   * May answer without a promise. @throws FareboxError `invalid-signature` with a `reason`, at once or later; nothing of the
   * body is looked at but its bytes.
   */
  verify(body: Uint8Array<ArrayBuffer>, header: string | null, now: Instant): void | Promise<void>
}

/**
 * A verifier for any of several secrets, as they overlap while one is rolled. Exactly one time, any of the `v1` values,
 * compared in constant time: https://docs.stripe.com/webhooks/signature
 */
export function createSignatureVerifier(secrets: readonly string[], hmacOf: CreateHmac = platformHmac): SignatureVerifier {
  const hmacs = secrets.map(hmacOf)

  /** Tries one secret after the other. */
  function compare(body: Uint8Array<ArrayBuffer>, signed: Signed, index: number): void | Promise<void> {
    const hmac = hmacs[index]
    if (hmac === undefined) throw refused('signature-mismatch')
    const conclude = (expected: Uint8Array): void | Promise<void> => {
      const isGenuine = signed.signatures.some((signature) => isSame(expected, signature))
      return isGenuine ? undefined : compare(body, signed, index + 1)
    }
    const answer = hmac(`${signed.time}.`, body)
    return answer instanceof Promise ? answer.then(conclude) : conclude(answer)
  }

  return {
    verify(body, header, now) {
      const signed = parseHeader(header)
      if (Math.abs(now - Number(signed.time) * second) > tolerance) throw refused('signature-expired')
      return compare(body, signed, 0)
    },
  }
}

/** What a header says. */
interface Signed {
  readonly time: string
  readonly signatures: readonly Uint8Array[]
}

/** `t=<digits>,v1=<hex>[,v1=<hex>][,v0=...]`. Anything else about `t` or `v1` is refused, other schemes are passed over. */
function parseHeader(header: string | null): Signed {
  if (header === null || header === '') throw refused('signature-missing')
  if (header.length > longestHeader) throw refused('signature-malformed')
  let time: string | undefined
  const signatures: Uint8Array[] = []
  for (const field of header.split(',')) {
    if (field === 't' || field.startsWith('t=')) {
      if (time !== undefined) throw refused('signature-malformed')
      time = field.slice('t='.length)
    } else if (field.startsWith('v1=')) {
      const signature = fromHex(field.slice('v1='.length))
      if (signature !== undefined) signatures.push(signature)
    }
  }
  if (time === undefined || !/^\d{1,12}$/.test(time) || signatures.length === 0) throw refused('signature-malformed')
  return { time, signatures }
}

/** The 32 bytes of 64 lower-case digits. */
function fromHex(text: string): Uint8Array | undefined {
  if (text.length !== 64) return undefined
  const bytes = new Uint8Array(32)
  for (let index = 0; index < bytes.length; index += 1) {
    const high = digitAt(text, 2 * index)
    const low = digitAt(text, 2 * index + 1)
    if (high < 0 || low < 0) return undefined
    bytes[index] = 16 * high + low
  }
  return bytes
}

/** -1 where there is none. */
function digitAt(text: string, index: number): number {
  const unit = text.charCodeAt(index)
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30
  return unit >= 0x61 && unit <= 0x66 ? unit - 0x57 : -1
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
