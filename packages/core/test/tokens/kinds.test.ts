import { clerkAuth } from '@farebox/core/drivers/clerk'
import { jwtAuth, planTokens } from '@farebox/core/drivers/jose'
import { createPlanTokenVerifier, planOf, verifyPlanToken } from '@farebox/core/token'
import { allowance, defineCatalog, metered, usd } from '@farebox/core'
import { describe, expect, test } from 'vitest'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { craft, goodClaims, jwkOf, keys, pemOf, start, startSecond, verdict } from './craft.ts'

const issuer = 'https://clerk.example.com'
const audience = 'https://app.example.com'
const clock = manualClock()
const claims = goodClaims({ iss: issuer, aud: audience, azp: audience })
const planClaims = { plan: 'pro', ev: 1, anchor: startSecond, until: null, g: false }
const publicKey = pemOf(keys.RSA.publicKey)
const set = { keys: [{ ...jwkOf(keys.RSA.publicKey), kid: 'key-1', alg: 'RS256' }] }
const signer = planTokens({
  issuer, audience, clock, keys: [{ kid: 'key-1', algorithm: 'RS256', privateKey: keys.RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }],
})

/** Every kind of token with the same issuer, audience, party and key: only its kind tells it apart. */
const kinds: Readonly<Record<string, () => Promise<string>>> = {
  'plan token': async () => (await signer.sign({ customer: 'user_1', subject: 'user_1', claims: planClaims }, clock.now())).token,
  'Clerk session': async () => craft({ claims, header: { cat: 'cl_B7d4PD111AAA' } }),
  'access token': async () => craft({ claims, header: { typ: 'at+jwt' } }),
}

const planTokenVerifier = createPlanTokenVerifier({ issuer, audience, clock, keys: { jwks: set } })

/** What each kind is accepted by. */
const verifiers: Readonly<Record<keyof typeof kinds, { verify(token: string): unknown }>> = {
  'plan token': planTokenVerifier,
  'Clerk session': clerkAuth({ issuer, authorizedParties: [audience], jwtKey: publicKey, clock }).verifier,
  'access token': jwtAuth({ issuer, audience, clock, typ: 'at+jwt', keys: { publicKey, algorithm: 'RS256' } }).verifier,
}

describe('kinds of tokens', () => {
  test.each(Object.keys(kinds))('a %s is accepted by its own verifier and by no other', async (kind) => {
    const token = (await kinds[kind]?.()) ?? ''
    const verdicts = await Promise.all(Object.entries(verifiers).map(async ([name, verifier]) => [name, await verdict(verifier, token)]))
    expect(verdicts).toEqual(Object.keys(verifiers).map((name) => [name, name === kind ? 'accepted' : 'type-mismatch']))
  })

  test('a plan token passes for no sign-in, even where the kind is not pinned', async () => {
    const { verifier } = jwtAuth({ issuer, audience, clock, keys: { publicKey, algorithm: 'RS256' } })
    expect(await verdict(verifier, (await kinds['plan token']?.()) ?? '')).toBe('type-mismatch')
  })

  test('a plan token without customer or whole claims is refused', async () => {
    const header = { typ: 'farebox-plan+jwt' }
    const offer = (more: Record<string, unknown>) => verdict(planTokenVerifier, craft({ header, claims: { ...claims, ...more } }))
    expect(await offer({ customer: 'user_1', farebox: planClaims })).toBe('accepted')
    for (const more of [{}, { customer: 'user_1' }, { farebox: planClaims }, { customer: 7, farebox: planClaims }, { customer: '', farebox: planClaims }, { customer: 'user_1', farebox: { plan: 'pro' } }]) {
      expect(await offer(more)).toBe('claim-invalid')
    }
  })
})

describe('the plan in a plan token', () => {
  const catalog = defineCatalog({
    features: { apiCalls: metered({ unit: 'call' }) },
    plans: {
      free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
      pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month') } },
    },
  })
  test('is found without a store', async () => {
    const { token } = await signer.sign({ customer: 'org_1', subject: 'user_1', claims: planClaims }, clock.now())
    const verified = await verifyPlanToken(catalog, planTokenVerifier, token, start)
    expect(verified).toMatchObject({ customer: 'org_1', subject: 'user_1', plan: { key: 'pro' } })
    const ending = await signer.sign({ customer: 'org_1', subject: 'user_1', claims: { ...planClaims, until: startSecond + 60 } }, clock.now())
    expect(await verifyPlanToken(catalog, planTokenVerifier, ending.token, start + 59_000)).toMatchObject({ plan: { key: 'pro' } })
    expect(await verifyPlanToken(catalog, planTokenVerifier, ending.token, start + 60_000)).toMatchObject({ plan: null })
  })

  test('is left to the records where the claims are not the whole truth', () => {
    const token = { customer: 'org_1', subject: 'user_1', expiresAt: start + 1000 }
    const found = (more: object) => planOf(catalog, { ...token, claims: { ...planClaims, ...more } }, start)
    expect(found({})?.key).toBe('pro')
    expect(found({ g: true })).toBeNull()
    expect(found({ plan: 'gone' })).toBeNull()
    expect(found({ plan: 'toString' })).toBeNull()
    expect(found({ until: startSecond })).toBeNull()
    expect(found({ until: startSecond + 1 })?.key).toBe('pro')
  })
})
