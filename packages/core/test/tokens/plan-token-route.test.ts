import { allowance, createFarebox, defineCatalog, metered, usd } from '@farebox/core'
import { generatePlanTokenKey, jwtAuth, planTokens } from '@farebox/core/drivers/jose'
import { memoryStore } from '@farebox/core/drivers/memory'
import { createPlanTokenVerifier, verifyPlanToken } from '@farebox/core/token'
import { describe, expect, test } from 'vitest'
import { second } from '../../src/domain/instant.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { audience, craft, goodClaims, issuer, secret, start, verdict } from './craft.ts'

const appUrl = 'https://app.example.com'
const base = `${appUrl}/api/billing`
const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month') } },
  },
})

/** An app that signs plan tokens, and an edge that knows of it only its key set. */
async function setUp() {
  const clock = manualClock()
  const signer = planTokens({ issuer: appUrl, audience: base, clock, keys: [await generatePlanTokenKey()] })
  const auth = jwtAuth({ issuer, audience, clock, keys: { secret } })
  const farebox = createFarebox({ catalog, appUrl, clock, store: memoryStore({ clock }), auth, planTokens: signer })
  const verifier = createPlanTokenVerifier({
    issuer: appUrl, audience: base, clock,
    keys: { jwksUrl: `${base}/.well-known/jwks.json` },
    fetch: (url) => farebox.handle(new Request(url)),
  })
  const ask = async (claims = goodClaims({ exp: start / second + 3600 })): Promise<Response> => {
    const headers = { authorization: `Bearer ${craft({ claims, algorithm: 'HS256' })}`, 'content-type': 'application/json' }
    return farebox.handle(new Request(`${base}/token`, { method: 'POST', headers, body: '{}' }))
  }
  const tokenOf = async (): Promise<string> => String((await (await ask()).json()).token)
  return { clock, farebox, verifier, ask, tokenOf }
}

describe('POST /token', () => {
  test('answers a token that an edge verifies by the published key set, and that names the plan of this moment', async () => {
    const { clock, farebox, verifier, tokenOf } = await setUp()
    const free = await verifyPlanToken(catalog, verifier, await tokenOf(), clock.now())
    expect(free).toMatchObject({ customer: 'user_1', subject: 'user_1', plan: { key: 'free' }, expiresAt: start + 300 * second })

    await farebox.override({ customer: 'user_1', plan: 'pro', until: null })
    const pro = await verifyPlanToken(catalog, verifier, await tokenOf(), clock.now())
    expect(pro.claims).toMatchObject({ plan: 'pro', g: true })
    expect(pro.claims.ev).toBeGreaterThan(free.claims.ev)
    expect(pro.plan).toBeNull()
  })

  test('answers a member the organization\'s plan, in the member\'s own name', async () => {
    const { farebox, verifier, ask } = await setUp()
    await farebox.override({ customer: 'org_1', plan: 'pro', until: null })
    const { token } = await (await ask(goodClaims({ exp: start / second + 3600, org_id: 'org_1', org_role: 'member' }))).json()
    expect(await verifier.verify(token)).toMatchObject({ customer: 'org_1', subject: 'user_1', claims: { plan: 'pro' } })
  })

  test('answers a token that ends when the plan does', async () => {
    const { clock, farebox, verifier, tokenOf } = await setUp()
    await farebox.override({ customer: 'user_1', plan: 'pro', until: start + 100 * second })
    const token = await tokenOf()
    expect(await verifier.verify(token)).toMatchObject({ expiresAt: start + 100 * second })
    clock.advance(105 * second)
    expect(await verdict(verifier, token)).toBe('token-expired')
    expect((await verifyPlanToken(catalog, verifier, await tokenOf(), clock.now())).claims.plan).toBe('free')
  })

  test('answers nobody without a sign-in, and no plan token signs in', async () => {
    const { farebox, ask, tokenOf } = await setUp()
    expect((await ask(goodClaims({ exp: 1 }))).status).toBe(401)
    const headers = { authorization: `Bearer ${await tokenOf()}`, 'content-type': 'application/json' }
    const answer = await farebox.handle(new Request(`${base}/token`, { method: 'POST', headers, body: '{}' }))
    expect(answer.status).toBe(401)
    expect(await answer.text()).not.toContain(headers.authorization.slice(7, 30))
  })

  test('a bad id is refused before anything is signed', async () => {
    const { farebox } = await setUp()
    for (const id of ['', 'x'.repeat(256), '\0', 7, null, {}]) {
      // What JavaScript may pass: the types do not allow it.
      const request = { customer: id as string, subject: 'user_1' }
      await expect(farebox.issuePlanToken(request)).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path: 'customer' }] })
      await expect(farebox.issuePlanToken({ customer: 'user_1', subject: id as string })).rejects.toMatchObject({ faults: [{ path: 'subject' }] })
    }
    const unsigned = createFarebox({ catalog, store: memoryStore() })
    await expect(unsigned.issuePlanToken({ customer: 'user_1', subject: 'user_1' })).rejects.toMatchObject({ code: 'not-found' })
  })
})
