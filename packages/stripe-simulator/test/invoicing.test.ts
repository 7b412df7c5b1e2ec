import type { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { createPlan, idOf, monthEnd, refusalOf, startSimulator, subscribe, type RunningSimulator } from './running-simulator.ts'

const card = { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } }

interface Billing extends RunningSimulator {
  readonly customer: string
  readonly item: (amount: number, more?: Stripe.InvoiceItemCreateParams) => Promise<Stripe.InvoiceItem>
}

async function startBilling(): Promise<Billing> {
  const running = await startSimulator({ clock: { now: monthEnd, mode: 'frozen' } })
  const { id: customer } = await running.stripe.customers.create(card)
  const item: Billing['item'] = (amount, more = {}) => running.stripe.invoiceItems.create({ customer, amount, currency: 'usd', ...more })
  return { ...running, customer, item }
}

async function invoiced(billing: Billing, isPaid: boolean): Promise<Stripe.Invoice> {
  const { id } = await billing.stripe.invoices.create({ customer: billing.customer })
  await billing.item(1000, { invoice: id, description: 'First' })
  await billing.item(500, { invoice: id, description: 'Second' })
  const open = await billing.stripe.invoices.finalizeInvoice(id)
  return isPaid ? billing.stripe.invoices.pay(id) : open
}

describe('an invoice that is made by hand', () => {
  test('takes the items that it is given, is finalized, and paid', async () => {
    const { stripe, customer, item, simulator } = await startBilling()
    await item(700)
    const draft = await stripe.invoices.create({ customer, description: 'Consulting' })
    expect(draft).toMatchObject({ status: 'draft', total: 0, auto_advance: false, billing_reason: 'manual', description: 'Consulting', lines: { data: [] } })
    const added = await item(2500, { invoice: draft.id, description: 'A day' })
    expect(added).toMatchObject({ object: 'invoiceitem', amount: 2500, invoice: draft.id, quantity: 1 })
    expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({ total: 2500, amount_due: 2500, lines: { data: [{ amount: 2500, description: 'A day' }] } })
    await stripe.invoiceItems.update(added.id, { amount: 2600, metadata: { day: '1' } })
    const finalized = await stripe.invoices.finalizeInvoice(draft.id)
    expect(finalized).toMatchObject({ status: 'open', total: 2600, amount_remaining: 2600 })
    expect(await stripe.invoices.pay(draft.id)).toMatchObject({ status: 'paid', amount_paid: 2600 })
    expect(await refusalOf(stripe.invoiceItems.update(added.id, { amount: 1 }))).toMatchObject({ statusCode: 400, code: 'invoice_not_editable' })
    expect(await refusalOf(stripe.invoices.update(draft.id, { description: 'Else' }))).toMatchObject({ code: 'invoice_not_editable' })
    expect((await stripe.invoices.update(draft.id, { metadata: { seen: 'yes' } })).metadata).toEqual({ seen: 'yes' })
    expect((await stripe.invoiceItems.list({ customer, pending: true })).data.map(({ amount }) => amount)).toEqual([700])
    expect(simulator.state()).toMatchObject({ invoices: 1 })
  })

  test('includes what is pending where that is asked for, nothing of a subscription, and for a subscription that alone', async () => {
    const running = await startBilling()
    const { stripe, customer, item } = running
    const { month } = await createPlan(stripe)
    const subscription = await stripe.subscriptions.create({ customer, items: [{ price: month.id }] })
    await item(700)
    await item(300, { subscription: subscription.id })
    const invoice = await stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include' })
    expect(invoice.total).toBe(700)
    await item(200)
    const whole = { customer, subscription: subscription.id, pending_invoice_items_behavior: 'include' } as const
    expect(await refusalOf(stripe.invoices.create(whole))).toMatchObject({ code: 'parameters_exclusive', param: 'pending_invoice_items_behavior' })
    const taxed = await stripe.invoices.create({ customer, subscription: subscription.id, automatic_tax: { enabled: true } })
    expect(taxed).toMatchObject({ total: 300, automatic_tax: { enabled: true } })
    expect(await refusalOf(stripe.invoices.create({ subscription: subscription.id }))).toMatchObject({ code: 'invoice_no_subscription_line_items' })
    expect((await stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include' })).total).toBe(200)
    expect((await stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include' })).total).toBe(0)
  })

  test('advances by itself after an hour, and is tried again where the card fails', async () => {
    const { stripe, customer, item, simulator } = await startBilling()
    simulator.setCard(customer, '4000000000000341')
    const { id, automatically_finalizes_at } = await stripe.invoices.create({ customer, auto_advance: true })
    await item(900, { invoice: id })
    expect(automatically_finalizes_at).toBe(monthEnd / 1000 + 3600)
    simulator.clock.advance({ minutes: 59 })
    expect((await stripe.invoices.retrieve(id)).status).toBe('draft')
    simulator.clock.advance({ minutes: 1 })
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ status: 'open', attempt_count: 1, automatically_finalizes_at: null })
    simulator.setCard(customer, '4242424242424242')
    simulator.clock.advance({ days: 3 })
    expect((await stripe.invoices.retrieve(id)).status).toBe('paid')
  })

  test('is sent, due when it says, and paid on its page', async () => {
    const { stripe, customer, item } = await startBilling()
    const refusal = await refusalOf(stripe.invoices.create({ customer, collection_method: 'send_invoice' }))
    expect(refusal).toMatchObject({ code: 'parameter_missing', param: 'days_until_due' })
    const { id } = await stripe.invoices.create({ customer, collection_method: 'send_invoice', days_until_due: 30 })
    await item(4000, { invoice: id, description: 'Setting it up' })
    const sent = await stripe.invoices.sendInvoice(id)
    expect(sent).toMatchObject({ status: 'open', attempt_count: 0, due_date: monthEnd / 1000 + 30 * 86_400 })
    const page = String(sent.hosted_invoice_url)
    expect(await (await fetch(page)).text()).toMatch(/Setting it up[^$]*\$40\.00/)
    await fetch(page, { method: 'POST', body: new URLSearchParams({ action: 'pay', card: '4242424242424242' }), redirect: 'manual' })
    expect((await stripe.invoices.retrieve(id)).status).toBe('paid')
    expect((await stripe.events.list({ type: 'invoice.sent' })).data).toHaveLength(1)
  })

  test('is deleted while it is a draft, and its items with it', async () => {
    const { stripe, customer, item } = await startBilling()
    const { id } = await stripe.invoices.create({ customer })
    await item(100, { invoice: id })
    expect(await stripe.invoices.del(id)).toMatchObject({ id, deleted: true })
    expect((await stripe.invoiceItems.list({ customer })).data).toEqual([])
    const open = await stripe.invoices.finalizeInvoice((await stripe.invoices.create({ customer })).id)
    expect(await refusalOf(stripe.invoices.del(open.id))).toMatchObject({ statusCode: 400 })
  })
})

describe('invoice items', () => {
  test('that are pending are on the next invoice of the subscription, as its preview says', async () => {
    const running = await startBilling()
    const { month } = await createPlan(running.stripe)
    const { customer, subscription } = await subscribe(running, month.id)
    const { id } = await running.stripe.invoiceItems.create({ customer: customer.id, amount: 1500, currency: 'usd', description: 'Setup' })
    const preview = await running.stripe.invoices.createPreview({ subscription: subscription.id })
    running.simulator.clock.advance({ months: 1 })
    const renewed = await running.stripe.invoices.retrieve(idOf((await running.stripe.subscriptions.retrieve(subscription.id)).latest_invoice))
    expect(renewed).toMatchObject({ billing_reason: 'subscription_cycle', total: month.unit_amount! + 1500, status: 'paid' })
    expect(preview.lines.data.map(({ amount, description }) => [amount, description])).toEqual(renewed.lines.data.map(({ amount, description }) => [amount, description]))
    expect((await running.stripe.invoiceItems.retrieve(id)).invoice).toBe(renewed.id)
    running.simulator.clock.advance({ days: 32 })
    expect((await running.stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data[0]?.total).toBe(month.unit_amount)
  })

  test('cost an amount, a quantity of a price, or one that is made for it; what cannot be is refused by name', async () => {
    const { stripe, customer, item } = await startBilling()
    const { product, month } = await createPlan(stripe)
    const once = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 250 })
    expect(await stripe.invoiceItems.create({ customer, pricing: { price: once.id }, quantity: 3 })).toMatchObject({ amount: 750, quantity: 3 })
    const made = await stripe.invoiceItems.create({ customer, price_data: { currency: 'usd', product: product.id, unit_amount: 90 }, quantity: 2 })
    expect(made.amount).toBe(180)
    expect((await stripe.invoiceItems.update(made.id, { quantity: 5 })).amount).toBe(450)
    expect((await item(-300)).amount).toBe(-300)
    const refusals: [Stripe.InvoiceItemCreateParams, object][] = [
      [{ amount: 1, currency: 'usd' }, { code: 'parameter_missing', param: 'customer' }],
      [{ customer }, { code: 'parameter_missing', param: 'amount' }],
      [{ customer, amount: 1 }, { code: 'parameter_missing', param: 'currency' }],
      [{ customer, amount: 1, currency: 'usd', pricing: { price: once.id } }, { code: 'parameters_exclusive' }],
      [{ customer, amount: 1, currency: 'usd', quantity: 2 }, { code: 'parameters_exclusive' }],
      [{ customer, pricing: { price: month.id } }, { param: 'pricing[price]' }],
      [{ customer, amount: 1, currency: 'usd', invoice: 'in_none' }, { code: 'resource_missing', param: 'invoice' }],
      [{ customer, amount: 1, currency: 'usd', discounts: [{ coupon: 'none' }] }, { code: 'simulator_unsupported' }],
    ]
    for (const [given, expected] of refusals) expect(await refusalOf(stripe.invoiceItems.create(given))).toMatchObject(expected)
  })
})

/**
 * https://docs.stripe.com/billing/taxes/tax-rates: an exclusive rate is added to the amount after discounts, an inclusive one
 * is in it: amount - amount / (1 + rate).
 */
describe('tax rates', () => {
  const table: [string, { rates: [percentage: number, inclusive: boolean][]; amount: number; off?: number; taxes: number[]; total: number; net: number }][] = [
    // 2900 x 0.19
    ['an exclusive one', { rates: [[19, false]], amount: 2900, taxes: [551], total: 3451, net: 2900 }],
    // 2900 x 19/119 = 463.03
    ['an inclusive one', { rates: [[19, true]], amount: 2900, taxes: [463], total: 2900, net: 2437 }],
    // 1999 x 0.0825 = 164.9175, 1999 x 0.01375 = 27.486
    ['two, with decimals', { rates: [[8.25, false], [1.375, false]], amount: 1999, taxes: [165, 27], total: 2191, net: 1999 }],
    // 10000 x 5/115 = 434.78, 10000 x 10/115 = 869.57
    ['two that are included', { rates: [[5, true], [10, true]], amount: 10_000, taxes: [435, 870], total: 10_000, net: 8695 }],
    // 2900 less a quarter is 2175; x 0.2
    ['one after a discount', { rates: [[20, false]], amount: 2900, off: 25, taxes: [435], total: 2610, net: 2175 }],
    ['none at zero', { rates: [[0, false]], amount: 500, taxes: [0], total: 500, net: 500 }],
  ]
  for (const [name, { rates, amount, off, taxes, total, net }] of table) {
    test(`of a subscription: ${name}`, async () => {
      const { stripe, customer, simulator } = await startBilling()
      const price = await stripe.prices.create({ currency: 'usd', unit_amount: amount, recurring: { interval: 'month' }, product_data: { name: 'Pro' } })
      const made = await Promise.all(rates.map(([percentage, inclusive]) => stripe.taxRates.create({ display_name: 'VAT', percentage, inclusive })))
      const discounts = off === undefined ? [] : [{ coupon: (await stripe.coupons.create({ percent_off: off, duration: 'forever' })).id }]
      const subscription = await stripe.subscriptions.create({ customer, items: [{ price: price.id }], discounts, default_tax_rates: made.map(({ id }) => id) })
      expect(subscription.default_tax_rates).toMatchObject(rates.map(([percentage]) => ({ object: 'tax_rate', percentage })))
      simulator.clock.advance({ months: 1 })
      const invoices = (await stripe.invoices.list({ subscription: subscription.id })).data
      expect(invoices).toHaveLength(2)
      for (const invoice of invoices) {
        expect(invoice.total_taxes?.map((tax) => tax.amount)).toEqual(taxes)
        expect(invoice).toMatchObject({ subtotal: amount, total, amount_paid: total, total_excluding_tax: net, status: 'paid' })
        expect(invoice.lines.data[0]?.taxes?.map((tax) => tax.amount)).toEqual(taxes)
      }
    })
  }

  test('of a line come before those of its invoice, and a draft follows when they change', async () => {
    const { stripe, customer, item } = await startBilling()
    const [low, high] = await Promise.all([7, 19].map((percentage) => stripe.taxRates.create({ display_name: 'VAT', percentage, inclusive: false })))
    const { id } = await stripe.invoices.create({ customer, default_tax_rates: [high!.id] })
    await item(1000, { invoice: id })
    await item(1000, { invoice: id, tax_rates: [low!.id] })
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ subtotal: 2000, total: 2260, total_excluding_tax: 2000 })
    expect((await stripe.invoices.update(id, { default_tax_rates: '' })).total).toBe(2070)
    await stripe.taxRates.update(high!.id, { active: false })
    expect(await refusalOf(stripe.invoices.update(id, { default_tax_rates: [high!.id] }))).toMatchObject({ param: 'default_tax_rates[0]' })
    expect((await stripe.taxRates.list({ active: true })).data.map(({ percentage }) => percentage)).toEqual([7])
    expect(await refusalOf(stripe.taxRates.create({ display_name: 'No', percentage: 101, inclusive: false }))).toMatchObject({ param: 'percentage' })
  })
})

/** https://docs.stripe.com/api/credit_notes/create: first the debt is lowered, what is more is given back. */
describe('a credit note', () => {
  test('of an open invoice lowers what is owed, and what is charged; it can be voided', async () => {
    const billing = await startBilling()
    const { stripe } = billing
    const { id, lines } = await invoiced(billing, false)
    const note = await stripe.creditNotes.create({ invoice: id, lines: [{ type: 'invoice_line_item', invoice_line_item: lines.data[1]!.id, quantity: 1 }], reason: 'duplicate' })
    expect(note).toMatchObject({ amount: 500, type: 'pre_payment', status: 'issued', pre_payment_amount: 500, post_payment_amount: 0 })
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ total: 1500, amount_due: 1000, amount_remaining: 1000, pre_payment_credit_notes_amount: 500 })
    expect((await stripe.creditNotes.voidCreditNote(note.id)).status).toBe('void')
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ amount_due: 1500, pre_payment_credit_notes_amount: 0 })
    await stripe.creditNotes.create({ invoice: id, amount: 300 })
    expect(await stripe.invoices.pay(id)).toMatchObject({ status: 'paid', amount_paid: 1200 })
    expect((await stripe.charges.list({ customer: billing.customer })).data.map(({ amount }) => amount)).toEqual([1200])
  })

  test('of all that is owed settles the invoice, and nothing is charged', async () => {
    const billing = await startBilling()
    const { id } = await invoiced(billing, false)
    await billing.stripe.creditNotes.create({ invoice: id, amount: 1500 })
    expect(await billing.stripe.invoices.retrieve(id)).toMatchObject({ status: 'paid', amount_due: 0, amount_paid: 0 })
    expect((await billing.stripe.charges.list({ customer: billing.customer })).data).toEqual([])
  })

  test('of a paid invoice is given back as it says: refunded, on the balance, or elsewhere', async () => {
    const billing = await startBilling()
    const { stripe, customer } = billing
    const { id } = await invoiced(billing, true)
    const given = { invoice: id, amount: 900, refund_amount: 400, credit_amount: 300, out_of_band_amount: 200 }
    expect(await refusalOf(stripe.creditNotes.create({ ...given, credit_amount: 0 }))).toMatchObject({ statusCode: 400 })
    const note = await stripe.creditNotes.create(given)
    expect(note).toMatchObject({ type: 'post_payment', post_payment_amount: 900, refunds: [{ amount_refunded: 400 }] })
    expect((await stripe.charges.list({ customer })).data[0]?.amount_refunded).toBe(400)
    expect(Object(await stripe.customers.retrieve(customer)).balance).toBe(-300)
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ status: 'paid', amount_paid: 1500, post_payment_credit_notes_amount: 900 })
    expect(await refusalOf(stripe.creditNotes.create({ invoice: id, amount: 601, refund_amount: 601 }))).toMatchObject({ param: 'amount' })
    expect(await refusalOf(stripe.creditNotes.voidCreditNote(note.id))).toMatchObject({ statusCode: 400 })
    expect((await stripe.creditNotes.list({ invoice: id })).data.map(({ number }) => number?.endsWith('-CN-01'))).toEqual([true])
  })

  test('that pays off a subscription brings it back from past due', async () => {
    const running = await startBilling()
    const { month } = await createPlan(running.stripe)
    const { customer, subscription } = await subscribe(running, month.id)
    running.simulator.setCard(customer.id, '4000000000000341')
    running.simulator.clock.advance({ months: 1 })
    const due = await running.stripe.subscriptions.retrieve(subscription.id)
    expect(due.status).toBe('past_due')
    await running.stripe.creditNotes.create({ invoice: idOf(due.latest_invoice), amount: month.unit_amount! })
    expect((await running.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
  })
})
