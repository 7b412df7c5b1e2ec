import { type Farebox, createFarebox } from '@farebox/core'
import { type StripeClient, stripePayments } from '@farebox/core/drivers/stripe'
import type { InvoicesView, PaymentMethodsView, Problem, UpcomingView } from '@farebox/core/protocol'
import { Stripe } from 'stripe'
import { describe, expect, it, onTestFinished } from 'vitest'
import { identityOf, knownTokens } from '../known-tokens.ts'
import { type PlanWorld, addresses, createPlanWorld, plans } from './plans.ts'
import { paymentCustomerOf } from './scene.ts'
import { serve } from './serve.ts'
import { sessionOf, webhookSecret } from './world.ts'

const appUrl = 'http://localhost:8787'
const versions = ['2024-06-20', '2025-03-31.basil', '2025-09-30.clover', '2026-05-27.dahlia', '2026-10-28.endive'] as const
const tokens = {
  ann: identityOf('ann'),
  ben: identityOf('ben'),
  admin: identityOf('amy', { organization: { id: 'org_1', role: 'admin' } }),
  member: identityOf('cleo', { organization: { id: 'org_1', role: 'member' } }),
}

type Token = keyof typeof tokens | null

type Answer = InvoicesView & UpcomingView & PaymentMethodsView & Problem

interface App {
  readonly world: PlanWorld
  readonly farebox: Farebox<typeof plans>
  /** Requests that Stripe was sent over the socket. */
  readonly sent: string[]
  readonly get: (path: string, token?: Token) => Promise<{ status: number; body: Answer; headers: Headers }>
}

/** The app with the stripe package, which speaks to the simulator over a socket. */
async function begin(version: string = versions[4]): Promise<App> {
  const world = await createPlanWorld()
  const sent: string[] = []
  const address = new URL(await serve((request) => world.simulator.fetch(request)))
  const client = new Stripe('sk_test_world', {
    // The package's types know its own version alone; apps that pin another one say so like this.
    apiVersion: version as '2026-10-28.endive',
    protocol: 'http', host: address.hostname, port: address.port, maxNetworkRetries: 0, telemetry: false,
  })
  client.on('request', ({ method, path }: Stripe.RequestEvent) => void sent.push(`${method} ${path}`))
  const payments = stripePayments({ client, webhookSecret, mode: 'test' })
  const farebox = createFarebox({ catalog: plans, store: world.store, payments, clock: world.clock, appUrl, auth: knownTokens(tokens) })
  onTestFinished(() => farebox.close())
  return {
    world, farebox, sent,
    async get(path, token = 'ann') {
      const headers = token === null ? {} : { authorization: `Bearer ${token}` }
      const response = await farebox.handle(new Request(`${appUrl}/api/billing${path}`, { headers }))
      return { status: response.status, body: await response.json(), headers: response.headers }
    },
  }
}

async function buy({ world, farebox }: App, customer: string, plan: 'basic' | 'plus' = 'basic'): Promise<void> {
  const { url } = await farebox.checkout({ customer, plan, interval: 'month', ...addresses })
  world.simulator.completeCheckout(sessionOf(url))
  await farebox.converge({ customer })
}

describe.each(versions)('at version %s', (version) => {
  it('pages through the invoices, newest first, and leaves drafts out', async () => {
    const app = await begin(version)
    await buy(app, 'ann')
    const { client, simulator } = app.world
    const customer = await paymentCustomerOf(app.world, 'ann')
    const [live] = (await client.subscriptions.list({ customer })).data
    for (let month = 1; month <= 15; month += 1) {
      const isKept = month === 7 || month === 15
      await client.subscriptions.update(live?.id ?? '', { pause_collection: isKept ? { behavior: 'keep_as_draft' } : '' })
      simulator.clock.advance({ months: 1 })
    }
    const all = await client.invoices.list({ customer, limit: 100 })
    expect(all.data.filter(({ status }) => status === 'draft')).toHaveLength(2)
    const expected = all.data.filter(({ status }) => status !== 'draft').map(({ id }) => id)
    const first = (await app.get('/invoices')).body
    expect(first.invoices).toHaveLength(12)
    const second = (await app.get(`/invoices?after=${first.next}`)).body
    expect([...first.invoices, ...second.invoices].map(({ id }) => id)).toEqual(expected)
    expect(second.next).toBeNull()
    expect(second.invoices.at(-1)).toEqual({
      id: expected.at(-1), number: expect.stringMatching(/-0001$/), status: 'paid', createdAt: '2026-01-31T10:00:00.000Z',
      periodStart: '2026-01-31T10:00:00.000Z', periodEnd: '2026-01-31T10:00:00.000Z', dueAt: null, currency: 'usd', total: 1000, due: 0,
      url: expect.stringMatching(/^http/), pdf: expect.stringMatching(/^http.*\/pdf$/),
    })
    expect(await app.farebox.invoices({ customer: 'ann' })).toEqual(first)
  })

  it('shows what is billed next, with what is scheduled and what is pending, and nothing where nothing comes', async () => {
    const app = await begin(version)
    const { farebox, world } = app
    await buy(app, 'ann', 'plus')
    const next = (await app.get('/upcoming')).body
    expect(next).toEqual({
      upcoming: {
        at: '2026-02-28T10:00:00.000Z',
        invoice: {
          currency: 'usd', subtotal: 3000, discount: 0, tax: 0, total: 3000, due: 3000,
          lines: [{
            description: expect.stringContaining('plus'), amount: 3000, quantity: 1, proration: false,
            periodStart: '2026-02-28T10:00:00.000Z', periodEnd: '2026-03-31T10:00:00.000Z',
          }],
        },
      },
    })
    expect(await farebox.upcoming({ customer: 'ann' })).toEqual(next)
    expect(await farebox.subscribe({ customer: 'ann', plan: 'basic', ...addresses })).toMatchObject({ kind: 'scheduled' })
    expect((await farebox.upcoming({ customer: 'ann' })).upcoming).toMatchObject({ at: '2026-02-28T10:00:00.000Z', invoice: { due: 1000 } })
    await farebox.resume({ customer: 'ann' })
    world.simulator.clock.advance({ days: 14 })
    const [live] = (await world.client.subscriptions.list({ customer: await paymentCustomerOf(world, 'ann') })).data
    const item = live?.items.data[0]?.id ?? ''
    await world.client.subscriptions.update(live?.id ?? '', { items: [{ id: item, price: world.prices.get('max:month') ?? '' }], proration_behavior: 'create_prorations' })
    const pending = (await farebox.upcoming({ customer: 'ann' })).upcoming
    expect(pending?.invoice.lines.map(({ proration }) => proration)).toEqual([true, true, false])
    expect(pending?.invoice.due).toBe(9000 + 3000)
    await farebox.converge({ customer: 'ann' })
    await farebox.pause({ customer: 'ann' })
    expect(await farebox.upcoming({ customer: 'ann' })).toEqual({ upcoming: null })
    await farebox.resume({ customer: 'ann' })
    // Resuming began a new period.
    expect(await farebox.upcoming({ customer: 'ann' })).toMatchObject({ upcoming: { at: '2026-03-14T10:00:00.000Z' } })
    await farebox.cancel({ customer: 'ann', when: 'now' })
    expect(await farebox.upcoming({ customer: 'ann' })).toEqual({ upcoming: null })
    await buy(app, 'ben')
    await farebox.cancel({ customer: 'ben', when: 'period-end' })
    app.sent.length = 0
    expect(await farebox.upcoming({ customer: 'ben' })).toEqual({ upcoming: null })
    expect(app.sent).toEqual(['POST /v1/invoices/create_preview'])
  })

  it('shows how the customer pays, and with what the next invoice is paid', async () => {
    const app = await begin(version)
    await buy(app, 'ann')
    const paymentCustomer = await paymentCustomerOf(app.world, 'ann')
    const second = await app.world.client.paymentMethods.attach('pm_card_mastercard', { customer: paymentCustomer })
    const { paymentMethods } = (await app.get('/payment-methods')).body
    expect(paymentMethods.map(({ brand, last4, isDefault }) => [brand, last4, isDefault])).toEqual([['mastercard', '4444', false], ['visa', '4242', true]])
    expect(paymentMethods[0]).toEqual({
      id: second.id, kind: 'card', brand: 'mastercard', last4: '4444', isDefault: false,
      expires: { month: expect.any(Number), year: expect.any(Number) },
    })
    await app.farebox.cancel({ customer: 'ann', when: 'now' })
    await app.world.client.customers.update(paymentCustomer, { invoice_settings: { default_payment_method: second.id } })
    const left = await app.farebox.paymentMethods({ customer: 'ann' })
    expect(left.paymentMethods.map(({ isDefault }) => isDefault)).toEqual([true, false])
  })
})

const paths = ['/invoices', '/upcoming', '/payment-methods'] as const

it.each(paths)('answers %s with nothing where the customer never met Stripe, and Stripe is not asked', async (path) => {
  const app = await begin()
  const empty = { '/invoices': { invoices: [], next: null }, '/upcoming': { upcoming: null }, '/payment-methods': { paymentMethods: [] } }
  const { status, body, headers } = await app.get(path)
  expect([status, body, headers.get('cache-control')]).toEqual([200, empty[path], 'private, no-store'])
  expect(app.sent).toEqual([])
})

it.each(paths)('shows %s to none but who may manage the billing, and each customer their own', async (path) => {
  const app = await begin()
  await buy(app, 'ann')
  await buy(app, 'org_1', 'plus')
  app.sent.length = 0
  expect(await app.get(path, null)).toMatchObject({ status: 401, body: { type: '/problems/unauthenticated' } })
  expect(await app.get(path, 'member')).toMatchObject({ status: 403, body: { type: '/problems/forbidden' } })
  expect(JSON.stringify((await app.get(path, 'ben')).body)).not.toMatch(/in_|pm_|due/)
  expect(app.sent).toEqual([])
  const [ofAnn, ofOrganization] = [JSON.stringify((await app.get(path)).body), JSON.stringify((await app.get(path, 'admin')).body)]
  expect(ofAnn).not.toBe(ofOrganization)
  expect(ofAnn).not.toContain(path === '/payment-methods' ? 'org_1' : '3000')
})

it('shows nobody an invoice of another customer, whatever page is asked for', async () => {
  const app = await begin()
  await buy(app, 'ben')
  await buy(app, 'ann')
  app.world.simulator.clock.advance({ months: 2 })
  const mine = (await app.get('/invoices')).body.invoices.map(({ id }) => id)
  const theirs = (await app.get('/invoices', 'ben')).body.invoices.map(({ id }) => id)
  for (const after of theirs) {
    const { body } = await app.get(`/invoices?after=${after}`)
    for (const { id } of body.invoices) expect(mine).toContain(id)
  }
})

it.each(['in_unknown', 'no%20id', '../customers', ''])('refuses the page after %j, and names what is wrong', async (after) => {
  const app = await begin()
  await buy(app, 'ann')
  expect(await app.get(`/invoices?after=${after}`)).toMatchObject({ status: 400, body: { faults: [{ path: 'after' }] } })
  expect(await app.get('/invoices?before=x')).toMatchObject({ status: 400, body: { faults: [{ path: 'before' }] } })
})

it('lets nobody look more often than twenty times a minute, and whoever looked can still change a plan', async () => {
  const app = await begin()
  await buy(app, 'ann')
  const statuses: number[] = []
  for (let index = 0; index < 22; index += 1) statuses.push((await app.get(paths[index % 3] ?? '/upcoming')).status)
  expect(statuses).toEqual([...Array.from({ length: 20 }, () => 200), 429, 429])
  const change = new Request(`${appUrl}/api/billing/change`, {
    method: 'POST', headers: { authorization: 'Bearer ann', 'content-type': 'application/json' }, body: JSON.stringify({ plan: 'plus' }),
  })
  expect((await app.farebox.handle(change)).status).toBe(200)
})

it('writes nothing for a look', async () => {
  const app = await begin()
  await buy(app, 'ann')
  const { records } = app.world.store
  const commits: unknown[] = []
  const watched: typeof records = { ...records, commit: (...commit) => (commits.push(commit), records.commit(...commit)) }
  const payments = stripePayments({ client: app.world.client, webhookSecret, mode: 'test' })
  const store = { ...app.world.store, records: watched }
  const farebox = createFarebox({ catalog: plans, store, payments, clock: app.world.clock, appUrl, auth: knownTokens(tokens) })
  for (const path of paths) {
    expect((await farebox.handle(new Request(`${appUrl}/api/billing${path}`, { headers: { authorization: 'Bearer ann' } }))).status).toBe(200)
  }
  expect(commits).toEqual([])
  await farebox.close()
})

it('tells a failure of Stripe without a word of what Stripe said', async () => {
  const app = await begin()
  await buy(app, 'ann')
  await app.world.client.customers.del(await paymentCustomerOf(app.world, 'ann'))
  const { status, body } = await app.get('/payment-methods')
  expect([status, body]).toEqual([502, { type: '/problems/payments-failed', title: 'The payment service refused', status: 502 }])
})

it('tells of every kind of payment what it says of itself, and of a kind that is new its name', async () => {
  const told = [
    { id: 'pm_1', type: 'sepa_debit', sepa_debit: { bank_code: '37040044', last4: '3000' } },
    { id: 'pm_2', type: 'us_bank_account', us_bank_account: { bank_name: 'TEST BANK', last4: '6789' } },
    { id: 'pm_3', type: 'card', card: { brand: 'amex', last4: '8431', exp_month: 12, exp_year: 2031 } },
    { id: 'pm_4', type: 'teleport', teleport: { last4: 7, brand: ['x'] } },
    { id: 'pm_5', type: 'link', link: { email: 'ann@example.com' } },
  ]
  const { client } = await createPlanWorld()
  const customers = {
    listPaymentMethods: async (_: string, { starting_after }: { starting_after?: string }) =>
      starting_after === undefined ? { data: told.slice(0, 2), has_more: true } : { data: told.slice(2), has_more: false },
    retrieve: async () => ({ id: 'cus_1', invoice_settings: { default_payment_method: { id: 'pm_2' } } }),
  }
  const subscriptions = { retrieve: async () => ({ id: 'sub_1', default_payment_method: null }) }
  const stripe: StripeClient = replaceParts(client, { customers, subscriptions })
  const payments = stripePayments({ client: stripe, webhookSecret })
  const listed = await payments.listPaymentMethods({ paymentCustomer: 'cus_1', subscription: 'sub_1' })
  expect(listed.map(({ kind, brand, last4, expires, isDefault }) => [kind, brand, last4, expires, isDefault])).toEqual([
    ['sepa_debit', null, '3000', null, false],
    ['us_bank_account', 'TEST BANK', '6789', null, true],
    ['card', 'amex', '8431', { month: 12, year: 2031 }, false],
    ['teleport', null, null, null, false],
    ['link', null, null, null, false],
  ])
  expect(JSON.stringify(listed)).not.toContain('ann@example.com')
})

it('says what is due of each invoice, leaves out what is no invoice yet, and asks no further than a page needs', async () => {
  const { client } = await createPlanWorld()
  const asked: unknown[] = []
  const all = [null, 'draft', 'open', 'uncollectible', 'void', 'paid', 'teleported'].map((status, index) => invoice(index, status))
  const invoices = {
    list: async (query: { limit: number; starting_after?: string }) => {
      asked.push(query)
      const from = query.starting_after === undefined ? 0 : Number(query.starting_after.slice(3)) + 1
      return { data: all.slice(from, from + query.limit), has_more: from + query.limit < all.length }
    },
  }
  const stripe: StripeClient = replaceParts(client, { invoices })
  const payments = stripePayments({ client: stripe, webhookSecret })
  const page = await payments.listInvoices({ paymentCustomer: 'cus_1', after: null, limit: 3 })
  expect(page.invoices.map(({ id, status, due, dueAt }) => [id, status, due, dueAt])).toEqual([
    ['in_2', 'open', 400, 3000], ['in_3', 'uncollectible', 400, 3000], ['in_4', 'void', 0, 3000],
  ])
  expect(page.next).toBe('in_4')
  expect(asked).toEqual([{ customer: 'cus_1', limit: 3 }, { customer: 'cus_1', limit: 2, starting_after: 'in_2' }])
  const rest = await payments.listInvoices({ paymentCustomer: 'cus_1', after: page.next, limit: 3 })
  expect([rest.invoices.map(({ id, due, pdf }) => [id, due, pdf]), rest.next]).toEqual([[['in_5', 0, 'https://pay.example.com/pdf']], null])
})

function invoice(index: number, status: string | null): object {
  return {
    id: `in_${index}`, number: null, status, created: 1, period_start: 1, period_end: 2, due_date: 3, currency: 'eur', total: 500,
    amount_remaining: 400, hosted_invoice_url: null, invoice_pdf: 'https://pay.example.com/pdf',
  }
}

/** The stripe package with some answers given by a test, for what the simulator has no way to. */
function replaceParts(client: StripeClient, parts: Readonly<Record<string, object>>): StripeClient {
  return new Proxy(client, {
    get(target, name): unknown {
      const resource: unknown = Reflect.get(target, name)
      const isReplaced = typeof name === 'string' && Object.hasOwn(parts, name)
      return isReplaced && typeof resource === 'object' ? Object.assign(Object.create(resource), parts[name]) : resource
    },
  })
}
