import { type Instant, minute, second } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import { isPromise } from '../../ports/is-promise.ts'
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
    const conclude = (expected: string): void | Promise<void> => {
      const isGenuine = signed.signatures.some((signature) => isSame(expected, signature))
      return isGenuine ? undefined : compare(body, signed, index + 1)
    }
    const answer = hmac(`${signed.time}.`, body)
    return isPromise(answer) ? answer.then(conclude) : conclude(answer)
  }

  return {
    verify(body, header, now) {
      const signed = parseHeader(header)
      // Asked like this, a clock that tells no time lets nothing pass.
      if (!(Math.abs(now - Number(signed.time) * second) <= tolerance)) throw refused('signature-expired')
      return compare(body, signed, 0)
    },
  }
}

/** What a header says. */
interface Signed {
  readonly time: string
  /** Each of 64 lower-case hexadecimal digits. */
  readonly signatures: readonly string[]
}

/** `t=<digits>,v1=<hex>[,v1=<hex>][,v0=...]`. Anything else about `t` or `v1` is refused, other schemes are passed over. */
function parseHeader(header: string | null): Signed {
  if (header === null || header === '') throw refused('signature-missing')
  if (header.length > longestHeader) throw refused('signature-malformed')
  let time: string | undefined
  const signatures: string[] = []
  for (const field of header.split(',')) {
    if (field === 't' || field.startsWith('t=')) {
      if (time !== undefined) throw refused('signature-malformed')
      time = field.slice('t='.length)
    } else if (field.startsWith('v1=')) {
      const signature = field.slice('v1='.length)
      if (/^[\da-f]{64}$/.test(signature)) signatures.push(signature)
    }
  }
  if (time === undefined || !/^\d{1,12}$/.test(time) || signatures.length === 0) throw refused('signature-malformed')
  return { time, signatures }
}

/** Takes the same time wherever the difference is. */
function isSame(expected: string, given: string): boolean {
  let difference = expected.length ^ given.length
  for (let index = 0; index < expected.length; index += 1) difference |= expected.charCodeAt(index) ^ given.charCodeAt(index)
  return difference === 0
}

function refused(reason: string): FareboxError {
  return new FareboxError('invalid-signature', 'The webhook signature is not valid', { reason })
}
