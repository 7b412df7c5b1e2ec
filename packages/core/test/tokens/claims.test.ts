import { jwtAuth } from '@farebox/core/drivers/jose'
import { describe, expect, test } from 'vitest'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { audience, craft, goodClaims, issuer, secret, startSecond, verdict } from './craft.ts'

const party = 'https://app.example.com'
const options = { issuer, audience, keys: { secret } } as const

function setUp(more: Partial<Parameters<typeof jwtAuth>[0]> = {}) {
  const clock = manualClock()
  const { verifier } = jwtAuth({ ...options, clock, ...more })
  const judge = (claims: Record<string, unknown>, header = {}) => verdict(verifier, craft({ claims: goodClaims(claims), header, algorithm: 'HS256' }))
  return { clock, verifier, judge }
}

const wrong = { null: null, number: 7, fraction: 1.5, negative: -1, true: true, array: ['x'], nested: [[issuer]], object: {}, empty: '', text: 'other' }

/** What each claim answers when it is absent, and when it is each of the wrong values. */
const table: Readonly<Record<string, readonly [absent: string, ...others: (readonly [keyof typeof wrong, string])[]]>> = {
  iss: ['claim-missing', ...entries('issuer-mismatch')],
  aud: ['claim-missing', ...entries('claim-invalid', { array: 'audience-mismatch', empty: 'audience-mismatch', text: 'audience-mismatch' })],
  sub: ['claim-missing', ...entries('claim-invalid', { text: 'accepted' })],
  exp: ['claim-missing', ...entries('claim-invalid', { number: 'token-expired', fraction: 'token-expired' })],
  nbf: ['accepted', ...entries('claim-invalid', { number: 'accepted', fraction: 'accepted' })],
  iat: ['accepted', ...entries('claim-invalid', { number: 'accepted', fraction: 'accepted' })],
}

function entries(usual: string, except: Partial<Record<keyof typeof wrong, string>> = {}): (readonly [keyof typeof wrong, string])[] {
  return Object.keys(wrong).map((name) => {
    const key = name as keyof typeof wrong
    return [key, except[key] ?? usual]
  })
}

describe('a registered claim', () => {
  test.each(Object.entries(table))('%s is there and of its type, or the token is refused', async (claim, [absent, ...others]) => {
    const { judge } = setUp()
    expect(await judge({ [claim]: undefined })).toBe(absent)
    const verdicts = await Promise.all(others.map(async ([name]) => [name, await judge({ [claim]: wrong[name] })]))
    expect(verdicts).toEqual(others)
  })

  test('iss and aud are compared to the letter', async () => {
    const { judge } = setUp()
    for (const [claim, right, refusal] of [['iss', issuer, 'issuer-mismatch'], ['aud', audience, 'audience-mismatch']] as const) {
      for (const near of [`${right}/`, `${right}.attacker.example.com`, right.slice(0, -1), right.toUpperCase(), ` ${right}`]) {
        expect(await judge({ [claim]: near })).toBe(refusal)
      }
    }
  })

  test('azp is required and exact where authorized parties are given', async () => {
    const { judge } = setUp({ audience: [audience], authorizedParties: [party] })
    expect(await judge({ azp: party })).toBe('accepted')
    expect(await judge({})).toBe('claim-missing')
    for (const azp of [null, '', [party], `${party}/`, `${party}.attacker.example.com`, 'https://APP.example.com', 7, {}]) {
      expect(await judge({ azp })).toBe('party-mismatch')
    }
  })

  test('aud may be a list of texts, one of which is meant', async () => {
    const { judge } = setUp({ audience: ['https://other.example.com', audience] })
    expect(await judge({ aud: ['https://x.example.com', audience] })).toBe('accepted')
    expect(await judge({ aud: [] })).toBe('audience-mismatch')
    expect(await judge({ aud: [audience, 7] })).toBe('claim-invalid')
    expect(await judge({ aud: { 0: audience } })).toBe('claim-invalid')
  })

  test('times hold within five seconds, and to the second', async () => {
    const { judge } = setUp()
    expect(await judge({ exp: startSecond - 4 })).toBe('accepted')
    expect(await judge({ exp: startSecond - 5 })).toBe('token-expired')
    expect(await judge({ nbf: startSecond + 5 })).toBe('accepted')
    expect(await judge({ nbf: startSecond + 5.5 })).toBe('token-not-yet-valid')
    expect(await judge({ iat: startSecond + 6 })).toBe('token-not-yet-valid')
    for (const exp of [1e300, 253_402_300_800, 2 ** 53]) expect(await judge({ exp })).toBe('claim-invalid')
    expect(await setUp({ clockTolerance: 0 }).judge({ exp: startSecond })).toBe('token-expired')
  })

  test('a clock that tells no time holds up every token', async () => {
    const judge = setUp({ clock: { now: () => Number.NaN } }).judge
    for (const claims of [{}, { exp: startSecond - 5 }, { nbf: startSecond + 6 }]) expect(await judge(claims)).toBe('token-expired')
  })

  test('a subject of more than 255 characters is refused', async () => {
    const { judge } = setUp()
    expect(await judge({ sub: 's'.repeat(255) })).toBe('accepted')
    expect(await judge({ sub: 's'.repeat(256) })).toBe('claim-invalid')
  })

  test('a pinned kind of token is the only one taken', async () => {
    const { judge } = setUp({ typ: 'at+jwt' })
    expect(await judge({}, { typ: 'at+jwt' })).toBe('accepted')
    expect(await judge({}, { typ: 'application/AT+JWT' })).toBe('accepted')
    for (const typ of ['JWT', undefined, 'farebox-plan+jwt']) expect(await judge({}, { typ })).toBe('type-mismatch')
  })
})

async function identify(claims: Record<string, unknown>, more = {}) {
  return setUp(more).verifier.verify(craft({ claims: goodClaims(claims), algorithm: 'HS256' }))
}

async function planOf(claims: Record<string, unknown>) {
  return (await identify(claims)).planClaims?.plan ?? null
}

describe('an identity', () => {
  test('says what the token says', async () => {
    const planClaims = { plan: 'pro', ev: 3, anchor: 1_700_000_000, until: null, g: false }
    const claims = { org_id: 'org_1', org_role: 'admin', email: 'a@example.com', act: { sub: 'user_2' }, farebox: { ...planClaims, customer: 'org_1' } }
    expect(await identify(claims)).toEqual({
      subject: 'user_1', organization: { id: 'org_1', role: 'admin' }, email: 'a@example.com', planClaims, actor: 'user_2',
      expiresAt: (startSecond + 60) * 1000, claims: goodClaims(claims),
    })
    expect(await identify({})).toMatchObject({ organization: null, email: null, planClaims: null, actor: null })
  })

  test('never takes one customer\'s plan claims for another', async () => {
    const planClaims = { plan: 'pro', ev: 3, anchor: 1_700_000_000, until: null, g: false }
    const inOrganization = { org_id: 'org_1' }
    expect(await planOf({ farebox: planClaims })).toBe('pro')
    expect(await planOf({ farebox: { ...planClaims, customer: 'user_1' } })).toBe('pro')
    expect(await planOf({ farebox: { ...planClaims, customer: 'user_2' } })).toBeNull()
    expect(await planOf({ ...inOrganization, farebox: planClaims })).toBeNull()
    expect(await planOf({ ...inOrganization, farebox: { ...planClaims, customer: 'user_1' } })).toBeNull()
    expect(await planOf({ ...inOrganization, farebox: { ...planClaims, customer: 'org_1' } })).toBe('pro')
    for (const farebox of [null, 'pro', [], { plan: 'pro' }, { ...planClaims, ev: -1 }, { ...planClaims, g: 'no' }]) {
      expect(await planOf({ farebox })).toBeNull()
    }
  })

  test('reads claims where it was told to find them', async () => {
    const claims = { organization: ['app_metadata', 'team'], role: ['app_metadata', 'role'], email: 'mail', planClaims: ['app_metadata', 'plan'] }
    const token = { app_metadata: { team: 't1', role: 'member' }, mail: 'b@example.com', org_id: 'org_9' }
    expect(await identify(token, { claims })).toMatchObject({ organization: { id: 't1', role: 'member' }, email: 'b@example.com' })
    expect(await identify({ email: 'c@example.com', email_verified: false })).toMatchObject({ email: null })
  })

  test('of a claim with another type is refused', async () => {
    const { judge } = setUp()
    for (const value of [7, {}, [], '', true]) {
      expect(await judge({ org_id: value })).toBe('claim-invalid')
      expect(await judge({ email: value })).toBe('claim-invalid')
      expect(await judge({ act: value })).toBe('claim-invalid')
    }
    expect(await judge({ org_id: 'org_1', org_role: 7 })).toBe('claim-invalid')
  })
})
