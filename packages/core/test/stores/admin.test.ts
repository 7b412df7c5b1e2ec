import { type Farebox, allowance, createFarebox, defineCatalog, metered, usd } from '@farebox/core'
import { jwtAuth } from '@farebox/core/drivers/jose'
import { memoryStore } from '@farebox/core/drivers/memory'
import type { AdminCustomerView } from '@farebox/core/protocol'
import { faultyStore, manualClock } from '@farebox/core/testing'
import { describe, expect, test } from 'vitest'
import { day } from '../../src/domain/instant.ts'
import { identityOf, knownTokens } from '../known-tokens.ts'
import { audience, craft, goodClaims, issuer, secret } from '../tokens/craft.ts'
import { storeHarnesses } from './harnesses.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month') } },
  },
})

const base = 'https://app.example.com/api/billing/admin'

async function ask(farebox: Pick<Farebox, 'handle'>, method: 'POST' | 'DELETE', path: string, token: string, body: object): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return farebox.handle(new Request(`${base}${path}`, { method, headers, body: JSON.stringify(body) }))
}

const admins = Object.fromEntries(['ada', 'ben', 'cleo'].map((name) => [name, identityOf(name)]))

const withRecords = storeHarnesses.filter(({ name }) => ['memory', 'postgres over pg', 'sqlite over better-sqlite3'].includes(name))

test('is tried on every kind of record store', () => {
  expect(withRecords.map(({ store }) => store)).toEqual(['memory', 'postgres', 'sqlite'])
})

/** As long as ids and addresses may be, of letters that take three bytes and are not alike. */
function long(length: number): string {
  return Array.from({ length }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000))).join('')
}

describe.each(withRecords)('$name', ({ open }) => {
  test('however many admins grant and void under one key at once, there is one row for each change', async () => {
    const place = await open()
    try {
      const store = place.storeWith()
      const processes = [0, 1, 2].map(() => createFarebox({ catalog, store, auth: knownTokens(admins), admin: () => true }))
      const [farebox] = processes
      await farebox?.ensureCustomer({ customer: 'ann' })
      const each = async (method: 'POST' | 'DELETE', path: string, body: object): Promise<readonly number[]> => Promise.all(
        processes.flatMap((one) => Object.keys(admins).map(async (token) => (await ask(one, method, path, token, body)).status)),
      )
      const grant = { customer: 'ann', feature: 'apiCalls', amount: 10, key: 'sorry' }
      expect(new Set(await each('POST', '/grants', grant))).toEqual(new Set([200]))
      expect(new Set(await each('DELETE', '/grants', { customer: 'ann', key: 'sorry' }))).toEqual(new Set([200]))
      expect(new Set(await each('POST', '/overrides', { customer: 'ann', plan: 'pro', key: 'trial' }))).toEqual(new Set([200]))
      expect(new Set(await each('DELETE', '/overrides', { customer: 'ann', key: 'trial' }))).toEqual(new Set([200]))

      const { rows } = await store.records.load('ann', ['grants', 'overrides', 'audit', 'customers'])
      expect(rows.grants).toHaveLength(1)
      expect(rows.overrides).toHaveLength(1)
      const told = rows.audit.toSorted((one, other) => Number(one.id) - Number(other.id))
      expect(told.map(({ value }) => value.action)).toEqual(['grant', 'void-grant', 'override', 'end-override'])
      expect(told.every(({ revision, value }) => revision === 1 && Object.hasOwn(admins, value.actor ?? ''))).toBe(true)
      expect(told.at(-1)?.id).toBe(String(rows.customers[0]?.value.version))
    } finally {
      await place.close()
    }
  })

  test('customers are found by their address in any case, and an audit is forgotten after 400 days', async () => {
    const place = await open()
    try {
      const clock = manualClock()
      const store = place.storeWith(clock)
      const farebox = createFarebox({ catalog, clock, store, auth: knownTokens(admins), admin: () => true })
      await farebox.ensureCustomer({ customer: 'zoe', email: 'Zoë.Ångström@Example.com' })
      const search = async (text: string): Promise<unknown> =>
        (await farebox.handle(new Request(`${base}/customers?${new URLSearchParams({ search: text })}`, { headers: { authorization: 'Bearer ada' } }))).json()
      expect(await search('ZOË.ÅNGSTRÖM@EXAMPLE.COM')).toMatchObject({ customers: [{ customer: 'zoe', email: 'Zoë.Ångström@Example.com' }] })
      expect(await search('zoe')).toMatchObject({ customers: [{ customer: 'zoe' }] })
      expect(await search('example.com')).toEqual({ customers: [] })

      await farebox.ensureCustomer({ customer: long(255), email: long(254) })
      expect(await search(long(254))).toMatchObject({ customers: [{ customer: long(255) }] })
      await farebox.ensureCustomer({ customer: long(255), email: long(512) })
      expect(await search(long(254))).toEqual({ customers: [] })
      expect(await farebox.findCustomer({ customer: long(255) })).toMatchObject({ email: long(512) })

      await farebox.override({ customer: 'zoe', plan: 'pro', until: null })
      clock.advance(day)
      await farebox.endOverride({ customer: 'zoe', key: 'pro' })
      clock.advance(399 * day - 1)
      expect(await farebox.sweep()).toMatchObject({ audit: 0 })
      clock.advance(1)
      expect(await farebox.sweep()).toMatchObject({ audit: 1 })
      expect((await store.records.load('zoe', ['audit'])).rows.audit).toMatchObject([{ value: { action: 'end-override' } }])
      clock.advance(day)
      expect(await farebox.sweep()).toMatchObject({ audit: 1 })
      expect((await store.records.load('zoe', ['audit', 'overrides'])).rows).toMatchObject({ audit: [], overrides: [{}] })
    } finally {
      await place.close()
    }
  })
})

test('whichever call to the store fails, before or after it took effect, a grant and its audit are there together and once', async () => {
  let tellsFirst = 0
  let tellsSecond = 0
  for (const moment of ['before', 'after'] as const) {
    for (let number = 1, hasFailed = true; hasFailed; number += 1) {
      const clock = manualClock()
      const { store, faults } = faultyStore(memoryStore({ clock }))
      const farebox = createFarebox({ catalog, clock, store, auth: knownTokens(admins), admin: () => true })
      await farebox.ensureCustomer({ customer: 'ann' })
      const grant = { customer: 'ann', feature: 'apiCalls', amount: 10, key: 'sorry' }
      faults.failCall(faults.calls + number, moment)
      hasFailed = (await ask(farebox, 'POST', '/grants', 'ada', grant)).status === 503
      faults.heal()
      const between = (await store.records.load('ann', ['grants', 'audit'])).rows
      expect(between.audit).toHaveLength(between.grants.length)

      const answered = await ask(farebox, 'POST', '/grants', 'ben', grant)
      expect(answered.status).toBe(200)
      const { audit, explanation }: AdminCustomerView = await answered.json()
      const actor = between.grants.length === 1 ? 'ada' : 'ben'
      expect(audit).toMatchObject([{ actor, action: 'grant' }])
      expect(explanation['apiCalls']?.filter(({ source }) => source === 'grant')).toHaveLength(1)
      if (actor === 'ada') tellsFirst += 1
      else tellsSecond += 1
    }
  }
  expect(Math.min(tellsFirst, tellsSecond)).toBeGreaterThan(2)
})

test('a token that somebody else signed, or that says more of itself, makes no admin', async () => {
  const clock = manualClock()
  const asked: string[] = []
  const auth = jwtAuth({ issuer, audience, clock, keys: { secret } })
  const farebox = createFarebox({
    catalog, clock, store: memoryStore({ clock }), auth,
    admin: ({ subject }) => {
      asked.push(subject)
      return subject === 'root'
    },
  })
  await farebox.ensureCustomer({ customer: 'ann' })
  const claims = goodClaims({ sub: 'root' })
  const grant = { customer: 'ann', feature: 'apiCalls', amount: 10, key: 'sorry' }
  const statusOf = async (token: string): Promise<number> => (await ask(farebox, 'POST', '/grants', token, grant)).status

  const right = craft({ claims, algorithm: 'HS256' })
  const [head = '', , signature = ''] = right.split('.')
  const ofUser = craft({ claims: goodClaims(), algorithm: 'HS256' })
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
  expect(await statusOf(craft({ claims, algorithm: 'HS256', key: Buffer.alloc(32, 7) }))).toBe(401)
  expect(await statusOf(craft({ claims, algorithm: 'RS256' }))).toBe(401)
  expect(await statusOf([ofUser.split('.')[0], payload, ofUser.split('.')[2]].join('.'))).toBe(401)
  expect(await statusOf([Buffer.from('{"alg":"none"}').toString('base64url'), payload, ''].join('.'))).toBe(401)
  expect(await statusOf([head, payload, signature.slice(1)].join('.'))).toBe(401)
  expect(asked).toEqual([])
  const boasting = goodClaims({ admin: true, role: 'admin', act: { sub: 'root' }, org_role: 'org:admin' })
  expect(await statusOf(craft({ claims: boasting, algorithm: 'HS256' }))).toBe(403)
  expect(asked).toEqual(['user_1'])
  expect(await statusOf(right)).toBe(200)
})
