import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Crafted, craft, goodClaims, jwkOf, keys, pemOf, signAs, verdict } from './craft.ts'
import { cryptographies, verifierOn } from './verifiers.ts'

// Written from the rules of RFC 7515, 7518, 7519, 7797 and 8725: the public sets of such vectors come in no npm package.

const good = craft()
const [header = '', payload = '', signature = ''] = good.split('.')
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

const malformed: readonly string[] = [
  ...lookalikes(header).map((text) => `${text}.${payload}.${signature}`),
  ...lookalikes(payload).map((text) => `${header}.${text}.${signature}`),
  ...lookalikes(signature).map((text) => `${header}.${payload}.${text}`),
  '.', '..', '...', 'a', 'a.b', 'a.b.c', '....', `${header}.${payload}`, `${header}.${payload}.`, `.${payload}.${signature}`,
  `${header}..${signature}`, `${good}.`, `.${good}`, `${good}.${signature}`, `${good}.a.b`, `Bearer ${good}`, ` ${good}`, `${good} `,
  `${good}\n`, `"${good}"`, good.replaceAll('.', '\u2024'), good.toUpperCase(), JSON.stringify({ payload, protected: header, signature }),
  `${good}${'A'.repeat(8192)}`,
].filter((text) => text !== good)

/** Signed as they should be, and yet not to be taken. */
const wellSigned: readonly (readonly [string, Crafted, string])[] = [
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

function sized(length: number): string {
  return craft({ claims: goodClaims({ filler: 'x'.repeat(length) }) })
}

describe.each(cryptographies)('on %s', (_, cryptography) => {
  test('the tokens that the vectors are made from are accepted', async () => {
    expect(await verdict(verifierOn(cryptography), good)).toBe('accepted')
    for (const typ of ['JWT', 'jwt', 'application/jwt', 'at+jwt', undefined]) {
      expect(await verdict(verifierOn(cryptography), craft({ header: { typ } }))).toBe('accepted')
    }
  })

  test(`${malformed.length} texts that lenient readers take for a good token are refused`, async () => {
    const verifier = verifierOn(cryptography)
    const verdicts = await Promise.all(malformed.map((token) => verdict(verifier, token)))
    const others = verdicts.filter((reason) => !['token-malformed', 'token-missing', 'signature-invalid', 'algorithm-not-allowed'].includes(reason))
    expect(others).toEqual([])

    // The same again when the good token is remembered: a variant never finds its entry.
    await verifier.verify(good)
    expect(await Promise.all(malformed.map((token) => verdict(verifier, token)))).toEqual(verdicts)
  })

  test('a signature of every other length or content is refused', async () => {
    const verifier = verifierOn(cryptography)
    const bytes = Buffer.from(signature, 'base64url')
    const others = [
      Buffer.alloc(0), Buffer.alloc(1), Buffer.alloc(256), Buffer.alloc(256, 0xff), bytes.subarray(1), bytes.subarray(0, 255),
      Buffer.concat([bytes, Buffer.alloc(1)]), Buffer.concat([Buffer.alloc(1), bytes]), Buffer.from(bytes.toReversed()),
    ].map((other) => `${header}.${payload}.${other.toString('base64url')}`)
    const reasons = await Promise.all(others.map((token) => verdict(verifier, token)))
    expect(reasons.map((reason) => /^(signature-invalid|token-malformed)$/.test(reason))).toEqual(others.map(() => true))
  })

  test('an ECDSA signature is taken in its one form: not DER, not zero, not of another size (CVE-2022-21449)', async () => {
    const { publicKey, privateKey } = keys['P-256']
    const verifier = verifierOn(cryptography, { keys: { publicKey: pemOf(publicKey), algorithm: 'ES256' } })
    const token = craft({ algorithm: 'ES256' })
    expect(await verdict(verifier, token)).toBe('accepted')
    const signed = token.slice(0, token.lastIndexOf('.'))
    const { sign } = await import('node:crypto')
    const raw = signAs('ES256', signed)
    const others = [
      sign('sha256', Buffer.from(signed), privateKey), Buffer.alloc(64), Buffer.concat([raw.subarray(0, 32), Buffer.alloc(32)]),
      Buffer.concat([Buffer.alloc(32), raw.subarray(32)]), Buffer.concat([raw, Buffer.alloc(2)]), raw.subarray(0, 63), Buffer.alloc(64, 0xff),
    ]
    for (const other of others) {
      expect(await verdict(verifier, `${signed}.${other.toString('base64url')}`)).toBe('signature-invalid')
    }
  })

  test.each(wellSigned)('a well-signed token with %s is refused', async (__, crafted, reason) => {
    expect(await verdict(verifierOn(cryptography), craft(crafted))).toBe(reason)
  })

  test('keys and addresses that a token brings along are never used, and nothing is fetched', async () => {
    const fetch = vi.fn<(url: string) => Promise<Response>>(() => Promise.reject(new Error('unexpected')))
    vi.stubGlobal('fetch', fetch)
    onTestFinished(() => void vi.unstubAllGlobals())
    const { generateKeyPairSync } = await import('node:crypto')
    const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const brought = {
      jwk: { ...jwkOf(own.publicKey), kid: 'key-1' },
      jku: 'https://attacker.example.com/jwks.json',
      x5u: 'https://attacker.example.com/x5u.pem',
      x5c: [own.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')],
      'x5t#S256': 'a', x5t: 'b', cty: 'JWT', zip: 'DEF', enc: 'A256GCM', epk: {},
    }
    const headers = [brought, ...Object.entries(brought).map(([name, value]) => ({ [name]: value }))]
    const set = { keys: [{ ...jwkOf(keys.RSA.publicKey), kid: 'key-1' }] }
    for (const options of [{}, { keys: { jwks: set }, algorithms: ['RS256'] as const }]) {
      const verifier = verifierOn(cryptography, { ...options, fetch })
      for (const more of headers) {
        expect(await verdict(verifier, craft({ header: more, key: own.privateKey }))).toBe('signature-invalid')
        expect(await verdict(verifier, craft({ header: more }))).toBe('accepted')
      }
    }
    expect(fetch).not.toHaveBeenCalled()
  })

  test('a token of exactly 8,192 characters is read, a longer one is not', async () => {
    const verifier = verifierOn(cryptography)
    const most = Math.floor(((8192 - sized(0).length) * 3) / 4)
    const lengths = [-4, -1, 0, 1, 2, 3, 4, 8].map((more) => sized(most + more)).map((token) => [token.length, token] as const)
    const within = lengths.filter(([length]) => length <= 8192)
    const beyond = lengths.filter(([length]) => length > 8192)
    expect(within.length).toBeGreaterThan(0)
    expect(beyond.length).toBeGreaterThan(0)
    for (const [, token] of within) expect(await verdict(verifier, token)).toBe('accepted')
    for (const [, token] of beyond) expect(await verdict(verifier, token)).toBe('token-malformed')
  })
})

test.each(cryptographies)('on %s what is not a text is refused as missing', async (_, cryptography) => {
  const verifier = verifierOn(cryptography)
  for (const value of [undefined, null, 7, {}, [], Buffer.from(good), '']) {
    // What JavaScript may pass: the types do not allow it.
    expect(await verdict({ verify: () => verifier.verify(value as string) }, good)).toBe('token-missing')
  }
})
