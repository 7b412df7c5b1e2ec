import type { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { createPlan, idOf, openCheckout, refusalOf, startSimulator, subscribe, type RunningSimulator } from './running-simulator.ts'

interface Paid extends RunningSimulator {
  readonly subscription: Stripe.Subscription
  readonly invoice: string
  readonly intent: string
  readonly charge: string
}

/** A subscription of 29.00 whose first invoice was paid with a test card of https://docs.stripe.com/testing. */
async function paidWith(card: string): Promise<Paid> {
  const running = await startSimulator()
  const { stripe } = running
  const { month } = await createPlan(stripe)
  const customer = await stripe.customers.create({ payment_method: card, invoice_settings: { default_payment_method: card } })
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: month.id }] })
  const invoice = idOf(subscription.latest_invoice)
  const [payment] = (await stripe.invoicePayments.list({ invoice })).data
  const intent = idOf(payment?.payment.payment_intent ?? null)
  const charge = idOf((await stripe.paymentIntents.retrieve(intent)).latest_charge)
  return { ...running, subscription, invoice, intent, charge }
}

async function typesOf(stripe: Stripe, ...patterns: string[]): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100 })
  return data.map(({ type }) => type).filter((type) => patterns.some((pattern) => type.startsWith(pattern))).toReversed()
}

describe('refunds', () => {
  test('give back parts of a charge until nothing is left', async () => {
    const { stripe, charge, intent } = await paidWith('pm_card_visa')
    const part = await stripe.refunds.create({ payment_intent: intent, amount: 900, reason: 'requested_by_customer', metadata: { a: 'b' } })
    expect(part).toMatchObject({ amount: 900, charge, payment_intent: intent, status: 'succeeded', reason: 'requested_by_customer', metadata: { a: 'b' } })
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 900, refunded: false })
    const beyond = await refusalOf(stripe.refunds.create({ charge, amount: 2001 }))
    expect(beyond).toMatchObject({ statusCode: 400, param: 'amount' })
    expect(beyond.message).toBe('Refund amount ($20.01) is greater than unrefunded amount on charge ($20.00)')
    expect((await stripe.refunds.create({ charge })).amount).toBe(2000)
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 2900, refunded: true })
    expect((await refusalOf(stripe.refunds.create({ charge }))).code).toBe('charge_already_refunded')
    expect((await stripe.refunds.list({ payment_intent: intent })).data.map(({ amount }) => amount)).toEqual([2000, 900])
    expect(await typesOf(stripe, 'refund', 'charge')).toEqual(['charge.succeeded', 'refund.created', 'charge.refunded', 'refund.created', 'charge.refunded'])
  })

  test('fail afterwards with one test card, and can be made again', async () => {
    const { simulator, stripe, charge } = await paidWith('pm_card_refundFail')
    const { id, status } = await stripe.refunds.create({ charge })
    expect(status).toBe('succeeded')
    simulator.clock.advance({ days: 1 })
    expect(await stripe.refunds.retrieve(id)).toMatchObject({ status: 'failed', failure_reason: 'unknown' })
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 0, refunded: false })
    expect(await typesOf(stripe, 'refund')).toEqual(['refund.created', 'refund.updated', 'refund.failed'])
    expect((await stripe.refunds.create({ charge })).amount).toBe(2900)
  })

  test('are given up while they wait, and not afterwards', async () => {
    const { simulator, stripe, charge } = await paidWith('pm_card_pendingRefund')
    const { id } = await stripe.refunds.create({ charge })
    expect((await stripe.refunds.cancel(id)).status).toBe('canceled')
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 0, refunded: false })
    expect((await refusalOf(stripe.refunds.cancel(id))).message).toContain('must be pending')
    simulator.clock.advance({ days: 2 })
    expect((await stripe.refunds.retrieve(id)).status).toBe('canceled')
    expect((await stripe.refunds.create({ charge })).amount).toBe(2900)
  })

  test('of a charge that failed are refused', async () => {
    const { stripe, intent, charge } = await paidWith('pm_card_chargeCustomerFail')
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ status: 'failed', paid: false, captured: false, amount_captured: 0, failure_code: 'card_declined', outcome: { type: 'issuer_declined', reason: 'generic_decline' } })
    expect(await typesOf(stripe, 'charge', 'payment_intent')).toEqual(['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed'])
    expect((await refusalOf(stripe.refunds.create({ charge }))).param).toBe('charge')
    expect((await refusalOf(stripe.refunds.create({ payment_intent: intent }))).param).toBe('payment_intent')
  })

  test('wait with another', async () => {
    const { simulator, stripe, charge } = await paidWith('pm_card_pendingRefund')
    const { id, status } = await stripe.refunds.create({ charge })
    expect(status).toBe('pending')
    simulator.clock.advance({ days: 1 })
    expect((await stripe.refunds.retrieve(id)).status).toBe('succeeded')
    expect(await typesOf(stripe, 'refund')).toEqual(['refund.created', 'refund.updated'])
  })

  test('name what they are of', async () => {
    const { stripe } = await paidWith('pm_card_visa')
    expect(await refusalOf(stripe.refunds.create({}))).toMatchObject({ code: 'parameter_missing', param: 'charge' })
    expect(await refusalOf(stripe.refunds.create({ charge: 'ch_none' }))).toMatchObject({ code: 'resource_missing', param: 'charge' })
  })
})

describe('disputes', () => {
  test('come with their test card, and are lost or won by the evidence', async () => {
    for (const [text, status, types] of [
      ['winning_evidence', 'won', ['charge.dispute.updated', 'charge.dispute.closed', 'charge.dispute.funds_reinstated']],
      ['losing_evidence', 'lost', ['charge.dispute.updated', 'charge.dispute.closed']],
    ] as const) {
      const { stripe, charge, intent } = await paidWith('pm_card_createDispute')
      const [dispute] = (await stripe.disputes.list({ payment_intent: intent })).data
      expect(dispute).toMatchObject({ charge, amount: 2900, reason: 'fraudulent', status: 'needs_response' })
      expect((await refusalOf(stripe.refunds.create({ charge }))).code).toBe('charge_disputed')
      expect((await stripe.disputes.update(String(dispute?.id), { evidence: { uncategorized_text: text } })).status).toBe(status)
      expect(await typesOf(stripe, 'charge.dispute')).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn', ...types])
      expect((await refusalOf(stripe.disputes.close(String(dispute?.id)))).message).toContain('already closed')
    }
  })

  test('are opened and decided by hand; a lost one leaves the subscription, unless it is to end', async () => {
    const kept = await paidWith('pm_card_visa')
    const first = kept.simulator.dispute(kept.invoice, 'product_not_received')
    expect(await kept.stripe.disputes.retrieve(first)).toMatchObject({ reason: 'product_not_received', payment_intent: kept.intent })
    kept.simulator.closeDispute(first, 'lost')
    expect((await kept.stripe.subscriptions.retrieve(kept.subscription.id)).status).toBe('active')

    const ended = await paidWith('pm_card_visa')
    ended.simulator.configure({ lostDisputes: 'cancel' })
    ended.simulator.closeDispute(ended.simulator.dispute(ended.charge), 'lost')
    expect(await ended.stripe.subscriptions.retrieve(ended.subscription.id)).toMatchObject({ status: 'canceled', cancellation_details: { reason: 'payment_disputed' } })
  })

  test('over the control routes', async () => {
    const { stripe, url, intent } = await paidWith('pm_card_visa')
    const opened = Object(await (await fetch(`${url}/_/payments/${intent}/dispute`, { method: 'POST', body: '{}' })).json())
    expect(opened).toMatchObject({ object: 'dispute', payment_intent: intent })
    await fetch(`${url}/_/disputes/${opened.id}/close`, { method: 'POST', body: JSON.stringify({ outcome: 'won' }) })
    expect((await stripe.disputes.retrieve(opened.id)).status).toBe('won')
    const wrong = await fetch(`${url}/_/disputes/${opened.id}/close`, { method: 'POST', body: JSON.stringify({ outcome: 'drawn' }) })
    expect(wrong.status).toBe(400)
  })

  test('begin as an inquiry with one test card: no money is taken yet, and it can be refunded', async () => {
    const { stripe, charge } = await paidWith('pm_card_createDisputeInquiry')
    const [dispute] = (await stripe.disputes.list({ charge })).data
    expect(dispute).toMatchObject({ status: 'warning_needs_response', is_charge_refundable: true })
    expect(await typesOf(stripe, 'charge.dispute')).toEqual(['charge.dispute.created'])
    expect((await stripe.refunds.create({ charge })).status).toBe('succeeded')
  })
})

/** https://docs.stripe.com/billing/customer/balance: what is credited pays first, what is owed is added. */
test('the balance of a customer is applied to the next invoice', async () => {
  const { stripe } = await startSimulator()
  const { month } = await createPlan(stripe)
  const table = [[-1000, 1900, 0], [-5000, 0, -2100], [600, 3500, 0], [0, 2900, 0]] as const
  for (const [balance, amount_due, after] of table) {
    const customer = await stripe.customers.create({ balance, payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } })
    const { latest_invoice } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: month.id }], expand: ['latest_invoice'] })
    expect(latest_invoice).toMatchObject({ total: 2900, amount_due, starting_balance: balance, ending_balance: after, status: 'paid' })
    expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ balance: after })
  }
  const { id } = await stripe.customers.create({})
  expect((await stripe.customers.update(id, { balance: -5 })).balance).toBe(-5)
})

/** https://docs.stripe.com/billing/customer/balance: not to invoices of Checkout pages on which something is paid once. */
test('the balance of a customer is not spent on a page on which something is paid once', async () => {
  const { simulator, stripe } = await startSimulator()
  const { id: customer } = await stripe.customers.create({ balance: -3000 })
  const price = await stripe.prices.create({ currency: 'usd', unit_amount: 500, product_data: { name: 'Credits' } })
  const { session } = await openCheckout(stripe, price.id, { customer, mode: 'payment', invoice_creation: { enabled: true } })
  simulator.completeCheckout(session.id)
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice', 'payment_intent'] })
  expect(paid).toMatchObject({ invoice: { total: 500, amount_due: 500, amount_paid: 500 }, payment_intent: { amount: 500, status: 'succeeded' } })
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: -3000 })
})

test('items are added, changed and removed by themselves', async () => {
  const running = await startSimulator()
  const { stripe } = running
  const { month, product } = await createPlan(stripe)
  const { subscription } = await subscribe(running, month.id)
  const extra = await stripe.prices.create({ currency: 'usd', unit_amount: 500, recurring: { interval: 'month' }, product: product.id })
  const item = await stripe.subscriptionItems.create({ subscription: subscription.id, price: extra.id, quantity: 2, proration_behavior: 'always_invoice' })
  expect((await stripe.invoices.list({ subscription: subscription.id })).data[0]?.total).toBe(1000)
  expect((await stripe.subscriptionItems.update(item.id, { quantity: 3, metadata: { a: 'b' } })).quantity).toBe(3)
  expect(await stripe.subscriptionItems.del(item.id, { proration_behavior: 'none' })).toEqual(expect.objectContaining({ id: item.id, deleted: true }))
  expect((await stripe.subscriptions.retrieve(subscription.id)).items.data).toHaveLength(1)
  const last = await refusalOf(stripe.subscriptionItems.del(String(subscription.items.data[0]?.id)))
  expect(last.message).toBe('A subscription must have at least one item.')
  expect((await refusalOf(stripe.subscriptionItems.update('si_none', { quantity: 1 }))).statusCode).toBe(404)
})
