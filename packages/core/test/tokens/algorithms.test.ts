import { generateKeyPairSync } from 'node:crypto'
import type { JwtAuthOptions } from '@farebox/core/drivers/jose'
import { describe, expect, test } from 'vitest'
import { type CraftAlgorithm, craft, jwkOf, keys, pairOf, pemOf, secret, verdict } from './craft.ts'
import { cryptographies, verifierOn } from './verifiers.ts'

const algorithms: readonly CraftAlgorithm[] = [
  'HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA',
]

type KeyKind = { readonly name: string; readonly accepts: CraftAlgorithm; readonly options: Partial<JwtAuthOptions> }

/** One key, given in each form, pinned to each algorithm that can be configured. */
const keyKinds: readonly KeyKind[] = [
  { name: 'secret', accepts: 'HS256', options: { keys: { secret } } },
  ...algorithms.flatMap((algorithm): KeyKind[] => {
    if (!(algorithm in pairOf)) return []
    const name = algorithm as keyof typeof pairOf
    const { publicKey } = keys[pairOf[name]]
    const jwk = jwkOf(publicKey)
    const set = { keys: [{ ...jwk, kid: 'key-1', alg: name, use: 'sig' }] }
    return [
      { name: `${name} in PEM`, accepts: name, options: { keys: { publicKey: pemOf(publicKey), algorithm: name } } },
      { name: `${name} as JWK`, accepts: name, options: { keys: { publicKey: jwk, algorithm: name } } },
      { name: `${name} in a set`, accepts: name, options: { keys: { jwks: set }, algorithms: [name] } },
    ]
  }),
]

const genuine = new Map(algorithms.map((algorithm) => [algorithm, craft({ algorithm })]))

describe.each(cryptographies)('on %s', (_, cryptography) => {
  test.each(keyKinds)('a key pinned to $name accepts its own algorithm and no other', async ({ accepts, options }) => {
    const verifier = verifierOn(cryptography, options)
    const verdicts = await Promise.all([...genuine].map(async ([name, token]) => [name, await verdict(verifier, token)]))

    const expected = algorithms.map((name) => [name, name === accepts ? 'accepted' : 'algorithm-not-allowed'])
    expect(verdicts).toEqual(expected)
  })

  test('a token that claims one algorithm and is signed by another is refused', async () => {
    const verdicts: string[] = []
    for (const { accepts, options } of keyKinds) {
      const verifier = verifierOn(cryptography, options)
      for (const algorithm of algorithms) {
        if (algorithm === accepts) continue
        verdicts.push(await verdict(verifier, craft({ header: { alg: accepts }, algorithm })))
      }
    }
    expect(verdicts).toHaveLength(keyKinds.length * (algorithms.length - 1))
    expect(new Set(verdicts)).toEqual(new Set(['signature-invalid']))
  })

  test('an RSA key of less than 2,048 bits verifies nothing (RFC 7518 section 3.3)', async () => {
    for (const modulusLength of [1024, 2040]) {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength })
      const verifier = verifierOn(cryptography, { keys: { publicKey: pemOf(publicKey), algorithm: 'RS256' } })
      expect(await verdict(verifier, craft({ key: privateKey }))).toBe('unavailable key-unusable')
    }
  })

  test('a public key is never taken for an HMAC secret, in whatever spelling', async () => {
    const pem = pemOf(keys.RSA.publicKey)
    const spellings = [
      pem, pem.trim(), pem.replaceAll('\n', ''), pem.replaceAll('\n', '\r\n'), `\n${pem}`, ` ${pem}`, `\uFEFF${pem}`,
      JSON.stringify(jwkOf(keys.RSA.publicKey)), keys.RSA.publicKey.export({ type: 'spki', format: 'der' }), '', Buffer.alloc(0),
    ]
    for (const { options } of keyKinds.filter(({ accepts }) => accepts !== 'HS256')) {
      const verifier = verifierOn(cryptography, options)
      for (const key of spellings) {
        for (const alg of ['HS256', 'RS256', 'hs256', 'none']) {
          expect(await verdict(verifier, craft({ header: { alg }, algorithm: 'HS256', key }))).not.toBe('accepted')
        }
      }
    }
  })

  test('a key of a set serves no algorithm that its own `alg`, `use`, `key_ops`, type or curve excludes', async () => {
    const jwk = { ...jwkOf(keys.RSA.publicKey), kid: 'key-1' }
    const fitting = verifierOn(cryptography, { keys: { jwks: { keys: [jwk] } }, algorithms: ['RS256', 'RS384'] })
    expect(await verdict(fitting, craft({ algorithm: 'RS384' }))).toBe('accepted')

    const other = { ...jwkOf(keys['P-256'].publicKey), kid: 'other' }
    for (const excluded of [{ alg: 'RS512' }, { use: 'enc' }, { key_ops: ['encrypt'] }, { key_ops: 'verify' }, { kty: 'EC' }]) {
      const options = { keys: { jwks: { keys: [{ ...jwk, ...excluded }] } }, algorithms: ['RS256'] as const }
      expect(() => verifierOn(cryptography, options)).toThrow(/public keys for the algorithms/)
    }
    const mixed = verifierOn(cryptography, { keys: { jwks: { keys: [jwk, other] } }, algorithms: ['RS256', 'ES256'] })
    expect(await verdict(mixed, craft({ header: { kid: 'other' } }))).toBe('key-unknown')
    expect(await verdict(mixed, craft({ header: { kid: undefined } }))).toBe('accepted')
    const twins = verifierOn(cryptography, { keys: { jwks: { keys: [jwk, { ...jwk, kid: 'key-2' }] } }, algorithms: ['RS256'] })
    expect(await verdict(twins, craft({ header: { kid: undefined } }))).toBe('key-unknown')
  })
})
