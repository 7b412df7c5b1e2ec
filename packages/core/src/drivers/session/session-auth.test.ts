import { allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { describe, expect, test, vi } from 'vitest'
import { type Session, sessionAuth } from './session-auth.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
})

type Found = Session | null | undefined

function setUp(find: (token: string) => Found | Promise<Found>) {
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const farebox = createFarebox({ catalog, store: memoryStore(), auth: sessionAuth({ find }), cookie: 'session', logger })
  const me = (headers: Record<string, string>) => farebox.handle(new Request('http://localhost/api/billing/me', { headers }))
  return { me, logger }
}

const bearer = { authorization: 'Bearer s1' }

describe('a session', () => {
  test('is found by its bearer token, or by the cookie as it stands there', async () => {
    const find = vi.fn((token: string) => ({ subject: `user of ${token}` }))
    const { me } = setUp(find)

    expect(await (await me(bearer)).json()).toMatchObject({ customer: 'user of s1' })
    expect(await (await me({ cookie: 'theme=dark; session=abc.%2Fd%3D' })).json()).toMatchObject({ customer: 'user of abc.%2Fd%3D' })
    expect(find).toHaveBeenCalledTimes(2)
  })

  test('acts for its organization', async () => {
    const { me } = setUp(async () => ({ subject: 'user_1', organization: { id: 'org_1', role: 'member' }, email: 'a@example.com' }))

    expect(await (await me(bearer)).json()).toMatchObject({ customer: 'org_1' })
  })

  test.each([null, undefined])('that is not there (%s) is refused with 401', async (session) => {
    const { me, logger } = setUp(() => session)

    expect((await me(bearer)).status).toBe(401)
    expect(logger.error).not.toHaveBeenCalled()
  })

  test.each([
    ['throws', () => { throw new Error('canary') }],
    ['rejects', () => Promise.reject(new Error('canary'))],
  ])('that cannot be looked up, for `find` %s, lets nobody in', async (_, find) => {
    const { me, logger } = setUp(find)
    const response = await me(bearer)

    expect([response.status, await response.text()]).toEqual([503, expect.not.stringContaining('canary')])
    expect(logger.error.mock.calls).toEqual([[expect.any(String), expect.objectContaining({ code: 'unavailable:session-unread' })]])
  })

  test.each([
    ['no id', { subject: '' }],
    ['an id that is too long', { subject: 'a'.repeat(256) }],
    ['another type', JSON.parse('{"subject":7}')],
    ['an organization without an id', { subject: 'user_1', organization: { id: '' } }],
  ])('with %s is a fault of the app, and lets nobody in', async (_, session: Session) => {
    const { me, logger } = setUp(() => session)

    expect((await me(bearer)).status).toBe(500)
    expect(logger.error.mock.calls).toEqual([[expect.any(String), expect.objectContaining({ code: 'invalid-configuration:session-invalid' })]])
  })
})

test('without a function it does not start', () => {
  expect(() => sessionAuth(JSON.parse('{}'))).toThrow(
    expect.objectContaining({ code: 'invalid-configuration', message: expect.stringContaining('find: Give a function') }),
  )
})
