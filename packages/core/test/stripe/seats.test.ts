import { type Farebox, createFarebox, defineCatalog, perSeat, seats, usd } from '@farebox/core'
import { stripePayments } from '@farebox/core/drivers/stripe'
import type { Problem, SeatView, SeatsView } from '@farebox/core/protocol'
import { expect, it } from 'vitest'
import { identityOf, knownTokens } from '../known-tokens.ts'
import { addresses } from './plans.ts'
import { type PriceWorld, catalog, createPriceWorld } from './price-world.ts'
import { sessionOf, webhookSecret } from './world.ts'

const appUrl = 'http://localhost:8787'
const customer = 'org_1'
const tokens = {
  admin: identityOf('amy', { organization: { id: 'org_1', role: 'admin' } }),
  member: identityOf('cleo', { organization: { id: 'org_1', role: 'member' } }),
  other: identityOf('oda', { organization: { id: 'org_2', role: 'admin' } }),
}

interface App {
  readonly world: PriceWorld
  readonly farebox: Farebox<typeof catalog>
  readonly ask: (method: 'GET' | 'POST' | 'DELETE', body?: unknown, headers?: Record<string, string>) => Promise<{ status: number; body: SeatsView & Problem; headers: Headers }>
}

async function begin(): Promise<App> {
  const world = await createPriceWorld()
  const payments = stripePayments({ client: world.client, webhookSecret, mode: 'test' })
  const farebox = createFarebox({ catalog, store: world.store, payments, clock: world.clock, appUrl, auth: knownTokens(tokens), cookie: 'session' })
  return {
    world, farebox,
    async ask(method, body, headers = { authorization: 'Bearer admin' }) {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const all = { 'content-type': 'application/json', ...headers }
      const response = await farebox.handle(new Request(`${appUrl}/api/billing/seats`, { method, headers: all, ...sent }))
      return { status: response.status, body: await response.json(), headers: response.headers }
    },
  }
}

async function buy({ world, farebox }: App, quantity: number): Promise<void> {
  const { url } = await farebox.checkout({ customer, plan: 'team', interval: 'month', quantity, ...addresses })
  world.simulator.completeCheckout(sessionOf(url))
  await farebox.converge({ customer })
}

function shown({ used, limit, remaining, members }: SeatView): unknown {
  return [used, limit, remaining, members.map(({ member }) => member)]
}

const seat = (member: string): object => ({ feature: 'seats', member })

it('gives as many seats as are paid for, and says how to have more', async () => {
  const app = await begin()
  await buy(app, 3)
  for (const member of ['a', 'b', 'c']) await app.ask('POST', seat(member))
  const { status, body, headers } = await app.ask('POST', seat('d'))
  expect([status, headers.get('content-type'), headers.get('retry-after')]).toEqual([429, 'application/problem+json', null])
  expect(body).toMatchObject({
    type: '/problems/quota-exceeded', feature: 'seats', currentPlan: 'team', limit: 3, used: 3, resetsAt: null, upgradeUrl: appUrl,
    lift: { plan: 'team', limit: null },
  })
  expect(await app.farebox.subscribe({ customer, plan: 'team', quantity: 4, ...addresses })).toMatchObject({ kind: 'changed' })
  const given = await app.ask('POST', seat('d'))
  expect([given.status, given.headers.get('cache-control')]).toEqual([200, 'private, no-store'])
  expect(shown(given.body.seats['seats'] as SeatView)).toEqual([4, 4, 0, ['a', 'b', 'c', 'd']])
  expect((await app.ask('GET')).body).toEqual(given.body)
  expect((await app.ask('POST', seat('d'))).body).toEqual(given.body)
  expect(shown((await app.ask('DELETE', seat('b'))).body.seats['seats'] as SeatView)).toEqual([3, 4, 1, ['a', 'c', 'd']])
  expect((await app.ask('DELETE', seat('b'))).status).toBe(200)
})

it('sells no fewer seats than are held', async () => {
  const app = await begin()
  const { farebox } = app
  await buy(app, 5)
  for (const member of ['a', 'b', 'c', 'd']) await farebox.assignSeat({ customer, feature: 'seats', member })
  const tooFew = { code: 'invalid-request', faults: [{ path: 'quantity', message: 'Give at least 4, or release seats first' }] }
  const fewer = { customer, plan: 'team', interval: 'month', quantity: 3 } as const
  await expect(farebox.subscribe({ ...fewer, ...addresses })).rejects.toMatchObject(tooFew)
  await expect(farebox.previewChange(fewer)).rejects.toMatchObject(tooFew)
  expect(await farebox.subscribe({ ...fewer, quantity: 4, ...addresses })).toMatchObject({ kind: 'scheduled' })
  await farebox.releaseSeat({ customer, feature: 'seats', member: 'a' })
  expect(await farebox.subscribe({ ...fewer, ...addresses })).toMatchObject({ kind: 'scheduled' })
  await farebox.cancel({ customer, when: 'now' })
  await farebox.assignSeat({ customer, feature: 'seats', member: 'a' })
  expect((await farebox.seats({ customer })).seats).toMatchObject({ seats: { used: 3, limit: 1, remaining: 0 } })
  await farebox.override({ customer, plan: 'pro', until: null })
  await farebox.assignSeat({ customer, feature: 'seats', member: 'a' })
  await expect(farebox.checkout({ ...fewer, ...addresses })).rejects.toMatchObject(tooFew)
  expect(await farebox.checkout({ ...fewer, plan: 'pro', quantity: 1, ...addresses })).toMatchObject({ url: expect.any(String) })
})

it('counts the feature of which the most are held, where a plan is paid by the seats of several', async () => {
  const { world } = await begin()
  const several = defineCatalog({
    features: { seats: seats(), guests: seats(), rooms: seats() },
    plans: {
      free: { name: 'Free', default: true, features: { seats: 9, guests: 9, rooms: 9 } },
      team: { name: 'Team', prices: { month: perSeat(usd('12')) }, features: { seats: 'paid', guests: 'paid', rooms: 1 } },
    },
  })
  const payments = stripePayments({ client: world.client, webhookSecret, mode: 'test' })
  const farebox = createFarebox({ catalog: several, store: world.store, payments, clock: world.clock, appUrl })
  const held = { seats: 1, guests: 3, rooms: 5 } as const
  for (const feature of ['seats', 'guests', 'rooms'] as const) {
    for (let member = 0; member < held[feature]; member += 1) await farebox.assignSeat({ customer, feature, member: `m${member}` })
  }
  const team = { customer, plan: 'team', interval: 'month', ...addresses } as const
  await expect(farebox.checkout({ ...team, quantity: 2 })).rejects.toMatchObject({ faults: [{ path: 'quantity', message: 'Give at least 3, or release seats first' }] })
  expect(await farebox.checkout({ ...team, quantity: 3 })).toMatchObject({ url: expect.any(String) })
})

it('sells as many as are held to who comes from another plan and says no number', async () => {
  const app = await begin()
  const { farebox, world } = app
  await farebox.override({ customer, plan: 'pro', until: null })
  for (const member of ['a', 'b', 'c', 'd']) await farebox.assignSeat({ customer, feature: 'seats', member })
  const { url } = await farebox.checkout({ customer, plan: 'team', interval: 'year', ...addresses })
  expect((await world.client.checkout.sessions.listLineItems(sessionOf(url))).data).toMatchObject([{ quantity: 4 }])
  const bought = await farebox.checkout({ customer, plan: 'pro', interval: 'month', ...addresses })
  world.simulator.completeCheckout(sessionOf(bought.url))
  await farebox.converge({ customer })
  await farebox.endOverride({ customer, key: 'pro' })
  const upgrade = { customer, plan: 'team', interval: 'month' } as const
  expect(await farebox.previewChange(upgrade)).toMatchObject({ kind: 'change', next: { subtotal: 4 * 1200 } })
  expect(await farebox.subscribe({ ...upgrade, ...addresses })).toMatchObject({ kind: 'changed', plan: 'team' })
  expect(shown((await app.ask('GET')).body.seats['seats'] as SeatView)).toEqual([4, 4, 0, ['a', 'b', 'c', 'd']])
})

it('keeps members over a smaller plan, who is told of a debt when the seats went with it', async () => {
  const app = await begin()
  await buy(app, 3)
  for (const member of ['a', 'b', 'c']) await app.farebox.assignSeat({ customer, feature: 'seats', member })
  const [paymentCustomer] = (await app.world.client.customers.list()).data
  app.world.simulator.setCard(paymentCustomer?.id ?? '', '4000000000000341')
  app.world.simulator.clock.advance({ days: 38 })
  await app.farebox.converge({ customer })
  expect(shown((await app.ask('GET')).body.seats['seats'] as SeatView)).toEqual([3, 1, 0, ['a', 'b', 'c']])
  expect(await app.ask('POST', seat('d'))).toMatchObject({ status: 402, body: { type: '/problems/payment-past-due', currentPlan: 'free' } })
  expect((await app.ask('POST', seat('a'))).status).toBe(200)
})

it('keeps who was given a seat before a smaller quantity began, gives no new one after it, and tells the app', async () => {
  const app = await begin()
  const { farebox, world } = app
  await buy(app, 5)
  const over: unknown[] = []
  farebox.on('subscription.changed', async ({ data: { before, after } }) => {
    const { used, limit } = (await farebox.seats({ customer })).seats['seats'] ?? { used: 0, limit: null }
    if (limit !== null && used > limit) over.push([before?.quantity, after.quantity, used])
  })
  for (const member of ['a', 'b', 'c']) await farebox.assignSeat({ customer, feature: 'seats', member })
  expect(await farebox.subscribe({ customer, plan: 'team', quantity: 3, ...addresses })).toMatchObject({ kind: 'scheduled' })
  for (const member of ['d', 'e']) expect((await app.ask('POST', seat(member))).status).toBe(200)
  expect(over).toEqual([])
  world.simulator.clock.advance({ months: 1 })
  await farebox.converge({ customer })
  expect(over).toEqual([[5, 3, 5]])
  expect(shown((await app.ask('GET')).body.seats['seats'] as SeatView)).toEqual([5, 3, 0, ['a', 'b', 'c', 'd', 'e']])
  expect(await app.ask('POST', seat('f'))).toMatchObject({ status: 429, body: { limit: 3, used: 5, lift: { plan: 'team', limit: null } } })
  expect((await app.ask('POST', seat('e'))).status).toBe(200)
  // Whoever is let go for somebody else leaves no place while more are held than paid for.
  await farebox.releaseSeat({ customer, feature: 'seats', member: 'e' })
  expect((await app.ask('POST', seat('f'))).status).toBe(429)
  await expect(farebox.subscribe({ customer, plan: 'team', quantity: 3, interval: 'year', ...addresses })).rejects.toMatchObject({ faults: [{ path: 'quantity' }] })
  expect(await farebox.subscribe({ customer, plan: 'team', quantity: 5, ...addresses })).toMatchObject({ kind: 'changed' })
  expect((await app.ask('POST', seat('f'))).status).toBe(200)
})

it('is for those who may manage the billing, and for nobody of another customer', async () => {
  const { farebox, ask, world } = await begin()
  await farebox.assignSeat({ customer, feature: 'seats', member: 'amy' })
  const before = await farebox.seats({ customer })
  for (const method of ['GET', 'POST', 'DELETE'] as const) {
    const body = method === 'GET' ? undefined : seat('amy')
    expect(await ask(method, body, {})).toMatchObject({ status: 401 })
    expect(await ask(method, body, { authorization: 'Bearer member' })).toMatchObject({ status: 403, body: { type: '/problems/forbidden' } })
    const theirs = await ask(method, body && seat('oda'), { authorization: 'Bearer other' })
    expect([theirs.status, JSON.stringify(theirs.body)]).toEqual([200, expect.not.stringContaining('amy')])
  }
  expect(await farebox.seats({ customer })).toEqual(before)
  // A cookie comes along from other sites too, and then nothing changes.
  const byCookie = { cookie: 'session=admin', origin: 'https://elsewhere.example.com' }
  expect(await ask('DELETE', seat('amy'), byCookie)).toMatchObject({ status: 403 })
  expect((await ask('GET', undefined, { cookie: 'session=admin' })).status).toBe(200)
  expect(await ask('DELETE', seat('amy'), { ...byCookie, origin: appUrl })).toMatchObject({ status: 200, body: { seats: { seats: { used: 0 } } } })
  expect((await world.client.customers.list()).data).toEqual([])
})

it.each([
  [{ feature: 'exports', member: 'a' }, 'feature'],
  [{ feature: 'seats', member: '' }, 'member'],
  [{ feature: 'seats', member: 'a'.repeat(256) }, 'member'],
  [{ feature: 'seats' }, 'member'],
  [{ feature: 'seats', member: 'a', customer: 'org_2' }, 'customer'],
])('refuses %j and names what is wrong', async (body, path) => {
  const { ask } = await begin()
  for (const method of ['POST', 'DELETE'] as const) {
    expect(await ask(method, body)).toMatchObject({ status: 400, body: { type: '/problems/invalid-request', faults: [{ path }] } })
  }
})
