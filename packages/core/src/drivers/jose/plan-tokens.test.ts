import { exportPKCS8, generateKeyPair } from 'jose'
import { describe, expect, test } from 'vitest'
import { second } from '../../domain/instant.ts'
import type { PlanClaims } from '../../domain/plan-claims.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { createPlanTokenVerifier } from './plan-token-verifier.ts'
import { type PlanTokenKey, generatePlanTokenKey } from './plan-token-key.ts'
import { type PlanTokensOptions, planTokens } from './plan-tokens.ts'

const start = Date.UTC(2026, 0, 31, 12)
const claims: PlanClaims = { plan: 'pro', ev: 7, anchor: 1_769_860_800, until: null, g: false }
const payload = { customer: 'org_1', subject: 'user_1', claims }
const names = { issuer: 'https://app.example.com', audience: 'https://api.example.com' }

function kidOf(token: string): unknown {
  return JSON.parse(atob(token.split('.')[0] ?? '')).kid
}

async function setUp(options: Partial<PlanTokensOptions> = {}) {
  const clock = manualClock(start)
  const keys = options.keys ?? [await generatePlanTokenKey()]
  const signer = planTokens({ ...names, clock, ...options, keys })
  const verifier = createPlanTokenVerifier({ ...names, clock, keys: { jwks: await signer.publicKeys() } })
  return { clock, keys, signer, verifier }
}

describe('a plan token', () => {
  test.each(['ES256', 'EdDSA', 'RS256'] as const)('signed with %s says what was signed, until it ends', async (algorithm) => {
    const { clock, signer, verifier } = await setUp({ keys: [await generatePlanTokenKey({ algorithm })] })
    const { token, expiresAt } = await signer.sign(payload, clock.now())

    expect(await verifier.verify(token)).toEqual({ ...payload, expiresAt })
    expect(expiresAt).toBe(start + 300_000)
    clock.advance(304 * second)
    expect(verifier.verify(token)).toMatchObject({ customer: 'org_1' })
    clock.advance(1 * second)
    await expect(async () => verifier.verify(token)).rejects.toMatchObject({ code: 'unauthenticated', reason: 'token-expired' })
  })

  test('never outlives what its claims say', async () => {
    const { clock, signer } = await setUp()
    const until = start / 1000 + 90

    const { expiresAt } = await signer.sign({ ...payload, claims: { ...claims, until } }, clock.now())
    expect(expiresAt).toBe(until * 1000)
    clock.advance(90 * second)
    const tooLate = signer.sign({ ...payload, claims: { ...claims, until } }, clock.now())
    await expect(tooLate).rejects.toMatchObject({ code: 'unavailable', reason: 'claims-ended' })
  })

  test('a key in PEM signs, and its published half holds nothing private', async () => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    const key: PlanTokenKey = { kid: 'pem', privateKey: await exportPKCS8(privateKey), algorithm: 'RS256' }
    const { clock, signer, verifier } = await setUp({ keys: [key] })

    expect(await verifier.verify((await signer.sign(payload, clock.now())).token)).toMatchObject({ subject: 'user_1' })
    const { keys } = await signer.publicKeys()
    expect(keys.map((published) => Object.keys(published).toSorted())).toEqual([['alg', 'e', 'kid', 'kty', 'n', 'use']])
  })
})

describe('rotation', () => {
  test('refuses no valid token: a retired key signs nothing and stays published until its last token has ended', async () => {
    const [old, fresh] = [await generatePlanTokenKey(), await generatePlanTokenKey()]
    const { clock, signer } = await setUp({ keys: [{ ...old, retiredAt: start + 1000 }, fresh] })
    const verify = async (token: string) => {
      const set = await signer.publicKeys()
      return createPlanTokenVerifier({ ...names, clock, keys: { jwks: set } }).verify(token)
    }

    const last = await signer.sign(payload, clock.now())
    expect(kidOf(last.token)).toBe(old.kid)
    clock.advance(1 * second)
    expect(kidOf((await signer.sign(payload, clock.now())).token)).toBe(fresh.kid)
    clock.advance(298 * second)
    expect(await verify(last.token)).toMatchObject({ customer: 'org_1' })
    clock.advance(120 * second)
    expect((await signer.publicKeys()).keys.map((key) => key['kid'])).toEqual([fresh.kid])
  })

  test('forget(kid) stops trusting a key at once, tokens accepted before included', async () => {
    const { clock, keys, signer, verifier } = await setUp()
    const { token } = await signer.sign(payload, clock.now())
    expect(await verifier.verify(token)).toMatchObject({ customer: 'org_1' })

    verifier.forget(keys[0]?.kid ?? '')
    expect(() => verifier.verify(token)).toThrow(expect.objectContaining({ reason: 'key-unknown' }))
  })
})

test('planTokens tells every fault of its options at once', async () => {
  const key = await generatePlanTokenKey()
  const { d: _, ...publicHalf } = key.privateKey
  const keys: PlanTokenKey[] = [
    { ...key, retiredAt: 1 },
    { ...key, retiredAt: Number.NaN },
    { kid: ' ', privateKey: 'secret-canary', algorithm: 'ES256' },
    { kid: 'public', privateKey: publicHalf, algorithm: 'ES256' },
    { ...key, kid: 'other', algorithm: 'RS256' },
  ]
  const attempt = (): unknown => planTokens({ issuer: '', audience: ' ', lifetime: 0, keys })

  expect(attempt).toThrow(
    expect.objectContaining({
      code: 'invalid-configuration',
      message: expect.not.stringContaining('canary'),
      faults: [
        'issuer', 'audience', 'lifetime', 'keys.1.retiredAt', 'keys.2.kid', 'keys.2.privateKey', 'keys.3.privateKey',
        'keys.4.privateKey',
      ].map((path) => expect.objectContaining({ path })),
    }),
  )
  expect(() => planTokens({ ...names, keys: [{ ...key, retiredAt: 1 }] })).toThrow(/not retired/)
  expect(() => planTokens({ ...names, keys: [] })).toThrow(/not retired/)
  expect(() => planTokens({ ...names, keys: [key, key] })).toThrow(/a kid of its own/)
  for (const bad of [undefined, null, 'keys', [null], [7]]) {
    // What JavaScript may pass: the types do not allow it.
    const options = JSON.parse(JSON.stringify({ ...names, keys: bad })) as PlanTokensOptions
    expect(() => planTokens(options)).toThrow(expect.objectContaining({ code: 'invalid-configuration' }))
  }
})
