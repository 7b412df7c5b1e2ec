import type { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { createPlan, idOf, refusalOf, startSimulator, subscribe, type RunningSimulator } from './running-simulator.ts'

const declining = '4000000000000341'

async function typesSince(stripe: Stripe, created: number): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100, created: { gte: created } })
  return data.map((event) => event.type).toReversed()
}

function periodOf(subscription: Stripe.Subscription): string[] {
  const [item] = subscription.items.data
  return [item?.current_period_start, item?.current_period_end].map((at) => new Date(Number(at) * 1000).toISOString())
}

async function pastDue(): Promise<RunningSimulator & { customer: Stripe.Customer; subscription: Stripe.Subscription }> {
  const running = await startSimulator()
  const { month } = await createPlan(running.stripe)
  const { customer, subscription } = await subscribe(running, month.id)
  running.simulator.setCard(customer.id, declining)
  running.simulator.clock.advance({ months: 1 })
  return { ...running, customer, subscription }
}

describe('renewal', () => {
  test('is clamped to the month, counted from the original anchor', async () => {
    const running = await startSimulator()
    const { month } = await createPlan(running.stripe)
    const { subscription } = await subscribe(running, month.id)
    const ends: string[] = []
    for (let count = 0; count < 13; count += 1) {
      const read = await running.stripe.subscriptions.retrieve(subscription.id)
      ends.push(String(periodOf(read)[1]).slice(0, 10))
      running.simulator.clock.advance({ to: Number(read.items.data[0]?.current_period_end) * 1000 })
    }
    expect(ends).toEqual([
      '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31', '2026-06-30', '2026-07-31', '2026-08-31',
      '2026-09-30', '2026-10-31', '2026-11-30', '2026-12-31', '2027-01-31', '2027-02-28',
    ])
    const invoices = await running.stripe.invoices.list({ subscription: subscription.id, limit: 100 })
    expect(invoices.data).toHaveLength(14)
    expect(invoices.data.every((invoice) => invoice.status === 'paid' && invoice.total === 2900)).toBe(true)
    expect(new Set(invoices.data.map((invoice) => invoice.number)).size).toBe(14)
  })

  test('of a leap-day year, of weeks and of several months', async () => {
    const running = await startSimulator({ clock: { now: Date.UTC(2028, 1, 29), mode: 'frozen' } })
    const { stripe, simulator } = running
    const { year, product } = await createPlan(stripe)
    const price = (interval: 'week' | 'month', interval_count: number): Promise<Stripe.Price> =>
      stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 100, recurring: { interval, interval_count } })
    const yearly = await subscribe(running, year.id)
    const fortnightly = await subscribe(running, (await price('week', 2)).id)
    const quarterly = await subscribe(running, (await price('month', 3)).id)
    simulator.clock.advance({ years: 1, months: 6 })
    const period = async (id: string): Promise<string[]> =>
      periodOf(await stripe.subscriptions.retrieve(id)).map((at) => at.slice(0, 10))
    expect(await period(yearly.subscription.id)).toEqual(['2029-02-28', '2030-02-28'])
    expect(await period(fortnightly.subscription.id)).toEqual(['2029-08-28', '2029-09-11'])
    expect(await period(quarterly.subscription.id)).toEqual(['2029-08-29', '2029-11-29'])
    simulator.clock.advance({ years: 3 })
    expect(await period(yearly.subscription.id)).toEqual(['2032-02-29', '2033-02-28'])
  })

  test('of many is done in order, each at its own instant', async () => {
    const running = await startSimulator()
    const { stripe, simulator } = running
    const { month } = await createPlan(stripe)
    await subscribe(running, month.id)
    simulator.clock.advance({ days: 3 })
    await subscribe(running, month.id)
    const start = Math.floor(simulator.clock.now() / 1000) + 1
    simulator.clock.advance({ months: 2 })
    const { data } = await stripe.invoices.list({ status: 'paid', created: { gte: start } })
    const days = data.map(({ created }) => new Date(created * 1000).toISOString().slice(0, 10)).toReversed()
    expect(days).toEqual(['2026-02-28', '2026-03-03', '2026-03-31', '2026-04-03'])
  })

  test('also happens by itself while the clock runs', async () => {
    const running = await startSimulator({ clock: { now: Date.now() - 32 * 86_400_000, mode: 'running' } })
    const { month } = await createPlan(running.stripe)
    const { subscription } = await subscribe(running, month.id)
    running.simulator.clock.advance({ to: Date.now() + 1000 })
    const read = await running.stripe.subscriptions.retrieve(subscription.id)
    expect(read.items.data[0]?.current_period_start).toBe(subscription.items.data[0]?.current_period_end)
  })
})

describe('trial', () => {
  test('is announced three days before and turns into a paid period', async () => {
    const running = await startSimulator()
    const { month } = await createPlan(running.stripe)
    const { subscription } = await subscribe(running, month.id, { subscription_data: { trial_period_days: 14 } })
    running.simulator.clock.advance({ days: 11 })
    expect(await typesSince(running.stripe, subscription.created + 1)).toEqual(['customer.subscription.trial_will_end'])
    const short = await subscribe(running, month.id, { subscription_data: { trial_period_days: 2 } })
    expect(await typesSince(running.stripe, short.subscription.created)).toContain('customer.subscription.trial_will_end')
    running.simulator.clock.advance({ days: 3 })
    const active = await running.stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
    expect(active).toMatchObject({ status: 'active', billing_cycle_anchor: subscription.trial_end })
    expect(active.latest_invoice).toMatchObject({ status: 'paid', total: 2900, billing_reason: 'subscription_cycle' })
    expect(periodOf(active).map((at) => at.slice(0, 10))).toEqual(['2026-02-14', '2026-03-14'])
  })

  test('that ends on a declined card gets past due', async () => {
    const running = await startSimulator()
    const { month } = await createPlan(running.stripe)
    const { customer, subscription } = await subscribe(running, month.id, { subscription_data: { trial_period_days: 7 } })
    running.simulator.setCard(customer.id, declining)
    running.simulator.clock.advance({ days: 7 })
    expect((await running.stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due')
  })

  test('that ends without a card is canceled where that was asked for, else past due', async () => {
    const { stripe, simulator } = await startSimulator()
    const { month } = await createPlan(stripe)
    const { id: customer } = await stripe.customers.create({})
    const request = { customer, items: [{ price: month.id }], trial_period_days: 7 }
    const canceled = await stripe.subscriptions.create({ ...request, trial_settings: { end_behavior: { missing_payment_method: 'cancel' } } })
    const owing = await stripe.subscriptions.create(request)
    simulator.clock.advance({ days: 7 })
    expect(await stripe.subscriptions.retrieve(canceled.id, { expand: ['latest_invoice'] })).toMatchObject({ status: 'canceled', latest_invoice: { status: 'void' } })
    expect(await stripe.subscriptions.retrieve(owing.id, { expand: ['latest_invoice'] })).toMatchObject({ status: 'past_due', latest_invoice: { status: 'open' } })
  })

  test('goes on through a change of price, of which nothing is prorated', async () => {
    const running = await startSimulator()
    const { stripe } = running
    const { month, year } = await createPlan(stripe)
    const { subscription } = await subscribe(running, month.id, { subscription_data: { trial_period_days: 7 } })
    running.simulator.clock.advance({ days: 2 })
    const items = [{ id: String(subscription.items.data[0]?.id), price: year.id }]
    const changed = await stripe.subscriptions.update(subscription.id, { items })
    expect(changed).toMatchObject({ status: 'trialing', trial_end: subscription.trial_end, latest_invoice: subscription.latest_invoice })
    running.simulator.clock.advance({ days: 5 })
    const { latest_invoice } = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
    expect(latest_invoice).toMatchObject({ total: 29_000, lines: { data: [{ amount: 29_000 }] } })
  })

  test('can be ended at once', async () => {
    const running = await startSimulator()
    const { month } = await createPlan(running.stripe)
    const { subscription } = await subscribe(running, month.id, { subscription_data: { trial_period_days: 7 } })
    running.simulator.clock.advance({ days: 2 })
    const ended = await running.stripe.subscriptions.update(subscription.id, { trial_end: 'now' })
    expect(ended.status).toBe('active')
    expect(periodOf(ended).map((at) => at.slice(0, 10))).toEqual(['2026-02-02', '2026-03-02'])
  })

  // https://docs.stripe.com/api/subscriptions/update#update_subscription-trial_end
  test('can be ended together with a change of price: a new period is billed in full, as previewed', async () => {
    const running = await startSimulator()
    const { simulator, stripe } = running
    const { month, year } = await createPlan(stripe)
    const { subscription } = await subscribe(running, month.id, { subscription_data: { trial_period_days: 7 } })
    simulator.clock.advance({ days: 2 })
    const items = [{ id: String(subscription.items.data[0]?.id), price: year.id }]
    const change: Stripe.SubscriptionUpdateParams & Stripe.InvoiceCreatePreviewParams.SubscriptionDetails = { items, proration_behavior: 'always_invoice', trial_end: 'now' }
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: change })
    expect(preview).toMatchObject({ total: 29_000, lines: { data: [{ amount: 29_000 }] } })
    const ended = await stripe.subscriptions.update(subscription.id, { ...change, payment_behavior: 'pending_if_incomplete', expand: ['latest_invoice'] })
    expect(ended).toMatchObject({ status: 'active', trial_end: simulator.clock.now() / 1000, latest_invoice: { status: 'paid', total: 29_000, billing_reason: 'subscription_update' } })
    expect(periodOf(ended).map((at) => at.slice(0, 10))).toEqual(['2026-02-02', '2027-02-02'])
  })

  test('can get shorter with a change of price, and is announced anew', async () => {
    const running = await startSimulator()
    const { simulator, stripe } = running
    const { month, year } = await createPlan(stripe)
    const { subscription } = await subscribe(running, month.id, { subscription_data: { trial_period_days: 30 } })
    const trial_end = simulator.clock.now() / 1000 + 2 * 86_400
    const items = [{ id: String(subscription.items.data[0]?.id), price: year.id }]
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: { items, trial_end } })
    expect(preview).toMatchObject({ total: 29_000, period_end: trial_end })
    expect(await stripe.subscriptions.update(subscription.id, { items, trial_end })).toMatchObject({
      status: 'trialing', trial_end, billing_cycle_anchor: trial_end, items: { data: [{ current_period_end: trial_end }] },
    })
    expect((await stripe.events.list({ type: 'customer.subscription.trial_will_end' })).data).toHaveLength(1)
    simulator.clock.advance({ days: 2 })
    expect(await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })).toMatchObject({ status: 'active', latest_invoice: { total: 29_000 } })
  })
})

describe('a card that fails', () => {
  test('makes the subscription past due, with an open invoice and its next attempt', async () => {
    const { stripe, subscription } = await pastDue()
    const read = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
    expect(read.status).toBe('past_due')
    const end = Number(subscription.items.data[0]?.current_period_end)
    expect(read.latest_invoice).toMatchObject({
      status: 'open', amount_remaining: 2900, attempt_count: 1, next_payment_attempt: end + 3 * 86_400,
    })
    expect(await typesSince(stripe, end)).toContain('invoice.payment_failed')
  })

  test('is tried again after 3, 5 and 7 days, then the subscription ends', async () => {
    const { simulator, stripe, subscription } = await pastDue()
    const end = Number(subscription.items.data[0]?.current_period_end)
    simulator.clock.advance({ days: 15 })
    const canceled = await stripe.subscriptions.retrieve(subscription.id)
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_details: { reason: 'payment_failed' }, ended_at: end + 15 * 86_400 })
    const { data } = await stripe.events.list({ type: 'invoice.payment_failed' })
    expect(data.map((event) => (event.created - end) / 86_400).toReversed()).toEqual([0, 3, 8, 15])
  })

  test('leaves several invoices open, and recovers with the latest of them', async () => {
    const running = await startSimulator()
    const { stripe, simulator } = running
    const week = await stripe.prices.create({ product_data: { name: 'Weekly' }, currency: 'usd', unit_amount: 100, recurring: { interval: 'week' } })
    const { customer, subscription } = await subscribe(running, week.id)
    simulator.setCard(customer.id, declining)
    simulator.clock.advance({ weeks: 2 })
    const open = (await stripe.invoices.list({ subscription: subscription.id, status: 'open' })).data.map(({ id }) => id)
    expect(open).toHaveLength(2)
    simulator.setCard(customer.id, '4242424242424242')
    const [latest = '', older = ''] = open
    await stripe.invoices.pay(older)
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due')
    await stripe.invoices.pay(latest)
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
  })

  test('recovers with a new card, by the next attempt or by paying', async () => {
    const first = await pastDue()
    first.simulator.setCard(first.customer.id, '4242424242424242')
    first.simulator.clock.advance({ days: 3 })
    expect((await first.stripe.subscriptions.retrieve(first.subscription.id)).status).toBe('active')

    const second = await pastDue()
    const invoice = idOf((await second.stripe.subscriptions.retrieve(second.subscription.id)).latest_invoice)
    expect(await refusalOf(second.stripe.invoices.pay(invoice))).toMatchObject({ statusCode: 402, code: 'card_declined' })
    expect((await second.stripe.invoices.pay(invoice, { payment_method: 'pm_card_visa' })).status).toBe('paid')
    expect((await second.stripe.subscriptions.retrieve(second.subscription.id)).status).toBe('active')
    expect((await refusalOf(second.stripe.invoices.pay(invoice))).statusCode).toBe(400)
  })
})

describe('an end', () => {
  test('can be at the period end, at an instant, taken back, and at once', async () => {
    const running = await startSimulator()
    const { stripe, simulator } = running
    const { month } = await createPlan(stripe)
    const { subscription } = await subscribe(running, month.id)
    const end = subscription.items.data[0]?.current_period_end
    const ending = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    expect(ending).toMatchObject({ status: 'active', cancel_at: end, cancel_at_period_end: true, cancellation_details: { reason: 'cancellation_requested' } })
    const resumed = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false })
    expect(resumed).toMatchObject({ cancel_at: null, cancel_at_period_end: false, canceled_at: null })
    const instant = subscription.created + 86_400
    expect(await stripe.subscriptions.update(subscription.id, { cancel_at: instant })).toMatchObject({ cancel_at: instant, cancel_at_period_end: false })
    expect((await stripe.subscriptions.update(subscription.id, { cancel_at: 'min_period_end' })).cancel_at).toBe(end)
    simulator.clock.advance({ months: 1 })
    const ended = await stripe.subscriptions.retrieve(subscription.id)
    expect(ended).toMatchObject({ status: 'canceled', ended_at: end })
    expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1)
    expect((await refusalOf(stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }))).statusCode).toBe(400)

    const other = await subscribe(running, month.id)
    const canceled = await stripe.subscriptions.cancel(other.subscription.id, { cancellation_details: { feedback: 'unused' } })
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_details: { feedback: 'unused' } })
    expect((await refusalOf(stripe.subscriptions.cancel(other.subscription.id))).statusCode).toBe(400)
    const all = await stripe.subscriptions.list({ status: 'all' })
    expect(all.data).toHaveLength(2)
    expect((await stripe.subscriptions.list()).data).toHaveLength(0)
    expect((await stripe.subscriptions.list({ status: 'ended' })).data).toHaveLength(2)
  })

  test('comes with the customer', async () => {
    const running = await startSimulator()
    const { month } = await createPlan(running.stripe)
    const { customer, subscription } = await subscribe(running, month.id)
    await running.stripe.customers.del(customer.id)
    expect((await running.stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled')
    running.simulator.clock.advance({ years: 1 })
  })
})

describe('a change of price', () => {
  test('credits and debits the rest of the period, to the second', async () => {
    const running = await startSimulator({ clock: { now: Date.UTC(2026, 3, 1), mode: 'frozen' } })
    const { stripe, simulator } = running
    const { month, product } = await createPlan(stripe)
    const team = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 9900, recurring: { interval: 'month' } })
    const { subscription } = await subscribe(running, month.id)
    simulator.clock.advance({ days: 10 })
    const change = { items: [{ id: String(subscription.items.data[0]?.id), price: team.id }] }
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: change })
    // 20 of 30 days remain: 2900 * 2/3 = 1933.33, 9900 * 2/3 = 6600; then a whole month of 9900.
    expect(preview.lines.data.map((line) => line.amount)).toEqual([-1933, 6600, 9900])
    const changed = await stripe.subscriptions.update(subscription.id, change)
    expect(changed.items.data[0]?.price.id).toBe(team.id)
    expect(changed.latest_invoice).toBe(subscription.latest_invoice)
    simulator.clock.advance({ days: 20 })
    const renewed = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
    expect(renewed.latest_invoice).toMatchObject({ total: -1933 + 6600 + 9900, status: 'paid' })
  })

  test('can be invoiced at once or not prorated', async () => {
    const running = await startSimulator({ clock: { now: Date.UTC(2026, 3, 1), mode: 'frozen' } })
    const { stripe, simulator } = running
    const { month } = await createPlan(stripe)
    const { customer, subscription } = await subscribe(running, month.id)
    simulator.clock.advance({ days: 15 })
    const item = String(subscription.items.data[0]?.id)
    const doubled = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, quantity: 2 }],
      proration_behavior: 'always_invoice',
      expand: ['latest_invoice'],
    })
    expect(doubled.latest_invoice).toMatchObject({ total: 1450, status: 'paid', billing_reason: 'subscription_update' })
    await stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 1 }], proration_behavior: 'none' })
    expect((await stripe.invoices.list({ customer: customer.id })).data).toHaveLength(2)
  })

  test('to another interval starts a new period now; a credit is kept on the balance', async () => {
    const running = await startSimulator({ clock: { now: Date.UTC(2026, 3, 1), mode: 'frozen' } })
    const { stripe, simulator } = running
    const { month, year } = await createPlan(stripe)
    const { customer, subscription } = await subscribe(running, year.id)
    simulator.clock.advance({ days: 73 })
    const item = String(subscription.items.data[0]?.id)
    const switched = await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: month.id }], expand: ['latest_invoice'] })
    expect(periodOf(switched).map((at) => at.slice(0, 10))).toEqual(['2026-06-13', '2026-07-13'])
    // 292 of 365 days remain of 29,000: 23,200 credited, 2,900 billed.
    expect(switched.latest_invoice).toMatchObject({ total: -20_300, amount_due: 0, status: 'paid', ending_balance: -20_300 })
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -20_300 })
    simulator.clock.advance({ months: 1 })
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -17_400 })
  })

  test('is refused without a trace when the card is declined and that was asked for', async () => {
    const running = await startSimulator()
    const { stripe, simulator } = running
    const { month, year } = await createPlan(stripe)
    const { customer, subscription } = await subscribe(running, month.id)
    simulator.setCard(customer.id, declining)
    const before = simulator.state()
    const items = [{ id: String(subscription.items.data[0]?.id), price: year.id }]
    const refusal = await refusalOf(stripe.subscriptions.update(subscription.id, { items, payment_behavior: 'error_if_incomplete' }))
    expect(refusal.statusCode).toBe(402)
    expect(simulator.state()).toEqual(before)
    expect((await stripe.subscriptions.update(subscription.id, { items })).status).toBe('past_due')
  })
})

describe('a subscription made through the API', () => {
  test('needs a card, is collected at once, or stays incomplete for 23 hours', async () => {
    const { stripe, simulator } = await startSimulator()
    const { month } = await createPlan(stripe)
    const customer = await stripe.customers.create({})
    const request = { customer: customer.id, items: [{ price: month.id }] }
    expect((await refusalOf(stripe.subscriptions.create(request))).code).toBe('resource_missing')
    const paid = await stripe.subscriptions.create({ ...request, default_payment_method: 'pm_card_visa' })
    expect(paid.status).toBe('active')
    const declined = { ...request, default_payment_method: 'pm_card_chargeCustomerFail' }
    const before = simulator.state()
    expect((await refusalOf(stripe.subscriptions.create({ ...declined, payment_behavior: 'error_if_incomplete' }))).statusCode).toBe(402)
    expect(simulator.state()).toEqual(before)
    const incomplete = await stripe.subscriptions.create(declined)
    expect(incomplete.status).toBe('incomplete')
    simulator.clock.advance({ hours: 23 })
    const expired = await stripe.subscriptions.retrieve(incomplete.id, { expand: ['latest_invoice'] })
    expect(expired).toMatchObject({ status: 'incomplete_expired', latest_invoice: { status: 'void' } })
  })

  test('what cannot be right is refused by name', async () => {
    const { stripe } = await startSimulator()
    const { month, year } = await createPlan(stripe)
    const { id: customer } = await stripe.customers.create({ payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } })
    const cases: [object, string | undefined, string][] = [
      [{ items: undefined }, 'parameter_missing', 'items'],
      [{ customer: undefined }, 'parameter_missing', 'customer'],
      [{ items: [{}] }, 'parameter_missing', 'items'],
      [{ items: [{ price: 'price_none' }] }, 'resource_missing', 'items[0][price]'],
      [{ items: [{ price: month.id }, { price: year.id }] }, 'simulator_unsupported', 'items'],
      [{ items: [{ price: month.id }, { price: month.id }] }, undefined, 'items'],
      [{ collection_method: 'send_invoice' }, 'parameter_missing', 'days_until_due'],
      [{ coupon: 'x' }, 'parameter_unknown', 'coupon'],
      [{ billing_mode: { type: 'classic' } }, 'simulator_unsupported', 'billing_mode[type]'],
      [{ trial_period_days: 3, trial_end: 4 }, 'parameters_exclusive', 'trial_end'],
    ]
    for (const [change, code, param] of cases) {
      const refusal = await refusalOf(stripe.subscriptions.create({ customer, items: [{ price: month.id }], ...change }))
      expect({ change, code: refusal.code, param: refusal.param }).toEqual({ change, code, param })
    }
  })
})

test('ends a trial in the second in which it began', async () => {
  const { stripe } = await startSimulator({ clock: { now: Date.UTC(2026, 3, 1), mode: 'frozen' } })
  const { month } = await createPlan(stripe)
  const customer = await stripe.customers.create({ payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } })
  const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: month.id }], trial_period_days: 14 })
  await stripe.subscriptions.update(id, { trial_end: 'now' })
  const ended = await stripe.subscriptions.retrieve(id)
  expect([ended.status, ended.items.data[0]?.current_period_end]).toEqual(['active', Date.UTC(2026, 4, 1) / 1000])
})
