import { createClerkClient, verifyToken } from '@clerk/backend'
import { seededRandom } from '@farebox/core/testing'
import { describe, expect, test } from 'vitest'
import { craft, isFull, keys, verdict } from '../tokens/craft.ts'
import {
  clerk, firstSessionClaims, instance, jwtKey, machineCategory, party, sessionClaims, sessionToken, templateCategory,
} from './session.ts'

const client = createClerkClient({
  secretKey: 'sk_test_0123456789abcdef',
  publishableKey: `pk_test_${btoa('clerk.example.com$')}`,
  telemetry: { disabled: true },
})

/** Whether `@clerk/backend` takes a request with this token for signed in. */
async function isSignedIn(token: string): Promise<boolean> {
  const request = new Request(party, { headers: { authorization: `Bearer ${token}` } })
  const state = await client.authenticateRequest(request, { jwtKey, authorizedParties: [party], clockSkewInMs: 5000 })
  return state.isAuthenticated && state.toAuth().userId !== null
}

async function isVerified(token: string): Promise<boolean> {
  return verifyToken(token, { jwtKey, authorizedParties: [party], clockSkewInMs: 5000 }).then(() => true, () => false)
}

const now = (): number => Math.floor(Date.now() / 1000)
const organization = { id: 'org_1', slg: 'acme', rol: 'admin', per: 'read,manage', fpm: '3,1' }

/** Tokens that Clerk itself and we must judge alike. */
const alike: readonly (readonly [name: string, token: () => string, verdict: string])[] = [
  ['version 2', () => sessionToken(), 'accepted'],
  ['version 2 in an organization', () => sessionToken(sessionClaims({ o: organization })), 'accepted'],
  ['version 1', () => sessionToken(firstSessionClaims()), 'accepted'],
  ['version 1 in an organization', () => sessionToken(firstSessionClaims({ org_id: 'org_1', org_role: 'org:admin' })), 'accepted'],
  ['no category', () => sessionToken(sessionClaims(), { cat: undefined }), 'accepted'],
  ['a session that is pending', () => sessionToken(sessionClaims({ sts: 'pending' })), 'session-pending'],
  ['another party', () => sessionToken(sessionClaims({ azp: 'https://evil.example.com' })), 'party-mismatch'],
  ['no party', () => sessionToken(sessionClaims({ azp: undefined })), 'claim-missing'],
  ['an end in the past', () => sessionToken(sessionClaims({ exp: now() - 60 })), 'token-expired'],
  ['an end within the tolerance', () => sessionToken(sessionClaims({ exp: now() - 2 })), 'accepted'],
  ['no end', () => sessionToken(sessionClaims({ exp: undefined })), 'claim-missing'],
  ['an end that is text', () => sessionToken(sessionClaims({ exp: '9999999999' })), 'claim-invalid'],
  ['a start in the future', () => sessionToken(sessionClaims({ nbf: now() + 60 })), 'token-not-yet-valid'],
  ['an issue in the future', () => sessionToken(sessionClaims({ iat: now() + 60 })), 'token-not-yet-valid'],
  ['no subject', () => sessionToken(sessionClaims({ sub: undefined })), 'claim-missing'],
  ['a subject that is a list', () => sessionToken(sessionClaims({ sub: ['user_1'] })), 'claim-invalid'],
  ['the type of another kind', () => sessionToken(sessionClaims(), { typ: 'at+jwt' }), 'type-mismatch'],
  ['the category of a template', () => sessionToken(sessionClaims(), { cat: templateCategory }), 'type-mismatch'],
  ['the category of a machine', () => sessionToken(sessionClaims(), { cat: machineCategory }), 'type-mismatch'],
  ['another key', () => craft({ claims: sessionClaims(), key: keys.RSA.privateKey }), 'signature-invalid'],
  ['HMAC over the public key', () => craft({ claims: sessionClaims(), algorithm: 'HS256', key: jwtKey }), 'algorithm-not-allowed'],
  ['RS512', () => craft({ claims: sessionClaims(), algorithm: 'RS512', key: instance.privateKey }), 'algorithm-not-allowed'],
  ['no algorithm', () => sessionToken(sessionClaims(), { alg: 'none' }), 'algorithm-not-allowed'],
  ['impersonation', () => sessionToken(sessionClaims({ act: { sub: 'user_2' } })), 'accepted'],
]

/** Tokens that Clerk takes and we do not, each for a reason. */
const stricter: readonly (readonly [name: string, token: () => string, verdict: string])[] = [
  ['another issuer that shares the key', () => sessionToken(sessionClaims({ iss: 'https://clerk.other.example.com' })), 'issuer-mismatch'],
  ['claims of both versions', () => sessionToken(sessionClaims({ o: organization, org_id: 'org_2', org_role: 'org:admin' })), 'claim-invalid'],
  ['a subject that is empty', () => sessionToken(sessionClaims({ sub: '' })), 'claim-invalid'],
]

function templateToken(aud: unknown): string {
  return sessionToken(sessionClaims({ v: undefined, sts: undefined, aud }), { cat: templateCategory })
}

describe('a session token', () => {
  test.each(alike)('with %s is judged as by @clerk/backend', async (_, token, expected) => {
    const text = token()
    expect(await verdict(clerk().verifier, text)).toBe(expected)
    expect(await isSignedIn(text)).toBe(expected === 'accepted')
  })

  test.each(stricter)('with %s is refused, although @clerk/backend verifies it', async (_, token, expected) => {
    const text = token()
    expect(await verdict(clerk().verifier, text)).toBe(expected)
    expect(await isVerified(text)).toBe(true)
  })

  test('says the same in both versions of claims', async () => {
    const second = await clerk().verifier.verify(sessionToken(sessionClaims({ o: organization, act: { sub: 'user_2' } })))
    const first = await clerk().verifier.verify(sessionToken(firstSessionClaims({ org_id: 'org_1', org_role: 'org:admin', act: { sub: 'user_2' } })))
    const { claims: _, expiresAt: __, ...identity } = first
    expect(second).toMatchObject(identity)
    expect(identity).toMatchObject({ organization: { id: 'org_1', role: 'admin' }, actor: 'user_2', planClaims: null, email: null })
  })

  test('made from a template is taken only for the audience that was named', async () => {
    const { verifier } = clerk({ templateAudience: 'https://api.example.com' })
    expect(await verdict(verifier, templateToken('https://api.example.com'))).toBe('accepted')
    expect(await verdict(verifier, templateToken(['https://api.example.com']))).toBe('accepted')
    for (const aud of [undefined, 'https://hasura.example.com', [], {}, null]) expect(await verdict(verifier, templateToken(aud))).toBe('audience-mismatch')
    expect(await verdict(verifier, sessionToken(sessionClaims(), { cat: machineCategory }))).toBe('type-mismatch')
    expect(await verdict(verifier, sessionToken())).toBe('accepted')
  })

  test('of another version, or with a malformed element, is refused and nothing else comes out', async () => {
    const { verifier } = clerk()
    const judge = (more: Record<string, unknown>) => verdict(verifier, sessionToken(sessionClaims(more)))
    const malformed: readonly Record<string, unknown>[] = [
      ...[0, 3, '2', null, [], {}].map((v) => ({ v })),
      ...[7, 'org_1', [], true, {}, { id: '' }, { id: 7 }, { id: 'x'.repeat(256) }].map((o) => ({ o })),
      ...[{ rol: 7 }, { slg: [] }, { per: {} }, { per: 'x'.repeat(4097) }, { fpm: 7 }, { fpm: '1,x' }, { fpm: '9'.repeat(4097) }].map((o) => ({ o: { id: 'org_1', ...o } })),
      ...['other', 7, null, [], ''].map((sts) => ({ sts })),
      ...['user_2', 7, [], {}, { sub: '' }].map((act) => ({ act })),
      ...[7, {}, [], 'x'.repeat(321)].map((email) => ({ email })),
      { v: undefined, o: { id: 'org_1' } }, { org_id: 'org_1' }, { org_role: null },
    ]
    for (const more of malformed) expect([more, await judge(more)]).toEqual([more, 'claim-invalid'])
  })

  test('with claims of any shape is answered or refused, never anything else', async () => {
    const random = seededRandom(7)
    const values = [
      null, true, 0, -1, 2, 1.5, 2 ** 53, '', 'active', 'org_1', 'o:pro', 'u:pro', 'o:', ':', ',,,', 'o:a,ou:b', '1,2', [], [[]], {}, { id: 'org_1' },
      { sub: 'user_2' }, { id: 'org_1', rol: 'admin', per: 'a', fpm: '1' }, { plan: 'pro', ev: 1, anchor: 0, until: null, g: false }, '\0', '__proto__', '🙂',
    ]
    const names = ['v', 'sts', 'o', 'org_id', 'org_role', 'act', 'pla', 'fea', 'farebox', 'plan', 'email', 'azp', 'sub', 'iss', 'exp', 'nbf', 'iat', '__proto__']
    const count = isFull ? 20_000 : 2000
    const seen = new Map<string, number>()
    const { verifier } = clerk()
    for (let index = 0; index < count; index += 1) {
      const more = Array.from({ length: random.integer(1, 4) }, () => [random.pick(names), random.pick(values)] as const)
      const reason = await verdict(verifier, sessionToken(sessionClaims(Object.fromEntries(more))))
      seen.set(reason, (seen.get(reason) ?? 0) + 1)
    }
    process.stdout.write(`session claims: ${count}, seed 7, ${JSON.stringify(Object.fromEntries(seen))}\n`)
    expect([...seen.keys()].filter((reason) => !/^(accepted|claim-|issuer-|party-|token-|session-)/.test(reason))).toEqual([])
    expect(seen.get('accepted')).toBeGreaterThan(0)
  }, 600_000)
})
