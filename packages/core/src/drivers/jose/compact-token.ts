import { refuse } from './refusal.ts'

/** A JWS in compact form (RFC 7515 section 7.1), cut at its dots. Nothing in it is believed yet. */
export interface CompactToken {
  readonly text: string
  readonly header: string
  readonly payload: Uint8Array
  readonly signature: Uint8Array<ArrayBuffer>
  /** Header and payload with the dot between them: what was signed. */
  readonly signed: string
}

/** Header parameters that matter; all others (`jku`, `jwk`, `x5u`, `x5c`, ...) are not looked at. */
export interface TokenHeader {
  readonly alg: string
  readonly kid: string | undefined
  readonly typ: string | undefined
  readonly cat: string | undefined
}

/** Longer tokens are refused before anything is decoded. */
export const longestToken = 8192

const longestKid = 256
const alphabet = /^[\w-]+$/

/**
 * Cuts a token into its three segments, of which the header is left to be decoded.
 *
 * @throws FareboxError `unauthenticated` (`token-malformed`)
 */
export function cutToken(text: string, decode: Decode): CompactToken {
  const first = text.indexOf('.')
  const second = text.indexOf('.', first + 1)
  if (first < 1 || second < first + 2 || text.length > longestToken) throw refuse('token-malformed')
  return {
    text,
    header: text.slice(0, first),
    payload: decode(text.slice(first + 1, second)),
    signature: decode(text.slice(second + 1)),
    signed: text.slice(0, second),
  }
}

/**
 * The bytes of a segment, if it is canonical base64url: one text for each sequence of bytes, so no padding, no white
 * space, no other alphabet and no stray bits (RFC 4648 section 3.5). Throws otherwise.
 */
export type Decode = (segment: string) => Uint8Array<ArrayBuffer>

/** @throws FareboxError `unauthenticated` (`token-malformed`) unless a segment is canonical base64url. */
function checkSegment(segment: string): void {
  if (!alphabet.test(segment) || !endsCanonically(segment)) throw refuse('token-malformed')
}

/** Decodes with what every platform has. @throws FareboxError `unauthenticated` (`token-malformed`) */
export function decodeSegment(segment: string): Uint8Array<ArrayBuffer> {
  checkSegment(segment)
  const text = atob(segment.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = text.charCodeAt(index)
  return bytes
}

/** Whether the bits beyond the last whole byte are zero. */
export function endsCanonically(segment: string): boolean {
  const last = segment.charAt(segment.length - 1)
  switch (segment.length % 4) {
    case 0:
      return segment.length > 0
    case 2:
      return 'AQgw'.includes(last)
    case 3:
      return 'AEIMQUYcgkosw048'.includes(last)
    default:
      return false
  }
}

/**
 * The header's parameters. Extensions are refused: none is understood (RFC 7515 section 4.1.11, RFC 7797 section 6).
 *
 * @throws FareboxError `unauthenticated`
 */
export function readHeader(bytes: Uint8Array): TokenHeader {
  const header = parseJsonObject(bytes)
  const { alg, kid, typ, cat } = header
  if (Object.hasOwn(header, 'crit') || (Object.hasOwn(header, 'b64') && header['b64'] !== true)) {
    throw refuse('extension-not-allowed')
  }
  if (typeof alg !== 'string' || !isText(kid) || !isText(typ) || !isText(cat)) throw refuse('token-malformed')
  return { alg, kid, typ, cat }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @throws FareboxError `unauthenticated` unless `bytes` are one JSON object in UTF-8. */
export function parseJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(decoder.decode(bytes))
  } catch {
    throw refuse('token-malformed')
  }
  if (!isObject(value)) throw refuse('token-malformed')
  return value
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value.length > 0 && value.length <= longestKid)
}
