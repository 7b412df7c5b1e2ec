import { allowance, createFarebox, defineCatalog, metered, usd } from '@farebox/core'
import { type PlanTokenKey, generatePlanTokenKey, jwtAuth, planTokens } from '@farebox/core/drivers/jose'
import { memoryStore } from '@farebox/core/drivers/memory'
import { type PlanTokenVerifier, createPlanTokenVerifier, verifyPlanToken } from '@farebox/core/token'
import { describe, expect, test } from 'vitest'
import { hour, minute, second } from '../../src/domain/instant.ts'
import { type ManualClock, manualClock } from '../../src/testing/manual-clock.ts'
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

/** A network that keeps what it has fetched for as long as it may. */
function caching(clock: ManualClock, fetch: (url: string) => Promise<Response>): (url: string) => Promise<Response> {
  let kept: { readonly text: string; readonly until: number } | undefined
  return async (url) => {
    if (kept === undefined || kept.until <= clock.now()) {
      const response = await fetch(url)
      const [, age = ''] = /^public, max-age=(\d+)$/.exec(response.headers.get('cache-control') ?? '') ?? []
      kept = { text: await response.text(), until: clock.now() + Number(age) * second }
    }
    return new Response(kept.text)
  }
}

describe('a rotation', () => {
  test('with the new key behind the old one refuses no valid token, though caches keep the key set and strangers name keys that are none', async () => {
    const clock = manualClock()
    const [old, fresh] = [await generatePlanTokenKey(), await generatePlanTokenKey()]
    const appWith = (...keys: PlanTokenKey[]) =>
      createFarebox({ catalog, appUrl, clock, store: memoryStore({ clock }), planTokens: planTokens({ issuer: appUrl, audience: base, clock, keys }) })
    let app = appWith(old)
    const verifier: PlanTokenVerifier = createPlanTokenVerifier({
      issuer: appUrl, audience: base, clock, keys: { jwksUrl: `${base}/.well-known/jwks.json` },
      fetch: caching(clock, async (url) => app.handle(new Request(url))),
    })
    const stranger = planTokens({ issuer: appUrl, audience: base, clock, keys: [await generatePlanTokenKey()] })
    const claims = await app.planClaims({ customer: 'user_1' })
    const signedBy = new Set<string>()
    for (let minutes = 0; minutes < 90; minutes += 1) {
      if (minutes === 7) app = appWith({ ...old, retiredAt: clock.now() + hour }, fresh)
      const forgery = await stranger.sign({ customer: 'user_1', subject: 'user_1', claims }, clock.now())
      expect(await verdict(verifier, forgery.token)).toBe('key-unknown')
      const { token } = await app.issuePlanToken({ customer: 'user_1', subject: 'user_1' })
      expect(await verdict(verifier, token)).toBe('accepted')
      signedBy.add(token.slice(0, token.indexOf('.')))
      clock.advance(minute)
    }
    expect(signedBy.size).toBe(2)
  })
})

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
