import { clerkAuth } from '@farebox/core/drivers/clerk'
import { seededRandom } from '@farebox/core/testing'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { isFull } from '../tokens/craft.ts'
import examples from './data/webhooks.json' with { type: 'json' }
import { clerkIssuer, jwtKey, party } from './session.ts'

const secret = `whsec_${btoa('0123456789abcdef0123456789abcdef')}`
const { webhooks } = clerkAuth({ issuer: clerkIssuer, authorizedParties: [party], jwtKey, webhookSecret: secret })
const now = Date.UTC(2026, 0, 31, 10)
const user = 'user_2g7np7Hrk0SN6kj5EDMLDaKNL0S'
const organization = 'org_2g7np7Hrk0SN6kj5EDMLDaKNL0S'

beforeEach(() => void vi.useFakeTimers({ now, toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function sign(body: string, { at = now, key = secret, id = 'msg_1' } = {}): Record<string, string> {
  const signature = new Webhook(key).sign(id, new Date(at), body)
  return { 'svix-id': id, 'svix-timestamp': String(Math.floor(at / 1000)), 'svix-signature': signature }
}

async function read(body: unknown, headers?: Record<string, string>) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return webhooks?.read(bytesOf(text), new Headers(headers ?? sign(text)))
}

async function refusal(body: string, headers: Record<string, string>): Promise<unknown> {
  return read(body, headers).then(() => 'accepted', (error: unknown) => (error as { code?: unknown }).code ?? String(error))
}

describe('a signed delivery', () => {
  test('tells of accounts that begin and end, and of nothing else', async () => {
    const events = await Promise.all(Object.values(examples).map((example) => read(example)))
    expect(Object.fromEntries(Object.keys(examples).map((type, index) => [type, events[index]]))).toEqual({
      'user.created': { kind: 'created', customer: user, email: null, name: 'John Doe' },
      'user.updated': { kind: 'ignored', type: 'user.updated' },
      'user.deleted': { kind: 'deleted', customer: user },
      'organization.created': { kind: 'created', customer: organization, email: null, name: 'Acme Corp' },
      'organization.updated': { kind: 'ignored', type: 'organization.updated' },
      'organization.deleted': { kind: 'deleted', customer: organization },
      'organizationMembership.created': { kind: 'ignored', type: 'organizationMembership.created' },
      'session.created': { kind: 'ignored', type: 'session.created' },
    })
  })

  test('about our own metadata is ignored, so that writing it goes round once', async () => {
    const echo = structuredClone(examples['user.updated'])
    const data = { ...echo.data, public_metadata: { farebox: { plan: 'pro', ev: 1 } } }
    expect(await read({ ...echo, data })).toEqual({ kind: 'ignored', type: 'user.updated' })
  })

  test('tells the primary address, and a name as far as there is one', async () => {
    const example = examples['user.created']
    const created = async (more: Record<string, unknown>) => read({ ...example, data: { ...example.data, ...more } })
    const addresses = [{ id: 'idn_1', email_address: 'old@example.com' }, { id: 'idn_2', email_address: 'new@example.com' }]
    expect(await created({ email_addresses: addresses, primary_email_address_id: 'idn_2' })).toMatchObject({ email: 'new@example.com' })
    expect(await created({ email_addresses: addresses, primary_email_address_id: null })).toMatchObject({ email: null })
    expect(await created({ first_name: null, last_name: 'Doe' })).toMatchObject({ name: 'Doe' })
    expect(await created({ first_name: null, last_name: '' })).toMatchObject({ name: null })
    // Stripe takes 256 characters; none is cut in two.
    expect(await created({ first_name: '🚃'.repeat(255), last_name: 'Doe' })).toMatchObject({ name: `${'🚃'.repeat(255)} ` })
    const { data: { id }, ...acme } = examples['organization.created']
    expect(await read({ ...acme, data: { id, name: 'a'.repeat(300) } })).toMatchObject({ name: 'a'.repeat(256) })
    expect(await read({ ...acme, data: { id, name: '' } })).toMatchObject({ name: null })
  })

  test('may be five minutes old or ahead, and no more', async () => {
    const body = JSON.stringify(examples['user.deleted'])
    for (const seconds of [-300, 0, 300]) expect(await refusal(body, sign(body, { at: now + seconds * 1000 }))).toBe('accepted')
    for (const seconds of [-301, 301, -86_400]) expect(await refusal(body, sign(body, { at: now + seconds * 1000 }))).toBe('invalid-signature')
  })

  test('may carry signatures of several secrets', async () => {
    const body = JSON.stringify(examples['user.deleted'])
    const other = sign(body, { key: `whsec_${btoa('another secret, thirty-two bytes')}` })['svix-signature']
    const own = sign(body)
    expect(await refusal(body, { ...own, 'svix-signature': `${other} v2,AAAA ${own['svix-signature']}` })).toBe('accepted')
    expect(await refusal(body, { ...own, 'svix-signature': `${other} v2,AAAA` })).toBe('invalid-signature')
  })

  test.each([
    [{ type: 'user.created', data: {} }, 'data.id'],
    [{ type: 'user.created' }, 'data'],
    [{ type: 'user.created', data: { id: 'robot_1' } }, 'data.id'],
    [{ type: 'user.created', data: { id: user, email_addresses: [{ id: 'idn_1' }] } }, 'data.email_addresses.0.email_address'],
    [{ type: 'organization.created', data: { id: organization, name: 7 } }, 'data.name'],
    [{ type: 'user.deleted', data: { id: null } }, 'data.id'],
    [{ type: 'organization.deleted', data: { id: '../org_1' } }, 'data.id'],
  ])('in another shape is told where it is wrong: %j', async (body, path) => {
    await expect(read(body)).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path }] })
  })

  test('of a type that is no text, or very long, is ignored', async () => {
    expect(await read({ data: {} })).toEqual({ kind: 'ignored', type: 'undefined' })
    expect(await read({ type: 'x'.repeat(1000), data: {} })).toEqual({ kind: 'ignored', type: 'x'.repeat(100) })
  })
})

describe('a delivery that is not signed by Clerk', () => {
  test('is refused before it is parsed, whatever it says', async () => {
    const body = JSON.stringify(examples['user.created'])
    const good = sign(body)
    const parse = vi.spyOn(JSON, 'parse')
    const without = (name: string): Record<string, string> => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name))
    const forgeries: readonly (readonly [string, Record<string, string>])[] = [
      [body, {}], [body, without('svix-id')], [body, without('svix-timestamp')], [body, without('svix-signature')],
      [body, { ...good, 'svix-id': 'msg_2' }], [body, { ...good, 'svix-timestamp': String(now / 1000 + 1) }], [body, { ...good, 'svix-timestamp': 'soon' }],
      [body, { ...good, 'svix-signature': '' }], [body, { ...good, 'svix-signature': 'v1,' }], [body, { ...good, 'svix-signature': `v1a,${good['svix-signature']?.slice(3)}` }],
      [`${body} `, good], [body.replace('John', 'Jane'), good], ['', good], ['not json', good],
      [body, sign(body, { key: `whsec_${btoa('another secret, thirty-two bytes')}` })], [body, { ...good, 'svix-signature': good['svix-signature']?.slice(3) ?? '' }],
    ]
    for (const [text, headers] of forgeries) expect(await refusal(text, headers)).toBe('invalid-signature')
    expect(parse).not.toHaveBeenCalled()
    parse.mockRestore()
  })

  test('is refused when a bit of it was turned, and nothing of it is told', async () => {
    const random = seededRandom(3)
    const body = JSON.stringify({ ...examples['user.created'], note: 'canary7f3a' })
    const headers = new Headers(sign(body))
    const count = isFull ? 20_000 : 500
    const errors: unknown[] = []
    for (let index = 0; index < count; index += 1) {
      const bytes = bytesOf(body)
      const at = random.integer(0, bytes.length - 1)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(0, 6))
      errors.push(await webhooks?.read(bytes, headers).catch((error: unknown) => error))
    }
    expect(new Set(errors.map((error) => (error as { code?: unknown } | undefined)?.code))).toEqual(new Set(['invalid-signature']))
    expect(errors.map(String).filter((text) => text.includes('canary') || text.includes('whsec'))).toEqual([])
    process.stdout.write(`turned bits: ${count}, seed 3\n`)
  }, 600_000)
})
