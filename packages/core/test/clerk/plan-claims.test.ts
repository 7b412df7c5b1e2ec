import { clerkBillingOf } from '@farebox/core/drivers/clerk'
import { seededRandom } from '@farebox/core/testing'
import { describe, expect, test } from 'vitest'
import { isFull } from '../tokens/craft.ts'
import { clerk, sessionClaims, sessionToken } from './session.ts'

const user = String(sessionClaims()['sub'])
const inOrganization = { o: { id: 'org_1', rol: 'member' } }
const farebox = { plan: 'pro', ev: 4, anchor: 1_700_000_000, until: 1_900_000_000, g: false, customer: user }

async function identify(claims: Record<string, unknown>) {
  return clerk().verifier.verify(sessionToken(sessionClaims(claims)))
}

async function billedPlan(claims: Record<string, unknown>) {
  return clerkBillingOf(await identify(claims))?.plan
}

describe('plan claims from metadata', () => {
  test('decide for the customer they name, and for no other', async () => {
    const { customer: _, ...claims } = farebox
    expect((await identify({ farebox })).planClaims).toEqual(claims)
    expect((await identify({ ...inOrganization, farebox })).planClaims).toBeNull()
    expect((await identify({ ...inOrganization, farebox: { ...farebox, customer: 'org_1' } })).planClaims).toEqual(claims)
    expect((await identify({ ...inOrganization, farebox: { ...farebox, customer: 'org_2' } })).planClaims).toBeNull()
  })

  test('that never end are told so, although metadata cannot hold null', async () => {
    expect((await identify({ farebox: { ...farebox, until: 253_402_300_799 } })).planClaims).toMatchObject({ until: null })
  })

  test.each([
    { plan: 'pro' }, { farebox: null }, { farebox: 'pro' }, { farebox: '{{user.public_metadata.farebox}}' }, { farebox: {} }, { farebox: { plan: 'pro' } },
    { farebox: { ...farebox, until: undefined } }, { farebox: { ...farebox, ev: '4' } }, { pla: 'u:pro' }, { pla: 'u:pro', fea: 'u:exports' },
  ])('that are missing, bare or not whole are for display: %j', async (claims) => {
    expect((await identify(claims)).planClaims).toBeNull()
  })
})

describe('Clerk Billing', () => {
  test('names the plan in the scope of the active customer, and no other', async () => {
    expect(await billedPlan({ pla: 'u:pro' })).toBe('pro')
    expect(await billedPlan({ ...inOrganization, pla: 'o:team' })).toBe('team')
    expect(await billedPlan({ ...inOrganization, pla: 'u:pro' })).toBeUndefined()
    expect(await billedPlan({ pla: 'o:team' })).toBeUndefined()
    expect(await billedPlan({ farebox })).toBeUndefined()
  })

  test('tells features in scope', () => {
    const claims = { pla: 'o:team', fea: 'o:exports,ou:teams,u:themes' }
    expect(clerkBillingOf({ organization: { id: 'org_1', role: null }, claims })).toEqual({ plan: 'team', features: ['exports', 'teams'] })
    expect(clerkBillingOf({ organization: null, claims: { ...claims, pla: 'u:pro' } })).toEqual({ plan: 'pro', features: ['teams', 'themes'] })
  })

  test.each([
    undefined, null, '', 7, [], {}, 'pro', 'o:', ':pro', 'x:pro', 'u:pro,', 'u:pro,,u:free', 'u:pro,u:free', 'u:pro u:free', 'U:pro', 'u:p:r', ' u:pro', 'u:é',
    'o:team', `u:${'x'.repeat(65)}`, `${'o:a,'.repeat(200)}u:pro`, `${'o:aaaa,'.repeat(1000)}u:pro`,
  ])('entitles to nothing where `pla` is %j', (pla) => {
    expect(clerkBillingOf({ organization: null, claims: { pla } })).toBeNull()
  })

  test('never throws, and never names what is not there', () => {
    const random = seededRandom(11)
    const count = isFull ? 1_000_000 : 10_000
    const parts = ['o', 'u', 'ou', ':', ',', 'pro', 'free', ' ', '\0', 'é', '9'.repeat(50), 'o:a', 'u:b']
    const claim = (): string => Array.from({ length: random.integer(0, 8) }, () => random.pick(parts)).join('')
    let named = 0
    for (let index = 0; index < count; index += 1) {
      const claims = { pla: claim(), fea: claim() }
      const billing = clerkBillingOf({ organization: random.pick([null, { id: 'org_1', role: null }]), claims })
      if (billing === null) continue
      named += 1
      expect(claims.pla).toContain(billing.plan)
    }
    process.stdout.write(`billing claims: ${count}, seed 11, with a plan ${named}\n`)
    expect(named).toBeGreaterThan(0)
  }, 600_000)
})
