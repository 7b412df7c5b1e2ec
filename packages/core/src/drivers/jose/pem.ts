import type { AlgorithmTerms } from './algorithm.ts'

/** How a key of each kind names itself in DER (RFC 3279, RFC 5480, RFC 8410), in hexadecimal. */
const identifiers: Readonly<Record<string, string>> = {
  RSA: '300d06092a864886f70d0101010500',
  'P-256': '301306072a8648ce3d020106082a8648ce3d030107',
  'P-384': '301006072a8648ce3d020106052b81040022',
  'P-521': '301006072a8648ce3d020106052b81040023',
  Ed25519: '300506032b6570',
}

/** What comes before that name: nothing in SPKI, the version in PKCS #8 (RFC 5958). */
const before = { PUBLIC: '', PRIVATE: '020100' }

/**
 * A key in PEM, as it is imported. White space around it and `\n` written as two characters are put right, because
 * environment variables bring them; anything else beside the key is not.
 *
 * @returns `undefined` unless it is one whole key of the right kind for the algorithm.
 */
export function parsePem(text: string, label: 'PUBLIC' | 'PRIVATE', terms: AlgorithmTerms): string | undefined {
  const pattern = new RegExp(`^-----BEGIN ${label} KEY-----([\\w+/=\\s]+)-----END ${label} KEY-----$`)
  const body = pattern.exec(text.replaceAll('\\n', '\n').trim())?.[1]?.replace(/\s/g, '')
  if (body === undefined || !isDer(body, before[label] + (identifiers[terms.curve ?? terms.kty] ?? '-'))) return undefined
  const lines = body.match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label} KEY-----`, ...lines, `-----END ${label} KEY-----`].join('\n')
}

/** Whether base64 text is one DER sequence of exactly its stated length that begins with `start`. */
function isDer(base64: string, start: string): boolean {
  let bytes: string
  try {
    bytes = atob(base64)
  } catch {
    return false
  }
  const hex = Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('')
  const [head, size] = /^30(?:81(..)|82(....)|([0-7].))/.exec(hex)?.slice(0, 4).filter(Boolean) ?? []
  if (head === undefined || size === undefined) return false
  return hex.length === head.length + 2 * Number.parseInt(size, 16) && hex.startsWith(start, head.length)
}
