import { type Farebox, type HttpOptions, createFarebox } from '@farebox/core'
import { createBillingClient } from '@farebox/core/client'
import { stripePayments } from '@farebox/core/drivers/stripe'
import { expect, it } from 'vitest'
import { identityOf, knownTokens } from '../known-tokens.ts'
import { type PlanWorld, createPlanWorld, liveItems, plans } from './plans.ts'
import { paymentCustomerOf } from './scene.ts'
import { sessionOf, webhookSecret } from './world.ts'

const appUrl = 'http://localhost:8787'
const customer = 'ann'
const tokens = {
  ann: identityOf('ann'),
  ben: identityOf('ben'),
  member: identityOf('cleo', { organization: { id: 'org_1', role: 'member' } }),
}

interface App {
  readonly world: PlanWorld
  readonly farebox: Farebox<typeof plans>
  readonly post: (path: string, body?: unknown, token?: keyof typeof tokens) => Promise<{ status: number; body: { kind?: string; type?: string }; headers: Headers }>
}

async function begin(more: Pick<HttpOptions, 'billingGate'> = {}): Promise<App> {
  const world = await createPlanWorld()
  const payments = stripePayments({ client: world.client, webhookSecret, mode: 'test' })
  const farebox = createFarebox({ catalog: plans, store: world.store, payments, clock: world.clock, appUrl, auth: knownTokens(tokens), ...more })
  return {
    world,
    farebox,
    async post(path, body = {}, token = 'ann') {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const response = await farebox.handle(new Request(`${appUrl}/api/billing${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
      return { status: response.status, body: await response.json(), headers: response.headers }
    },
  }
}

async function buy({ world, farebox }: App, plan: 'basic' | 'plus'): Promise<void> {
  const { url } = await farebox.checkout({ customer, plan, interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' })
  world.simulator.completeCheckout(sessionOf(url))
}

it('sells once, then changes, previews, cancels, resumes and pauses', async () => {
  const app = await begin()
  const { world, post } = app
  await buy(app, 'basic')
  expect(await post('/checkout', { plan: 'plus', interval: 'month' })).toMatchObject({ status: 409, body: { type: '/problems/already-subscribed' } })
  world.simulator.clock.advance({ days: 14 })
  const at = new Date(world.clock.now()).toISOString()
  expect((await post('/change', { plan: 'plus', preview: true })).body).toMatchObject({
    kind: 'change', when: 'now', at, prorationDate: at, next: { total: 3000 },
    now: { currency: 'usd', due: 1000, lines: [{ proration: true, periodEnd: '2026-02-28T10:00:00.000Z' }, { proration: true }] },
  })
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
  expect((await post('/change', { plan: 'plus', interval: 'month', quantity: 2 })).body).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect((await post('/change', { plan: 'basic' })).body).toEqual({ kind: 'scheduled', plan: 'basic', at: '2026-02-28T10:00:00.000Z' })
  expect((await post('/cancel')).body).toEqual({ kind: 'scheduled', plan: 'free', at: '2026-02-28T10:00:00.000Z' })
  expect((await post('/resume')).body).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect((await post('/pause', { until: '2026-04-01T00:00:00Z' })).body).toMatchObject({ kind: 'changed', plan: 'free' })
  expect((await post('/resume')).body).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect((await post('/cancel', { when: 'now' })).body).toMatchObject({ kind: 'changed', plan: 'free' })
  expect(await post('/change', { plan: 'plus' })).toMatchObject({ status: 404 })
})

it('makes a change at what its preview said, and refuses a preview that is too old with the way out', async () => {
  const app = await begin()
  const { world, farebox } = app
  await buy(app, 'basic')
  const client = createBillingClient({
    baseUrl: `${appUrl}/api/billing`, getToken: () => 'ann', fetch: (input, init) => farebox.handle(new Request(input, init)),
  })
  world.simulator.clock.advance({ days: 14, minutes: 11 })
  const preview = (await client.previewChange({ plan: 'plus' })).data
  if (preview?.kind !== 'change' || preview.now === null) throw new Error('A preview of a change')
  world.simulator.clock.advance({ hours: 5 })
  const late = await client.change({ plan: 'plus', prorationDate: preview.prorationDate })
  expect(late.error).toMatchObject({ status: 400, problem: { faults: [{ path: 'prorationDate', message: expect.stringContaining('Preview') }] } })
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
  const next = (await client.previewChange({ plan: 'plus' })).data
  if (next?.kind !== 'change' || next.now === null) throw new Error('A preview of a change')
  expect(next.now.due).toBeLessThan(preview.now.due)
  world.simulator.clock.advance({ minutes: 1 })
  expect((await client.change({ plan: 'plus', prorationDate: next.prorationDate })).data).toMatchObject({ kind: 'changed' })
  const [invoice] = (await world.client.invoices.list({ limit: 1 })).data
  expect(invoice).toMatchObject({ status: 'paid', total: next.now.total, amount_paid: next.now.due })
})

it('takes a promotion code for a change, and says which field is wrong with one that is none', async () => {
  const app = await begin()
  const { world, post } = app
  await buy(app, 'basic')
  const coupon = await world.client.coupons.create({ name: 'Half', percent_off: 50, duration: 'forever' })
  await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })
  expect((await post('/change', { plan: 'plus', promotionCode: 'HALF', preview: true })).body).toMatchObject({ next: { subtotal: 3000, total: 1500 } })
  expect(await post('/change', { plan: 'plus', promotionCode: 'NONE' })).toMatchObject({
    status: 400, body: { type: '/problems/invalid-request', faults: [{ path: 'promotionCode' }] },
  })
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
  expect((await post('/change', { plan: 'plus', promotionCode: 'HALF' })).body).toMatchObject({ kind: 'changed', plan: 'plus' })
})

it('says which page a change waits for', async () => {
  const app = await begin()
  await buy(app, 'basic')
  app.world.simulator.setCard(await paymentCustomerOf(app.world, customer), '4000002760003184')
  expect((await app.post('/change', { plan: 'plus' })).body).toMatchObject({ kind: 'action-required', url: expect.stringMatching(/^http/) })
  expect(await app.farebox.snapshot({ customer })).toMatchObject({ plan: 'basic' })
})

it.each(['/change', '/cancel', '/resume', '/pause', '/checkout', '/portal'])('refuses %s to who may not manage the billing', async (path) => {
  const { post, world } = await begin()
  const before = world.simulator.state()
  const body = path === '/change' || path === '/checkout' ? { plan: 'plus', interval: 'month' } : {}
  expect(await post(path, body, 'member')).toMatchObject({ status: 403, body: { type: '/problems/forbidden' } })
  expect(world.simulator.state()).toEqual(before)
})

it('lets nobody ask Stripe more often than twenty times a minute, whichever way, and nobody else wait for it', async () => {
  const app = await begin()
  const { post, world } = app
  await buy(app, 'basic')
  const paths = ['/converge', '/change', '/cancel', '/resume', '/portal'] as const
  const answers: number[] = []
  for (let index = 0; index < 23; index += 1) {
    const path = paths[index % paths.length] ?? '/converge'
    answers.push((await post(path, path === '/change' ? { plan: 'basic' } : {})).status)
  }
  expect(answers.slice(0, 20).every((status) => status !== 429)).toBe(true)
  expect(answers.slice(20)).toEqual([429, 429, 429])
  const refused = await post('/converge')
  expect(refused).toMatchObject({ status: 429, body: { type: '/problems/rate-limited' } })
  expect(refused.headers.get('retry-after')).toBe('3')
  expect((await post('/converge', {}, 'ben')).status).toBe(200)
  // Another process counts with it, and a body that is not valid counts for nothing.
  expect((await post('/change', { plan: 1 })).status).toBe(400)
  world.simulator.clock.advance({ seconds: 3 })
  expect((await post('/converge')).status).toBe(200)
  expect((await post('/converge')).status).toBe(429)
})

it('holds every process to the same pace', async () => {
  const first = await begin()
  const payments = stripePayments({ client: first.world.client, webhookSecret, mode: 'test' })
  const { store, clock } = first.world
  const second = createFarebox({ catalog: plans, store, payments, clock, appUrl, auth: knownTokens(tokens) })
  const statuses = await Promise.all(
    Array.from({ length: 30 }, async (_, index) => {
      const request = new Request(`${appUrl}/api/billing/converge`, { method: 'POST', headers: { authorization: 'Bearer ann' } })
      return (await (index % 2 === 0 ? first.farebox : second).handle(request)).status
    }),
  )
  expect(statuses.filter((status) => status === 200)).toHaveLength(20)
  expect(statuses.filter((status) => status === 429)).toHaveLength(10)
})

it('takes another pace, or none', async () => {
  const slow = await begin({ billingGate: '1/hour' })
  expect((await slow.post('/converge')).status).toBe(200)
  const refused = await slow.post('/converge')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3600'])
  const free = await begin({ billingGate: null })
  for (let index = 0; index < 25; index += 1) expect((await free.post('/converge')).status).toBe(200)
  await expect(begin({ billingGate: '1/week' as '1/day' })).rejects.toMatchObject({ code: 'invalid-configuration', faults: [{ path: 'billingGate' }] })
})

it('is what the browser client speaks: it reads what changed, and goes where something has to be done', async () => {
  const app = await begin()
  await buy(app, 'basic')
  await app.farebox.converge({ customer })
  const visited: string[] = []
  const client = createBillingClient({
    baseUrl: `${appUrl}/api/billing`, getToken: () => 'ann', navigate: (url) => visited.push(url),
    fetch: async (input, init) => app.farebox.handle(new Request(input, init)),
  })
  await client.refresh()
  expect((await client.previewChange({ plan: 'plus' })).data).toMatchObject({ kind: 'change', when: 'now' })
  expect((await client.change({ plan: 'plus' })).data).toMatchObject({ kind: 'changed' })
  expect(client.getSnapshot().data).toMatchObject({ plan: 'plus' })
  expect((await client.cancel()).data).toMatchObject({ kind: 'scheduled' })
  expect(client.getSnapshot().data?.subscription?.cancelAt).toBe('2026-02-28T10:00:00.000Z')
  expect((await client.resume()).data).toMatchObject({ kind: 'changed' })
  expect((await client.pause()).data).toMatchObject({ kind: 'changed', plan: 'free' })
  expect(client.getSnapshot().data).toMatchObject({ plan: 'free', status: 'paused' })
  expect((await client.change({ plan: 'max' })).error).toMatchObject({ status: 409 })
  await client.resume()
  app.world.simulator.setCard(await paymentCustomerOf(app.world, customer), '4000002760003184')
  expect((await client.change({ plan: 'max' })).data).toMatchObject({ kind: 'action-required' })
  expect(visited).toEqual([expect.stringMatching(/^http/)])
})
