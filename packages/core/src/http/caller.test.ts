import { describe, expect, test } from 'vitest'
import { identityOf, knownTokens } from '../../test/known-tokens.ts'
import { callerOf } from './caller.ts'
import type { ReadHeader } from './read-header.ts'
import { httpSettings } from './options.ts'

const token = 'aaa.bbb-_.ccc'
const ann = identityOf('ann')
const { verifier } = knownTokens({ [token]: ann })

function reading(fields: Readonly<Record<string, string>>): ReadHeader {
  const headers = new Headers(fields)
  return (name) => headers.get(name)
}

function callerWith(fields: Readonly<Record<string, string>>, cookie?: string) {
  return callerOf(verifier, httpSettings(cookie === undefined ? {} : { cookie }, []), reading(fields))
}

/** The spelling is looked at before a header field could be trimmed of what a network would take off. */
function callerOfField(authorization: string) {
  return callerOf(verifier, httpSettings({}, []), (name) => (name === 'authorization' ? authorization : null))
}

const accepted = [
  `Bearer ${token}`,
  `bearer ${token}`,
  `BEARER ${token}`,
  `bEaReR ${token}`,
]

const refused = [
  '',
  ' ',
  'Bearer',
  'Bearer ',
  'Bearer  ',
  token,
  `Bearer${token}`,
  `Bearer  ${token}`,
  `Bearer\t${token}`,
  `Bearer\u00a0${token}`,
  `Bearer\u2003${token}`,
  `Bearer\n${token}`,
  `Bearer ${token} `,
  ` Bearer ${token}`,
  `Bearer ${token}\n`,
  `Bearer ${token}\r\nX-Admin: 1`,
  `Bearer ${token}\u0000`,
  `Bearer \u0000${token}`,
  `Bearer ${token},`,
  `Bearer ${token};`,
  `Bearer ${token}, Bearer ${token}`,
  `Bearer ${token}, Basic YTpi`,
  `Basic YTpi, Bearer ${token}`,
  `Bearer ${token} ${token}`,
  `Bearer Bearer ${token}`,
  `Bearer "${token}"`,
  `Bearer '${token}'`,
  `Bearer <${token}>`,
  `Bearer token=${token}`,
  `Bearer token="${token}"`,
  `Bearer: ${token}`,
  `Bearer=${token}`,
  `Bearer,${token}`,
  `Bearer\u200b ${token}`,
  `Bеarer ${token}`,
  `Ｂearer ${token}`,
  `Bearers ${token}`,
  `Beare ${token}`,
  `XBearer ${token}`,
  `Bearer-X ${token}`,
  `Token ${token}`,
  `token ${token}`,
  `Basic ${token}`,
  `Digest ${token}`,
  `JWT ${token}`,
  `DPoP ${token}`,
  `Negotiate ${token}`,
  `HOBA ${token}`,
  `Mutual ${token}`,
  `AWS4-HMAC-SHA256 ${token}`,
  `Payment ${token}`,
  `undefined ${token}`,
  `null ${token}`,
  'Bearer undefined',
  'Bearer null',
]

describe('the Authorization field', () => {
  test.each(accepted)('%j speaks for its subject', (field) => {
    expect(callerOfField(field)).toMatchObject({ customer: 'ann', byCookie: false, canManageBilling: true })
  })

  test.each(refused)('%j is refused', (field) => {
    expect(() => callerOfField(field)).toThrow(expect.objectContaining({ code: 'unauthenticated' }))
  })

  test(`is tried in ${accepted.length + refused.length} spellings`, () => {
    expect(new Set([...accepted, ...refused]).size).toBeGreaterThanOrEqual(50)
  })

  test('without a token behind the scheme is a bad one, not none: nobody goes on without a name who tried to give one', () => {
    expect(() => callerOfField('Bearer ')).toThrow(expect.objectContaining({ reason: 'token-malformed' }))
  })

  test('is never repeated in the refusal', () => {
    expect(() => callerOfField(`Basic ${token}`)).toThrow(expect.not.objectContaining({ message: expect.stringContaining(token) }))
  })

  test('is answered in linear time, however long', () => {
    const started = process.cpuUsage()
    for (const field of [`Bearer${' '.repeat(100_000)}`, `Bearer ${'a'.repeat(100_000)}!`, 'Bearer '.repeat(20_000)]) {
      expect(() => callerOfField(field)).toThrow(expect.objectContaining({ code: 'unauthenticated' }))
    }
    // Processor time, in microseconds: what else the machine does is no time of this.
    const { user, system } = process.cpuUsage(started)
    expect(user + system).toBeLessThan(500_000)
  })
})

describe('a cookie', () => {
  test('carries the token only where the app says so', () => {
    expect(callerWith({ cookie: `session=${token}` }, 'session')).toMatchObject({ customer: 'ann', byCookie: true })
    expect(() => callerWith({ cookie: `session=${token}` })).toThrow(expect.objectContaining({ reason: 'token-missing' }))
  })

  test.each([
    `session=${token}`,
    `a=1; session=${token}`,
    `a=1;session=${token};b=2`,
    `xsession=nobody; session=${token}`,
    `sessions=nobody; session=${token}`,
  ])('is found in %j', (cookie) => {
    expect(callerWith({ cookie }, 'session')).toMatchObject({ customer: 'ann' })
  })

  test.each([
    '',
    'session=',
    `Session=${token}`,
    `xsession=${token}`,
    `session =${token}`,
    `a=session=${token}`,
    `session="${token}"`,
    `session=${token}; session=other`,
    `session=${token}; session=${token}`,
  ])('is not guessed from %j', (cookie) => {
    expect(() => callerWith({ cookie }, 'session')).toThrow(expect.objectContaining({ code: 'unauthenticated' }))
  })

  test('never stands in for an Authorization field that is wrong', () => {
    const fields = { authorization: 'Basic YTpi', cookie: `session=${token}` }
    expect(() => callerWith(fields, 'session')).toThrow(expect.objectContaining({ reason: 'token-malformed' }))
    expect(() => callerWith({ ...fields, authorization: 'Bearer other' }, 'session')).toThrow(
      expect.objectContaining({ reason: 'signature-invalid' }),
    )
  })

  test('is not what counts when a bearer token came too', () => {
    const fields = { authorization: `Bearer ${token}`, cookie: 'session=other' }
    expect(callerWith(fields, 'session')).toMatchObject({ customer: 'ann', byCookie: false })
  })
})

describe('who pays', () => {
  const tokens = knownTokens({
    alone: ann,
    member: identityOf('ann', { organization: { id: 'org_1', role: 'member' } }),
    admin: identityOf('ann', { organization: { id: 'org_1', role: 'admin' } }),
    clerkAdmin: identityOf('ann', { organization: { id: 'org_1', role: 'org:admin' } }),
    roleless: identityOf('ann', { organization: { id: 'org_1', role: null } }),
  })

  test.each([
    ['alone', 'ann', true],
    ['member', 'org_1', false],
    ['admin', 'org_1', true],
    ['clerkAdmin', 'org_1', true],
    ['roleless', 'org_1', false],
  ])('for %s is %s, who may manage billing: %s', (name, customer, canManageBilling) => {
    const caller = callerOf(tokens.verifier, httpSettings({}, []), reading({ authorization: `Bearer ${name}` }))
    expect(caller).toMatchObject({ customer, canManageBilling })
  })

  test.each([
    ['alone', 'ann', true],
    ['member', 'team_1', false],
    ['alone', 'team_1', false],
    ['roleless', 'ann', true],
    ['admin', 'org_1', true],
    ['admin', 'ann', true],
    ['admin', 'team_1', false],
    ['clerkAdmin', 'team_1', false],
  ])('for %s who acts for %s as the app says, may manage billing: %s', (name, customer, canManageBilling) => {
    const settings = httpSettings({ customerOf: () => customer }, [])
    expect(callerOf(tokens.verifier, settings, reading({ authorization: `Bearer ${name}` }))).toMatchObject({ customer, canManageBilling })
  })

  test.each([
    ['a promise', () => Promise.resolve(false)],
    ['a name', () => 'nobody'],
    ['nothing', () => undefined],
  ])('is not told by %s: a rule in plain JavaScript has to answer true', (_, rule) => {
    const settings = httpSettings({ mayManageBilling: rule as never }, [])
    expect(callerOf(tokens.verifier, settings, reading({ authorization: 'Bearer alone' }))).toMatchObject({ canManageBilling: false })
  })

  test('is asked of the app for the customer that is paid for', () => {
    const settings = httpSettings({ customerOf: () => 'team_1', mayManageBilling: ({ subject }, customer) => `${subject} ${customer}` === 'ann team_1' }, [])
    expect(callerOf(tokens.verifier, settings, reading({ authorization: 'Bearer alone' }))).toMatchObject({ canManageBilling: true })
  })

  test('is decided by the app where it says so', () => {
    const settings = httpSettings({ customerOf: ({ subject }) => `account:${subject}`, mayManageBilling: () => false }, [])
    const caller = callerOf(tokens.verifier, settings, reading({ authorization: 'Bearer admin' }))
    expect(caller).toMatchObject({ customer: 'account:ann', canManageBilling: false })
  })
})

describe('plan claims', () => {
  const planClaims = { plan: 'pro', ev: 3, anchor: 1_700_000_000, until: null, g: false }
  const tokens = knownTokens({ alone: identityOf('ann', { planClaims }), admin: identityOf('ann', { planClaims, organization: { id: 'org_1', role: 'admin' } }) })

  test.each(['alone', 'admin'])('of %s count for the customer that they speak of', (name) => {
    const caller = callerOf(tokens.verifier, httpSettings({}, []), reading({ authorization: `Bearer ${name}` }))
    expect(caller).toMatchObject({ planClaims })
  })

  test('never decide for another customer that the app names', () => {
    const settings = httpSettings({ customerOf: ({ subject }) => subject }, [])
    const caller = callerOf(tokens.verifier, settings, reading({ authorization: 'Bearer admin' }))
    expect(caller).toMatchObject({ customer: 'ann', planClaims: null })
  })
})

test('a verifier that answers later is waited for', async () => {
  const slow = { verify: (value: string) => Promise.resolve(verifier.verify(value)) }
  const caller = callerOf(slow, httpSettings({}, []), reading({ authorization: `Bearer ${token}` }))
  expect(caller).toBeInstanceOf(Promise)
  expect(await caller).toMatchObject({ customer: 'ann' })
})
