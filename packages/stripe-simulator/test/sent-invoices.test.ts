import type { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { createPlan, idOf, monthEnd, refusalOf, startSimulator, type RunningSimulator } from './running-simulator.ts'

const day = 86_400
const start = monthEnd / 1000

interface Sent extends RunningSimulator {
  readonly month: Stripe.Price
  readonly customer: string
  readonly subscription: Stripe.Subscription
  readonly read: () => Promise<Stripe.Subscription>
  readonly newest: () => Promise<Stripe.Invoice>
}

/** A customer without any card, whose invoices of 29 USD are sent and due in ten days. */
async function startSent(more: Partial<Stripe.SubscriptionCreateParams> = {}): Promise<Sent> {
  const running = await startSimulator()
  const { stripe } = running
  const { month } = await createPlan(stripe)
  const { id: customer } = await stripe.customers.create({ name: 'Ada (Ltd)', email: 'ada@example.com' })
  const subscription = await stripe.subscriptions.create({
    customer, items: [{ price: month.id }], collection_method: 'send_invoice', days_until_due: 10, ...more,
  })
  const read = (): Promise<Stripe.Subscription> => stripe.subscriptions.retrieve(subscription.id)
  const newest = async (): Promise<Stripe.Invoice> => stripe.invoices.retrieve(idOf((await read()).latest_invoice))
  return { ...running, month, customer, subscription, read, newest }
}

// Statuses: https://docs.stripe.com/api/subscriptions/object#subscription_object-status, the hour of a draft:
// https://docs.stripe.com/billing/invoices/subscription#sub-invoice-lifecycle, the due date:
// https://docs.stripe.com/api/subscriptions/create#create_subscription-days_until_due
describe('a subscription whose invoices are sent', () => {
  test('is active at once without a payment method; its invoice is a draft for an hour, then open and never charged', async () => {
    const { subscription, simulator, newest, stripe } = await startSent()
    expect(subscription).toMatchObject({ status: 'active', collection_method: 'send_invoice', days_until_due: 10 })
    expect(await newest()).toMatchObject({
      status: 'draft', collection_method: 'send_invoice', billing_reason: 'subscription_create', total: 2900, automatically_finalizes_at: start + 3600,
      due_date: start + 10 * day, invoice_pdf: null,
    })
    simulator.clock.advance({ minutes: 59 })
    expect((await newest()).status).toBe('draft')
    simulator.clock.advance({ minutes: 1 })
    expect(await newest()).toMatchObject({
      status: 'open', amount_due: 2900, amount_remaining: 2900, attempt_count: 0, attempted: false, next_payment_attempt: null, due_date: start + 10 * day,
    })
    const types = (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type)
    expect(types).toContain('invoice.finalized')
    expect(types.filter((type) => /payment_failed|invoice\.paid/.test(type))).toEqual([])
  })

  test('is past due when the due date has come, not before, and active again once it is paid by hand', async () => {
    const { simulator, read, newest, stripe } = await startSent()
    simulator.clock.advance({ to: monthEnd + 10 * day * 1000 - 1000 })
    expect((await read()).status).toBe('active')
    simulator.clock.advance({ seconds: 1 })
    expect((await read()).status).toBe('past_due')
    const [changed] = (await stripe.events.list({ type: 'customer.subscription.updated', limit: 1 })).data
    expect(changed?.data).toMatchObject({ object: { status: 'past_due' }, previous_attributes: { status: 'active' } })
    expect(await stripe.invoices.pay((await newest()).id, { paid_out_of_band: true })).toMatchObject({ status: 'paid', amount_remaining: 0 })
    expect((await read()).status).toBe('active')
  })

  test('stays active where it is paid in time, and renews with an invoice that is due ten days after it was made', async () => {
    const { simulator, read, newest, stripe, customer } = await startSent()
    simulator.clock.advance({ days: 2 })
    simulator.setCard(customer, '4242424242424242')
    await stripe.invoices.pay((await newest()).id)
    simulator.clock.advance({ days: 20 })
    expect((await read()).status).toBe('active')
    simulator.clock.advance({ to: Date.UTC(2026, 1, 28, 10) })
    const renewal = Date.UTC(2026, 1, 28, 10) / 1000
    expect(await newest()).toMatchObject({ status: 'draft', billing_reason: 'subscription_cycle', total: 2900, created: renewal, due_date: renewal + 10 * day })
    // The card that is there pays nothing by itself.
    simulator.clock.advance({ days: 11 })
    expect(await newest()).toMatchObject({ status: 'open', amount_paid: 0, attempt_count: 0 })
    expect((await read()).status).toBe('past_due')
    const { data } = await stripe.invoices.list({ subscription: (await read()).id })
    expect(data.map(({ status }) => status)).toEqual(['open', 'paid'])
  })

  test('is not past due because of an invoice that was voided or written off', async () => {
    const { simulator, read, newest, stripe } = await startSent()
    simulator.clock.advance({ hours: 2 })
    await stripe.invoices.voidInvoice((await newest()).id)
    simulator.clock.advance({ days: 20 })
    expect((await read()).status).toBe('active')
  })

  test('bills an upgrade at once, without charging it', async () => {
    const { simulator, read, newest, stripe, month, subscription } = await startSent()
    simulator.clock.advance({ days: 14 })
    const item = subscription.items.data[0]?.id ?? ''
    await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: month.id, quantity: 2 }], proration_behavior: 'always_invoice' })
    // Half of the 28 days to February 28 are left: 14.50 of the first seat back, 29.00 for two.
    expect(await newest()).toMatchObject({ status: 'open', collection_method: 'send_invoice', total: 1450, attempt_count: 0, due_date: start + 24 * day })
    expect((await read()).items.data[0]?.quantity).toBe(2)
    const pending: Stripe.SubscriptionUpdateParams = { items: [{ id: item, quantity: 3 }], payment_behavior: 'pending_if_incomplete', proration_behavior: 'always_invoice' }
    expect(await refusalOf(stripe.subscriptions.update(subscription.id, pending))).toMatchObject({ statusCode: 400, param: 'payment_behavior' })
  })

  test('goes through a trial without a card', async () => {
    const { simulator, read, newest, subscription } = await startSent({ trial_period_days: 7 })
    expect(subscription.status).toBe('trialing')
    simulator.clock.advance({ days: 7 })
    expect((await read()).status).toBe('active')
    expect(await newest()).toMatchObject({ status: 'draft', total: 2900, due_date: start + 17 * day })
    simulator.clock.advance({ days: 10 })
    expect((await read()).status).toBe('past_due')
  })

  test('changes over to charging and back', async () => {
    const { simulator, read, newest, stripe, customer, subscription } = await startSent()
    expect(await refusalOf(stripe.subscriptions.update(subscription.id, { collection_method: 'charge_automatically', days_until_due: 3 }))).toMatchObject({ param: 'days_until_due' })
    await stripe.subscriptions.update(subscription.id, { collection_method: 'charge_automatically' })
    expect(await read()).toMatchObject({ collection_method: 'charge_automatically', days_until_due: null })
    simulator.setCard(customer, '4242424242424242')
    simulator.clock.advance({ to: Date.UTC(2026, 1, 28, 10) })
    expect(await newest()).toMatchObject({ status: 'paid', due_date: null })
    expect(await refusalOf(stripe.subscriptions.update(subscription.id, { collection_method: 'send_invoice' }))).toMatchObject({ code: 'parameter_missing', param: 'days_until_due' })
    await stripe.subscriptions.update(subscription.id, { collection_method: 'send_invoice', days_until_due: 5 })
    expect(await read()).toMatchObject({ collection_method: 'send_invoice', days_until_due: 5 })
  })

  test('needs to know when invoices are due', async () => {
    const { stripe, customer, month } = await startSent()
    const request = { customer, items: [{ price: month.id }] }
    expect(await refusalOf(stripe.subscriptions.create({ ...request, collection_method: 'send_invoice' }))).toMatchObject({ code: 'parameter_missing', param: 'days_until_due' })
    expect(await refusalOf(stripe.subscriptions.create({ ...request, days_until_due: 3 }))).toMatchObject({ statusCode: 400, param: 'days_until_due' })
  })
})

// https://docs.stripe.com/api/invoices/object#invoice_object-invoice_pdf
test('an invoice that was finalized can be had as a PDF', async () => {
  const { simulator, newest, stripe, url } = await startSent()
  expect((await fetch(`${url}/i/${(await newest()).id}/pdf`)).status).toBe(404)
  simulator.clock.advance({ hours: 1 })
  const invoice = await newest()
  const answer = await fetch(invoice.invoice_pdf ?? '')
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const text = String.fromCharCode(...bytes)
  expect(text).toMatch(/^%PDF-1\.4\n/)
  expect(text).toContain(`(Invoice ${invoice.number})`)
  expect(text).toContain(String.raw`(Ada \(Ltd\))`)
  expect(text).toContain('(Amount due: $29.00)')
  expect(text).toContain('(Date due: February 10, 2026)')
  // Every object lies where the table says, and the table where the end says.
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1])
  expect(text.slice(table, table + 5)).toBe('xref\n')
  const offsets = [...text.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset))
  expect(offsets.map((offset) => text.slice(offset, offset + 7))).toEqual(['1 0 obj', '2 0 obj', '3 0 obj', '4 0 obj', '5 0 obj'])
  await stripe.invoices.pay(invoice.id, { paid_out_of_band: true })
  expect(await (await fetch(invoice.invoice_pdf ?? '')).text()).toContain('(Status: paid)')
})

test('the PDF of an invoice shows what its amounts and names are written with', async () => {
  const { simulator, stripe } = await startSimulator()
  const product = await stripe.products.create({ name: 'Café (Größe L) → 木' })
  const price = await stripe.prices.create({ product: product.id, currency: 'eur', unit_amount: 1250, recurring: { interval: 'month' } })
  const { id: customer } = await stripe.customers.create({ name: 'Zoë' })
  const items = [{ price: price.id, quantity: 2 }]
  const { latest_invoice } = await stripe.subscriptions.create({ customer, items, collection_method: 'send_invoice', days_until_due: 10 })
  simulator.clock.advance({ hours: 1 })
  const { invoice_pdf } = await stripe.invoices.retrieve(idOf(latest_invoice))
  const text = await (await fetch(invoice_pdf ?? '')).text()
  // Octal codes of WinAnsiEncoding (ISO 32000-1, Annex D.2): ë 353, × 327, é 351, ö 366, ß 337, euro sign 200.
  expect(text).toContain(String.raw`(Zo\353)`)
  expect(text).toContain(String.raw`(2 \327 Caf\351 \(Gr\366\337e L\) ? ? \(at \20012.50 / month\): \20025.00)`)
})

test('the pages of an invoice of a connected account are found', async () => {
  const { simulator, stripe } = await startSimulator({ connectedAccounts: ['acct_shop'] })
  const there = { stripeAccount: 'acct_shop' }
  const product = await stripe.products.create({ name: 'Pro' }, there)
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 2900, recurring: { interval: 'month' } }, there)
  const { id: customer } = await stripe.customers.create({ email: 'ada@example.com' }, there)
  const request: Stripe.SubscriptionCreateParams = { customer, items: [{ price: price.id }], collection_method: 'send_invoice', days_until_due: 10 }
  const { latest_invoice } = await stripe.subscriptions.create(request, there)
  simulator.clock.advance({ hours: 1 })
  const { hosted_invoice_url, invoice_pdf } = await stripe.invoices.retrieve(idOf(latest_invoice), {}, there)
  expect((await fetch(hosted_invoice_url ?? '')).status).toBe(200)
  expect((await fetch(invoice_pdf ?? '')).status).toBe(200)
  const form = new URLSearchParams({ action: 'pay', card: '4242424242424242' })
  expect((await fetch(hosted_invoice_url ?? '', { method: 'POST', body: form, redirect: 'manual' })).status).toBe(303)
  expect((await stripe.invoices.retrieve(idOf(latest_invoice), {}, there)).status).toBe('paid')
})
