import type { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { createPlan, idOf, openCheckout, onlySubscription, refusalOf, startSimulator, subscribe } from './running-simulator.ts'

const april = Date.UTC(2026, 3, 1)

describe('a pause', () => {
  test('ends the period, credits the rest, makes no invoices and is resumed by paying', async () => {
    const running = await startSimulator({ clock: { now: april, mode: 'frozen' } })
    const { stripe, simulator } = running
    const { month } = await createPlan(stripe)
    const { subscription } = await subscribe(running, month.id)
    simulator.clock.advance({ days: 15 })
    const paused = await stripe.subscriptions.pause(subscription.id)
    expect(paused).toMatchObject({ status: 'paused', status_details: { paused: { type: 'subscription', subscription: { type: 'pause_requested' } } } })
    expect(paused.items.data[0]?.current_period_end).toBe(april / 1000 + 15 * 86_400)
    simulator.clock.advance({ months: 3 })
    expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1)
    const waiting = await stripe.subscriptions.resume(subscription.id, { expand: ['latest_invoice'] })
    // Half of April's 29.00 was credited: 15 of 30 days.
    expect(waiting).toMatchObject({ status: 'paused', latest_invoice: { status: 'open', total: 1450, attempt_count: 0 } })
    await stripe.invoices.pay(String(Object(waiting.latest_invoice).id))
    const resumed = await stripe.subscriptions.retrieve(subscription.id)
    expect(resumed.status).toBe('active')
    expect(resumed.status_details).toBeUndefined()
    const types = (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type)
    expect(types).toContain('customer.subscription.resumed')
    expect((await refusalOf(stripe.subscriptions.resume(subscription.id))).statusCode).toBe(400)
  })

  test('stays when nobody attempts its invoice within 23 hours', async () => {
    const running = await startSimulator({ clock: { now: april, mode: 'frozen' } })
    const { stripe, simulator } = running
    const { month } = await createPlan(stripe)
    const { subscription } = await subscribe(running, month.id)
    await stripe.subscriptions.pause(subscription.id, { bill_for: { unused_time_from: { type: 'none' } } })
    simulator.clock.advance({ months: 1 })
    const { latest_invoice } = await stripe.subscriptions.resume(subscription.id)
    simulator.clock.advance({ hours: 23 })
    expect((await stripe.invoices.retrieve(idOf(latest_invoice))).status).toBe('void')
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('paused')
    expect(await stripe.subscriptions.resume(subscription.id, { payment_behavior: 'resume_on_payment_success' })).toMatchObject({ status: 'active' })
  })

  test('comes at the end of a trial without a card where that was asked for', async () => {
    const { stripe, simulator } = await startSimulator()
    const { month } = await createPlan(stripe)
    const { customer, session } = await openCheckout(stripe, month.id, {
      payment_method_collection: 'if_required',
      subscription_data: { trial_period_days: 7, trial_settings: { end_behavior: { missing_payment_method: 'pause' } } },
    })
    simulator.completeCheckout(session.id)
    simulator.clock.advance({ days: 7 })
    expect(await onlySubscription(stripe, customer.id)).toMatchObject({
      status: 'paused', status_details: { paused: { subscription: { type: 'trial_end_without_payment_method' } } },
    })
  })

  test('of collection leaves the status and does with invoices what it says, until it ends', async () => {
    const running = await startSimulator({ clock: { now: april, mode: 'frozen' } })
    const { stripe, simulator } = running
    const { month } = await createPlan(stripe)
    for (const [behavior, status] of [['keep_as_draft', 'draft'], ['mark_uncollectible', 'uncollectible'], ['void', 'void']] as const) {
      const { subscription } = await subscribe(running, month.id)
      const resumes_at = Math.floor(simulator.clock.now() / 1000) + 40 * 86_400
      await stripe.subscriptions.update(subscription.id, { pause_collection: { behavior, resumes_at } })
      simulator.clock.advance({ days: 35 })
      const held = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
      expect(held).toMatchObject({ status: 'active', latest_invoice: { status }, pause_collection: { behavior, resumes_at } })
      simulator.clock.advance({ months: 1 })
      expect(await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })).toMatchObject({ pause_collection: null, latest_invoice: { status: 'paid' } })
    }
  })
})

test.each([['keep_as_draft', 'draft'], ['mark_uncollectible', 'uncollectible'], ['void', 'void']] as const)(
  'a change while collection is paused (%s) is made, and nobody collects its invoice',
  async (behavior, status) => {
    const running = await startSimulator({ clock: { now: april, mode: 'frozen' } })
    const { stripe, simulator } = running
    const { month } = await createPlan(stripe)
    const { subscription } = await subscribe(running, month.id)
    simulator.clock.advance({ days: 15 })
    await stripe.subscriptions.update(subscription.id, { pause_collection: { behavior } })
    const items = [{ id: subscription.items.data[0]?.id ?? '', quantity: 2 }]
    const changed = await stripe.subscriptions.update(subscription.id, { items, proration_behavior: 'always_invoice', expand: ['latest_invoice'] })
    expect(changed.items.data.map(({ quantity }) => quantity)).toEqual([2])
    // Half of April: 14.50 more.
    expect(changed.latest_invoice).toMatchObject({ status, total: 1450, billing_reason: 'subscription_update', attempt_count: 0, amount_paid: 0 })
    expect((await stripe.invoices.list({ status: 'paid' })).data).toHaveLength(1)
  },
)

describe('a pending update', () => {
  test('is applied when its invoice is paid, and dropped after 23 hours', async () => {
    const running = await startSimulator({ clock: { now: april, mode: 'frozen' } })
    const { stripe, simulator } = running
    const { month, year } = await createPlan(stripe)
    const { customer, subscription } = await subscribe(running, month.id)
    simulator.setCard(customer.id, '4000000000000341')
    const change = (): Promise<Stripe.Subscription> =>
      stripe.subscriptions.update(subscription.id, {
        items: [{ id: String(subscription.items.data[0]?.id), price: year.id }],
        payment_behavior: 'pending_if_incomplete',
      })
    const held = await change()
    expect(held).toMatchObject({ status: 'active', pending_update: { expires_at: april / 1000 + 23 * 3600 } })
    expect(held.items.data[0]?.price.id).toBe(month.id)
    simulator.clock.advance({ hours: 23 })
    const dropped = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
    expect(dropped).toMatchObject({ status: 'active', pending_update: null, latest_invoice: { status: 'void' } })
    const again = await change()
    await stripe.invoices.pay(idOf(again.latest_invoice), { payment_method: 'pm_card_visa' })
    const applied = await stripe.subscriptions.retrieve(subscription.id)
    expect(applied).toMatchObject({ status: 'active', pending_update: null })
    expect(applied.items.data[0]?.price.id).toBe(year.id)
    const types = (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type)
    for (const type of ['customer.subscription.pending_update_applied', 'customer.subscription.pending_update_expired']) expect(types).toContain(type)
    expect((await refusalOf(stripe.subscriptions.update(subscription.id, { metadata: { a: 'b' }, payment_behavior: 'pending_if_incomplete' }))).param).toBe('metadata')
  })
})

describe('dunning', () => {
  test('ends as the account is set: unpaid, with drafts that nobody collects, until the debt is paid', async () => {
    const running = await startSimulator({ clock: { now: april, mode: 'frozen' } })
    const { stripe, simulator } = running
    const { month } = await createPlan(stripe)
    simulator.configure({ retryDays: [2, 4], afterRetries: 'unpaid' })
    const { customer, subscription } = await subscribe(running, month.id)
    simulator.setCard(customer.id, '4000000000000341')
    simulator.clock.advance({ days: 36 })
    const unpaid = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
    expect(unpaid).toMatchObject({ status: 'unpaid', latest_invoice: { status: 'open', attempt_count: 3, next_payment_attempt: null } })
    simulator.clock.advance({ months: 1 })
    const [draft, owed] = (await stripe.invoices.list({ subscription: subscription.id })).data
    expect(draft).toMatchObject({ status: 'draft', auto_advance: false })
    await stripe.invoices.pay(String(owed?.id), { payment_method: 'pm_card_visa' })
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
  })

  test('is over when the invoice is written off or paid elsewhere, and an expired card declines', async () => {
    const running = await startSimulator({ clock: { now: april, mode: 'frozen' } })
    const { stripe, simulator } = running
    const { month } = await createPlan(stripe)
    for (const end of ['markUncollectible', 'pay'] as const) {
      const { customer, session } = await openCheckout(stripe, month.id)
      const expiry = { month: new Date(simulator.clock.now()).getUTCMonth() + 1, year: 2026 }
      simulator.completeCheckout(session.id, { expiry })
      simulator.clock.advance({ months: 1 })
      const { latest_invoice, status, id } = await onlySubscription(stripe, customer.id)
      expect(status).toBe('past_due')
      if (end === 'pay') await stripe.invoices.pay(idOf(latest_invoice), { paid_out_of_band: true })
      else await stripe.invoices.markUncollectible(idOf(latest_invoice))
      expect((await stripe.subscriptions.retrieve(id)).status).toBe('active')
    }
  })
})

describe('a checkout', () => {
  test('with a bank account is paid days later, or fails then', async () => {
    const running = await startSimulator({ clock: { now: april, mode: 'frozen' } })
    const { stripe, simulator } = running
    const { month } = await createPlan(stripe)
    for (const [bankAccount, status, type] of [
      ['000123456789', 'active', 'checkout.session.async_payment_succeeded'],
      ['000222222227', 'incomplete_expired', 'checkout.session.async_payment_failed'],
    ] as const) {
      const { customer, session } = await openCheckout(stripe, month.id)
      simulator.completeCheckout(session.id, { bankAccount })
      expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
      simulator.clock.advance({ days: 4 })
      expect((await onlySubscription(stripe, customer.id)).status).toBe(status)
      expect((await stripe.events.list({ type })).data).toHaveLength(1)
    }
  })

  test('is not paid by something else while a debit is under way', async () => {
    const { simulator, stripe } = await startSimulator({ clock: { now: Date.UTC(2026, 3, 1), mode: 'frozen' } })
    const price = await stripe.prices.create({ currency: 'usd', unit_amount: 500, product_data: { name: 'Credits' } })
    const { session } = await openCheckout(stripe, price.id, { mode: 'payment', invoice_creation: { enabled: true } })
    simulator.completeCheckout(session.id, { bankAccount: '000123456789' })
    const { invoice } = await stripe.checkout.sessions.retrieve(session.id)
    expect(await refusalOf(stripe.invoices.pay(idOf(invoice)))).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' })
    simulator.clock.advance({ days: 4 })
    expect(await stripe.invoices.retrieve(idOf(invoice))).toMatchObject({ status: 'paid', amount_paid: 500 })
  })

  test('saves a card, and invoices a single payment', async () => {
    const { stripe, simulator } = await startSimulator()
    const { id: customer } = await stripe.customers.create({})
    const setup = await stripe.checkout.sessions.create({ mode: 'setup', currency: 'usd', customer, success_url: 'http://localhost/' })
    simulator.completeCheckout(setup.id, { card: '4000002500003155' })
    expect(await stripe.checkout.sessions.retrieve(setup.id, { expand: ['setup_intent'] })).toMatchObject({ status: 'complete', setup_intent: { status: 'succeeded', customer } })
    const price = await stripe.prices.create({ currency: 'usd', unit_amount: 500, product_data: { name: 'Credits' } })
    const { session } = await openCheckout(stripe, price.id, { mode: 'payment', invoice_creation: { enabled: true, invoice_data: { metadata: { pack: 'small' } } } })
    simulator.completeCheckout(session.id)
    const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice', 'payment_intent'] })
    expect(paid).toMatchObject({ payment_status: 'paid', invoice: { status: 'paid', billing_reason: 'manual', metadata: { pack: 'small' } }, payment_intent: { status: 'succeeded' } })
  })
})

test('lets go of a schedule whose subscription is paused', async () => {
  const running = await startSimulator({ clock: { now: Date.UTC(2026, 3, 1), mode: 'frozen' } })
  const { stripe, simulator } = running
  const { month } = await createPlan(stripe)
  const { subscription } = await subscribe(running, month.id)
  await stripe.subscriptions.pause(subscription.id)
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  simulator.clock.advance({ months: 2 })
  expect(await stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({ status: 'released' })
  expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ status: 'paused', schedule: null })
})
