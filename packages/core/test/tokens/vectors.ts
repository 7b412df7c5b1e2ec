import { type Crafted, craft, goodClaims } from './craft.ts'

// Written from the rules of RFC 7515, 7518, 7519, 7797 and 8725: the public sets of such vectors come in no npm package.

export const good: string = craft()
const parts = good.split('.')
export const [header, payload, signature]: readonly [string, string, string] = [parts[0] ?? '', parts[1] ?? '', parts[2] ?? '']
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Every other text that decodes to the same bytes when the bits beyond the last byte are not looked at. */
function withStrayBits(segment: string): readonly string[] {
  const last = alphabet.indexOf(segment.slice(-1))
  const spare = segment.length % 4 === 2 ? 16 : segment.length % 4 === 3 ? 4 : 1
  return Array.from({ length: spare - 1 }, (_, bits) => segment.slice(0, -1) + (alphabet[last + bits + 1] ?? ''))
}

/** The texts that lenient decoders take for `segment`. */
function lookalikes(segment: string): readonly string[] {
  const middle = Math.floor(segment.length / 2)
  const inserted = ['=', ' ', '\n', '\r\n', '\t', '\0', '+', '/', '*', '%2D', '\u200B', '\uFEFF', 'é', '🙂']
  return [
    `${segment}=`, `${segment}==`, `=${segment}`, `${segment}A`, segment.slice(0, -1), '',
    ...inserted.map((text) => segment.slice(0, middle) + text + segment.slice(middle)),
    ...inserted.map((text) => segment + text),
    ...inserted.map((text) => text + segment),
    segment.replaceAll('-', '+').replaceAll('_', '/').concat('='),
    // Letters of which a platform may keep the lower byte alone.
    ...[0x100, 0x2100, 0xfe00].map((more) => {
      const wide = String.fromCharCode(segment.charCodeAt(middle) + more)
      return segment.slice(0, middle) + wide + segment.slice(middle + 1)
    }),
    ...withStrayBits(segment),
  ]
}

/** Texts that lenient readers take for a good token. */
export const malformed: readonly string[] = [
  ...lookalikes(header).map((text) => `${text}.${payload}.${signature}`),
  ...lookalikes(payload).map((text) => `${header}.${text}.${signature}`),
  ...lookalikes(signature).map((text) => `${header}.${payload}.${text}`),
  '.', '..', '...', 'a', 'a.b', 'a.b.c', '....', `${header}.${payload}`, `${header}.${payload}.`, `.${payload}.${signature}`,
  `${header}..${signature}`, `${good}.`, `.${good}`, `${good}.${signature}`, `${good}.a.b`, `Bearer ${good}`, ` ${good}`, `${good} `,
  `${good}\n`, `"${good}"`, good.replaceAll('.', '\u2024'), good.toUpperCase(), JSON.stringify({ payload, protected: header, signature }),
  `${good}${'A'.repeat(8192)}`,
].filter((text) => text !== good)

/** Signed as they should be, and yet not to be taken. */
export const wellSigned: readonly (readonly [string, Crafted, string])[] = [
  ...['none', 'None', 'NONE', 'nOnE', 'null', '', 'rs256', 'RS256 ', ' RS256', 'RS257', 'HS256', 'constructor', '__proto__'].map(
    (alg): readonly [string, Crafted, string] => [`alg ${JSON.stringify(alg)}`, { header: { alg } }, 'algorithm-not-allowed'],
  ),
  ...[undefined, null, 7, true, ['RS256'], { RS256: 1 }].map(
    (alg): readonly [string, Crafted, string] => [`alg ${JSON.stringify(alg)}`, { header: { alg } }, 'token-malformed'],
  ),
  ...[['exp'], ['b64'], [], ['unknown'], ['alg'], 'exp', null, {}, 0, ['unknown', 'unknown']].map(
    (crit): readonly [string, Crafted, string] => [`crit ${JSON.stringify(crit)}`, { header: { crit, unknown: 1 } }, 'extension-not-allowed'],
  ),
  ['b64 false', { header: { b64: false } }, 'extension-not-allowed'],
  ['b64 false, critical', { header: { b64: false, crit: ['b64'] } }, 'extension-not-allowed'],
  ['b64 of another type', { header: { b64: 'false' } }, 'extension-not-allowed'],
  ...[7, null, {}, [], '', 'k'.repeat(257)].map(
    (kid): readonly [string, Crafted, string] => [`kid ${JSON.stringify(kid)?.slice(0, 20)}`, { header: { kid } }, 'token-malformed'],
  ),
  ...['farebox-plan+jwt', 'dpop+jwt', 'logout+jwt', 'secevent+jwt', 'JWTX', 'JWE'].map(
    (typ): readonly [string, Crafted, string] => [`typ ${typ}`, { header: { typ } }, 'type-mismatch'],
  ),
  ...['', '[]', '"text"', 'null', '7', '{', '{"alg":"RS256"', '{"alg":"RS256"}x', '\uFEFF{"alg":"RS256"}', "{'alg':'RS256'}"].map(
    (text): readonly [string, Crafted, string] => [`header ${JSON.stringify(text)}`, { header: text }, 'token-malformed'],
  ),
  ...['[]', '"text"', 'null', '7', '{', '{}x', '\uFEFF{}', `[${JSON.stringify(goodClaims())}]`, '['.repeat(5000)].map(
    (claims): readonly [string, Crafted, string] => [`payload ${claims.slice(0, 20)}`, { claims }, 'token-malformed'],
  ),
  ['payload that is not UTF-8', { claims: Buffer.concat([Buffer.from('{"iss":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]) }, 'token-malformed'],
  ['another token inside', { claims: good }, 'token-malformed'],
  ['claims under __proto__', { claims: `{"__proto__":${JSON.stringify(goodClaims())}}` }, 'claim-missing'],
]
