import type { Identity } from '@farebox/core'
import { jwtAuth } from '@farebox/core/drivers/jose'
import { describe, expect, test } from 'vitest'
import { minute, second } from '../../src/domain/instant.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { createVerifiedTokenCache } from '../../src/drivers/jose/verified-token-cache.ts'
import { audience, craft, encode, goodClaims, issuer, keys, pemOf, start, verdict } from './craft.ts'
import { cryptographies, verifierOn } from './verifiers.ts'

function entry(text: string) {
  return { text, value: text, kid: text.slice(0, 1), until: start + minute }
}

function long(index: number): string {
  return `${'x'.repeat(8000)}${index}`
}

describe.each(cryptographies)('on %s', (_, cryptography) => {
  /** Counts how often a signature is really checked. */
  function counting() {
    let checks = 0
    const counted: typeof cryptography = {
      ...cryptography,
      async importKey(key, algorithm) {
        const check = await cryptography.importKey(key, algorithm)
        return (token) => {
          checks += 1
          return check(token)
        }
      },
    }
    return { counted, checks: () => checks }
  }

  test('a token that was verified is answered at once, without a promise, until it ends', async () => {
    const clock = manualClock()
    const { counted, checks } = counting()
    const verifier = verifierOn(counted, { clock })
    const token = craft()
    const identity = await verifier.verify(token)
    expect(verifier.verify(token)).toBe(identity)
    clock.advance(64 * second)
    expect(verifier.verify(token)).toBe(identity)
    expect(checks()).toBe(1)
    clock.advance(second)
    expect(await verdict(verifier, token)).toBe('token-expired')
  })

  test('the same token is verified once, however many ask at once', async () => {
    const { counted, checks } = counting()
    const verifier = verifierOn(counted)
    const token = craft()
    const identities = await Promise.all(Array.from({ length: 100 }, async () => verifier.verify(token)))
    expect(new Set<Identity>(identities).size).toBe(1)
    expect(checks()).toBe(1)

    const forged = craft({ algorithm: 'RS384', header: { alg: 'RS256' } })
    const verdicts = await Promise.all(Array.from({ length: 100 }, () => verdict(verifier, forged)))
    expect(new Set(verdicts)).toEqual(new Set(['signature-invalid']))
    expect(checks()).toBeLessThanOrEqual(3)
    const before = checks()
    expect(await verdict(verifier, forged)).toBe('signature-invalid')
    expect(checks()).toBe(before + 1)
  })

  test('a forgery with the end of a token that is being verified neither gets its answer nor spoils it', async () => {
    const token = craft()
    const forgery = `${token.slice(0, token.indexOf('.'))}.${encode(goodClaims({ sub: 'admin' }))}${token.slice(token.lastIndexOf('.'))}`
    for (const order of [[token, forgery], [forgery, token], [token, forgery, token]]) {
      const verifier = verifierOn(counting().counted)
      const verdicts = await Promise.all(order.map((text) => verdict(verifier, text)))
      expect(verdicts).toEqual(order.map((text) => (text === token ? 'accepted' : 'signature-invalid')))
    }
  })

  test('a signature in the letters of the other base64 is another text, and no token', async () => {
    for (let index = 0; index < 20; index += 1) {
      const token = craft({ claims: goodClaims({ jti: String(index) }) })
      const cut = token.lastIndexOf('.')
      const other = token.slice(0, cut) + token.slice(cut).replaceAll('-', '+').replaceAll('_', '/')
      expect(await verdict(verifierOn(cryptography), other)).toBe(other === token ? 'accepted' : 'token-malformed')
    }
  })

  test('what one verifier accepted says nothing to another', async () => {
    const token = craft()
    await verifierOn(cryptography).verify(token)
    expect(await verdict(verifierOn(cryptography, { audience: 'https://other.example.com' }), token)).toBe('audience-mismatch')
  })

  test('tokens that differ only in what they say answer each with its own', async () => {
    const verifier = verifierOn(cryptography, { cacheSize: 4 })
    const tokens = Array.from({ length: 20 }, (__, index) => [`user_${index}`, craft({ claims: goodClaims({ sub: `user_${index}` }) })] as const)
    for (let round = 0; round < 3; round += 1) {
      for (const [subject, token] of tokens) expect(await verifier.verify(token)).toMatchObject({ subject })
    }
  })
})

test('what is remembered of a token cannot be changed by who reads it', async () => {
  const { verifier } = jwtAuth({ issuer, audience, clock: manualClock(), keys: { publicKey: pemOf(keys.RSA.publicKey), algorithm: 'RS256' } })
  const farebox = { customer: 'org_1', plan: 'free', ev: 1, anchor: 1_700_000_000, until: null, g: false }
  const token = craft({ claims: goodClaims({ org_id: 'org_1', org_role: 'member', farebox, list: [{ a: 1 }] }) })
  const identity = await verifier.verify(token)
  const parts = [identity, identity.claims, identity.claims['farebox'], identity.claims['list'], identity.organization, identity.planClaims]
  expect(parts.map((part) => typeof part === 'object' && part !== null && Object.isFrozen(part))).toEqual(parts.map(() => true))
  expect(Object.isFrozen((identity.claims['list'] as readonly unknown[])[0])).toBe(true)
  expect(verifier.verify(token)).toBe(identity)
})

describe('the cache of verified tokens', () => {
  test('keeps at most two generations, the ones asked for lately among them', () => {
    const cache = createVerifiedTokenCache<string>(100)
    for (let index = 0; index < 1000; index += 1) {
      cache.put(entry(`token-${index}`))
      expect(cache.find('token-0', start)?.value).toBe('token-0')
    }
    const kept = Array.from({ length: 1000 }, (_, index) => cache.find(`token-${index}`, start)).filter(Boolean)
    expect(kept.length).toBeLessThanOrEqual(200)
  })

  test('keeps less of long tokens, so that memory stays bounded', () => {
    const cache = createVerifiedTokenCache<string>(100)
    for (let index = 0; index < 100; index += 1) cache.put(entry(long(index)))
    const kept = Array.from({ length: 100 }, (_, index) => cache.find(long(index), start)).filter(Boolean)
    expect(kept.length).toBeLessThanOrEqual(28)
  })

  test('takes no token for another that ends alike', () => {
    const cache = createVerifiedTokenCache<string>(10)
    const end = 'e'.repeat(50)
    cache.put(entry(`a${end}`))
    expect(cache.find(`b${end}`, start)).toBeUndefined()
    cache.put(entry(`b${end}`))
    expect(cache.find(`b${end}`, start)?.value).toBe(`b${end}`)
    expect(cache.find(`a${end}`, start)).toBeUndefined()
  })

  test('answers nothing that has ended, of either generation', () => {
    const cache = createVerifiedTokenCache<string>(1)
    for (const name of ['a1', 'a2']) cache.put({ ...entry(name), until: start + 1 })
    for (const name of ['a1', 'a2']) expect(cache.find(name, start + 1)).toBeUndefined()
    for (const name of ['a2', 'a1']) expect(cache.find(name, start)?.value).toBe(name)
  })

  test('answers nothing to a clock that tells no time, of either generation', () => {
    const cache = createVerifiedTokenCache<string>(1)
    for (const text of ['old', 'young']) cache.put(entry(text))
    for (const text of ['old', 'young']) {
      expect(cache.find(text, Number.NaN)).toBeUndefined()
    }
  })

  test('forgets what a key signed, in both generations', () => {
    const cache = createVerifiedTokenCache<string>(3)
    for (const name of ['a1', 'b1', 'a2', 'a3', 'b2']) cache.put(entry(name))
    cache.forget('a')
    const found = ['a1', 'b1', 'a2', 'a3', 'b2'].filter((name) => cache.find(name, start) !== undefined)
    expect(found).toEqual(['b1', 'b2'])
  })
})
