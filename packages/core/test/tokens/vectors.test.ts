import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { craft, goodClaims, jwkOf, keys, pemOf, signAs, verdict } from './craft.ts'
import { good, header, malformed, payload, signature, wellSigned } from './vectors.ts'
import { cryptographies, verifierOn } from './verifiers.ts'

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
