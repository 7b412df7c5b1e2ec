import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createStripeSimulator } from '../src/index.ts'
import { monthEnd, startReceiver, startSimulator, webhookSecret } from './running-simulator.ts'

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'farebox-simulator-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'stripe')
}

async function sell({ stripe, simulator }: Awaited<ReturnType<typeof startSimulator>>, testClock?: string) {
  const { id: price } = await stripe.prices.create({ currency: 'usd', unit_amount: 900, recurring: { interval: 'month' }, product_data: { name: 'Pro' } })
  const { id: customer } = await stripe.customers.create({ name: 'Ada', ...(testClock !== undefined && { test_clock: testClock }) })
  const { id: session } = await stripe.checkout.sessions.create({
    mode: 'subscription', customer, line_items: [{ price, quantity: 1 }], success_url: 'http://localhost/done',
  })
  simulator.completeCheckout(session)
  // What happened in this process alone is saved with the next request that comes.
  await stripe.customers.update(customer, { metadata: { seen: 'yes' } })
  return customer
}

const monthly = { customer: '', limit: 10 }

test('a simulator with a file goes on where the one before it stopped', async () => {
  const file = newFile()
  const first = await startSimulator({ file })
  const customer = await sell(first)
  const before = await first.stripe.subscriptions.list({ customer })
  const events = await first.stripe.events.list({ limit: 100 })

  const second = await startSimulator({ file, clock: { now: 0, mode: 'frozen' } })
  expect(second.simulator.clock.now()).toBe(monthEnd)
  expect(await second.stripe.subscriptions.list({ customer })).toMatchObject({ data: before.data })
  expect((await second.stripe.events.list({ limit: 100 })).data).toEqual(events.data)
  second.simulator.clock.advance({ months: 2 })
  const invoices = await second.stripe.invoices.list({ ...monthly, customer })
  expect(invoices.data.map(({ status, total }) => [status, total])).toEqual([['paid', 900], ['paid', 900], ['paid', 900]])
  expect(new Set(invoices.data.map(({ id }) => id)).size).toBe(3)
})

test('what is made later has ids of its own, and a key is answered as it was', async () => {
  const file = newFile()
  const create = async () => {
    const { stripe } = await startSimulator({ file })
    return [await stripe.customers.create({ name: 'new' }), await stripe.customers.create({ name: 'kept' }, { idempotencyKey: 'key-1' })] as const
  }
  const [one, kept] = await create()
  const [other, again] = await create()
  expect(other.id).not.toBe(one.id)
  expect(again.id).toBe(kept.id)
})

test('a clock that runs has run on meanwhile, from where it was moved to', async () => {
  const file = newFile()
  const running = { file, clock: { mode: 'running' } } as const
  const { simulator, stripe } = await startSimulator(running)
  simulator.clock.advance({ months: 1 })
  const customer = await stripe.customers.create()
  const { simulator: later } = await startSimulator(running)
  expect(later.clock.now()).toBeGreaterThanOrEqual(customer.created * 1000)
})

test('what lives on a test clock goes on in its time', async () => {
  const file = newFile()
  const first = await startSimulator({ file })
  const { id: clock } = await first.stripe.testHelpers.testClocks.create({ frozen_time: monthEnd / 1000 })
  const customer = await sell(first, clock)

  const second = await startSimulator({ file })
  const count = async () => (await second.stripe.invoices.list({ ...monthly, customer })).data.length
  second.simulator.clock.advance({ days: 29 })
  expect(await count()).toBe(1)
  await second.stripe.testHelpers.testClocks.advance(clock, { frozen_time: monthEnd / 1000 + 29 * 86_400 })
  await second.stripe.testHelpers.testClocks.retrieve(clock)
  expect(await count()).toBe(2)
})

test('connected accounts, live mode and settings are kept', async () => {
  const file = newFile()
  const first = await startSimulator({ file, connectedAccounts: ['acct_shop'] })
  first.simulator.configure({ taxPercentage: 19 })
  const { id } = await first.stripe.customers.create({}, { stripeAccount: 'acct_shop' })

  const second = await startSimulator({ file })
  expect((await second.stripe.customers.retrieve(id, {}, { stripeAccount: 'acct_shop' })).id).toBe(id)
  await expect(second.stripe.customers.retrieve(id)).rejects.toMatchObject({ code: 'resource_missing' })
  expect(await (await fetch(`${second.url}/_/settings`)).json()).toMatchObject({ taxPercentage: 19 })
})

test('an endpoint that the options give is there once, however often they gave it', async () => {
  const file = newFile()
  const { url, delivered } = await startReceiver()
  const thin = { url: `${url}/thin`, secret: webhookSecret, payload: 'thin', enabledEvents: ['v1.product.created'] } as const
  const options = { file, webhookEndpoints: [{ url, secret: webhookSecret }, thin] } as const
  const first = await startSimulator(options)
  await first.stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/kept', enabled_events: ['plan.created'] })
  const { simulator, stripe } = await startSimulator(options)
  expect((await stripe.webhookEndpoints.list()).data.map((endpoint) => endpoint.url)).toEqual([url, 'http://127.0.0.1:9/kept'])
  expect((await stripe.v2.core.eventDestinations.list()).data.map(({ name }) => name)).toEqual([thin.url])
  await stripe.customers.create()
  await simulator.settle()
  expect(delivered.filter(({ event }) => event.type === 'customer.created')).toHaveLength(1)
})

test('a file of something else is refused, and left as it is', async () => {
  const file = newFile()
  writeFileSync(file, 'a diary')
  expect(() => createStripeSimulator({ file })).toThrow(`${file} was not saved by this version of the simulator`)
  expect(readFileSync(file, 'utf8')).toBe('a diary')
})
