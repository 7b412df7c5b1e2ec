import { readFileSync } from 'node:fs'
import { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { apiVersions } from '../src/versions/api-versions.ts'
import { createPlan, deliverTo, idOf, refusalOf, startReceiver, startSimulator, subscribe, webhookSecret } from './running-simulator.ts'

interface Published {
  readonly versions: Readonly<Record<string, { readonly objects: Readonly<Record<string, string>> }>>
}

const published: Published = JSON.parse(readFileSync(new URL('./fixtures/fields-by-version.json', import.meta.url), 'utf8'))

/** Fields that the published examples have and real bodies leave out, or that belong to what is not simulated. */
const notShown: Readonly<Record<string, readonly string[]>> = {
  // The generated examples of the versions since basil still have the field that basil took away.
  invoice: ['customer_tax_ids', 'payments', 'confirmation_secret', 'subscription'],
  customer: ['customer_account'],
  // A line either comes from an invoice item, as the example does, or from a subscription item.
  line_item: ['invoice_item'],
}

/** Fields that were added without a break: Stripe shows them to older versions, too. */
const added: ReadonlySet<string> = new Set([
  'adaptive_pricing', 'amount_overpaid', 'billing_schedules', 'collected_information', 'customer_account', 'discounts',
  'integration_identifier', 'managed_payments', 'origin_context', 'permissions', 'pretax_credit_amounts', 'quantity_decimal',
  'subtotal', 'total_pretax_credit_amounts', 'wallet_options', 'billing_mode', 'billing_thresholds', 'plan', 'subscription_item', 'webhooks_delivered_at',
])

/** Everything about one paying customer, as a client of a version reads it. */
async function readAt(version: string): Promise<Map<string, Readonly<Record<string, unknown>>>> {
  const running = await startSimulator()
  const { month } = await createPlan(running.stripe)
  const { customer, subscription } = await subscribe(running, month.id)
  const sessions = await running.stripe.checkout.sessions.list({ customer: customer.id })
  const get = async (path: string): Promise<Readonly<Record<string, unknown>>> => {
    const headers = { authorization: 'Bearer sk_test_x', 'stripe-version': version }
    const response = await running.simulator.fetch(new Request(`http://stripe.test${path}`, { headers }))
    expect(response.status).toBe(200)
    return Object(await response.json())
  }
  const read = await get(`/v1/subscriptions/${subscription.id}`)
  const invoice = await get(`/v1/invoices/${idOf(subscription.latest_invoice)}`)
  return new Map([
    ['subscription', read],
    ['subscription_item', Object(read['items']).data[0]],
    ['price', await get(`/v1/prices/${month.id}`)],
    ['invoice', invoice],
    ['line_item', Object(invoice['lines']).data[0]],
    ['customer', await get(`/v1/customers/${customer.id}`)],
    ['checkout.session', await get(`/v1/checkout/sessions/${sessions.data[0]?.id}`)],
  ])
}

describe('a body of an older version', () => {
  test.each(Object.keys(published.versions))('has the fields that Stripe published for %s, and none that came in their place', async (version) => {
    const objects = published.versions[version]?.objects ?? {}
    for (const [name, body] of await readAt(version)) {
      const expected = (objects[name] ?? '').split(' ')
      const missing = expected.filter((field) => !(field in body) && !notShown[name]?.includes(field))
      const foreign = Object.keys(body).filter((field) => !expected.includes(field) && !added.has(field))
      expect({ version, name, missing, foreign }).toEqual({ version, name, missing: [], foreign: [] })
    }
  })

  test('tells the same in its own words', async () => {
    const newest = await readAt('2026-10-28.endive')
    const oldest = await readAt('2024-06-20')
    const item = newest.get('subscription_item')
    expect(oldest.get('subscription')).toMatchObject({
      current_period_start: item?.['current_period_start'], current_period_end: item?.['current_period_end'], discount: null,
    })
    expect(oldest.get('subscription_item')).not.toHaveProperty('current_period_end')
    expect(oldest.get('invoice')).toMatchObject({
      paid: true, subscription: oldest.get('subscription')?.['id'], tax: null, payment_intent: expect.stringMatching(/^pi_/),
    })
    expect(oldest.get('invoice')).not.toHaveProperty('parent')
    expect(oldest.get('line_item')).toMatchObject({
      type: 'subscription', proration: false, price: { object: 'price', unit_amount: 2900 }, plan: { interval: 'month' }, tax_amounts: [],
    })
    expect(oldest.get('checkout.session')).toMatchObject({ ui_mode: 'hosted' })
    expect(newest.get('checkout.session')).toMatchObject({ ui_mode: 'hosted_page' })
  })

  test('is expanded by the names of its version', async () => {
    const running = await startSimulator()
    const { month } = await createPlan(running.stripe)
    const { subscription } = await subscribe(running, month.id)
    const ask = async (version: string, path: string): Promise<unknown> => {
      const headers = { authorization: 'Bearer sk_test_x', 'stripe-version': version }
      const response = await running.simulator.fetch(new Request(`http://stripe.test${path}`, { headers }))
      return response.json()
    }
    const invoice = `/v1/invoices/${idOf(subscription.latest_invoice)}?expand[]=subscription`
    expect(await ask('2025-02-24.acacia', invoice)).toMatchObject({ subscription: { id: subscription.id, current_period_end: expect.any(Number) } })
    expect(await ask('2026-10-28.endive', invoice)).toMatchObject({ error: { param: 'expand' } })
  })
})

describe('events', () => {
  test('come in the version of their endpoint, else of the account; previous attributes, too', async () => {
    const receiver = await startReceiver()
    const running = await startSimulator({
      ...deliverTo(receiver),
      apiVersion: '2025-08-27.basil',
      webhookEndpoints: [
        { url: receiver.url, secret: webhookSecret },
        { url: receiver.url, secret: webhookSecret, apiVersion: '2024-06-20' },
        { url: receiver.url, secret: webhookSecret, apiVersion: '2026-10-28.endive' },
      ],
    })
    // Those that it starts with keep to a version, as an app's endpoint should.
    const pinned = (await running.stripe.webhookEndpoints.list()).data.map((endpoint) => endpoint.api_version)
    expect(new Set(pinned)).toEqual(new Set(['2024-06-20', '2025-08-27.basil', '2026-10-28.endive']))
    const { month } = await createPlan(running.stripe)
    await subscribe(running, month.id)
    await running.simulator.settle()
    running.simulator.clock.advance({ months: 1 })
    await running.simulator.settle()
    const renewals = receiver.delivered.filter(({ event }) => event.type === 'customer.subscription.updated').map(({ event }) => event)
    const withPeriod = renewals.filter(({ data }) => 'current_period_end' in Object(data.previous_attributes))
    expect(new Set(withPeriod.map((event) => event.api_version))).toEqual(new Set(['2024-06-20']))
    expect(withPeriod[0]?.data).toMatchObject({ object: { current_period_end: expect.any(Number) } })
    const versions = new Set(receiver.delivered.map(({ event }) => event.api_version))
    expect(versions).toEqual(new Set(['2025-08-27.basil', '2024-06-20', '2026-10-28.endive']))
    // Reading an event answers it as it was made, whatever version the client speaks.
    const [event] = (await running.stripe.events.list({ type: 'customer.subscription.updated' })).data
    expect(event?.api_version).toBe('2025-08-27.basil')
  })

  test('an endpoint cannot have a version that there never was', async () => {
    const { stripe } = await startSimulator()
    const endpoint = { url: 'http://127.0.0.1:9/', enabled_events: ['*' as const] }
    const made = await stripe.webhookEndpoints.create({ ...endpoint, api_version: '2024-06-20' })
    expect(made.api_version).toBe('2024-06-20')
    const refused = await refusalOf(stripe.webhookEndpoints.create({ ...endpoint, api_version: '2019-12-03' }))
    expect(refused).toMatchObject({ statusCode: 400, param: 'api_version' })
    await expect(startSimulator({ apiVersion: '2019-12-03' })).rejects.toThrow('Invalid Stripe API version')
  })
})

test('the newest version is that of the stripe package', () => {
  expect(apiVersions.at(-1)).toBe(Stripe.API_VERSION)
})

test.each([
  ['2024-06-20', 'billing_cycle_anchor=now', 200],
  ['2024-06-20', 'billing_cycle_anchor[type]=now', 400],
  ['2026-08-26.dahlia', 'billing_cycle_anchor=now', 200],
  ['2026-09-30.endive', 'billing_cycle_anchor=now', 400],
  ['2026-09-30.endive', 'billing_cycle_anchor[type]=now', 200],
])('takes a new beginning of the billing cycle in the words of %s: %s', async (version, asked, status) => {
  const running = await startSimulator()
  const { month } = await createPlan(running.stripe)
  const { subscription } = await subscribe(running, month.id)
  running.simulator.clock.advance({ days: 3 })
  const ask = async (path: string, body: string): Promise<number> => {
    const headers = { authorization: 'Bearer sk_test_x', 'stripe-version': version, 'content-type': 'application/x-www-form-urlencoded' }
    return (await running.simulator.fetch(new Request(`http://stripe.test${path}`, { method: 'POST', headers, body }))).status
  }
  const preview = `subscription=${subscription.id}&${asked.replace('billing_cycle_anchor', 'subscription_details[billing_cycle_anchor]')}`
  expect([await ask('/v1/invoices/create_preview', preview), await ask(`/v1/subscriptions/${subscription.id}`, asked)]).toEqual([status, status])
  const { billing_cycle_anchor: anchor } = await running.stripe.subscriptions.retrieve(subscription.id)
  expect(anchor === subscription.billing_cycle_anchor).toBe(status === 400)
})
