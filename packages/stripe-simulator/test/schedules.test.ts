import type { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { createPlan, idOf, refusalOf, startSimulator, subscribe, type RunningSimulator } from './running-simulator.ts'

/**
 * What a schedule does is told in https://docs.stripe.com/billing/subscriptions/subscription-schedules and
 * https://docs.stripe.com/api/subscription_schedules.
 */
async function subscribed(): Promise<
  RunningSimulator & { month: Stripe.Price; year: Stripe.Price; basic: Stripe.Price; subscription: Stripe.Subscription }
> {
  const running = await startSimulator({ clock: { now: Date.UTC(2026, 3, 1), mode: 'frozen' } })
  const { month, year } = await createPlan(running.stripe)
  const basic = await running.stripe.prices.create({
    currency: 'usd',
    unit_amount: 1000,
    recurring: { interval: 'month' },
    product_data: { name: 'Basic' },
  })
  const { subscription } = await subscribe(running, year.id)
  return { ...running, month, year, basic, subscription }
}

function itemsOf(subscription: Stripe.Subscription): [string, number | undefined][] {
  return subscription.items.data.map(({ price, quantity }) => [price.id, quantity])
}

function periodOf(subscription: Stripe.Subscription): string[] {
  const [item] = subscription.items.data
  return [item?.current_period_start, item?.current_period_end].map((at) => new Date(Number(at) * 1000).toISOString().slice(0, 10))
}

async function downgrade({ stripe, subscription, basic, year }: Awaited<ReturnType<typeof subscribed>>): Promise<Stripe.SubscriptionSchedule> {
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const [phase] = schedule.phases
  return stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: 'release',
    phases: [
      { items: [{ price: year.id, quantity: 1 }], start_date: Number(phase?.start_date), end_date: Number(phase?.end_date) },
      { items: [{ price: basic.id, quantity: 2 }], duration: { interval: 'month' }, proration_behavior: 'none' },
    ],
  })
}

describe('a schedule made from a subscription', () => {
  test('has what the subscription has now as its only phase, until the period ends', async () => {
    const { stripe, subscription, year } = await subscribed()
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    const [item] = subscription.items.data
    const phase = { start_date: Number(item?.current_period_start), end_date: Number(item?.current_period_end) }
    expect(schedule).toMatchObject({
      status: 'active',
      subscription: subscription.id,
      end_behavior: 'release',
      current_phase: phase,
      phases: [{ ...phase, items: [{ price: year.id, quantity: 1 }], proration_behavior: 'create_prorations' }],
    })
    const read = await stripe.subscriptions.retrieve(subscription.id, { expand: ['schedule'] })
    expect(read.schedule).toMatchObject({ id: schedule.id, object: 'subscription_schedule' })
    const again = await refusalOf(stripe.subscriptionSchedules.create({ from_subscription: subscription.id }))
    expect(again).toMatchObject({ statusCode: 400, param: 'from_subscription' })
    expect(again.message).toBe(`You cannot migrate a subscription that is already attached to a schedule: \`${schedule.id}\`.`)
  })

  test('changes the subscription when the period ends, on the invoice of the new period, and lets go of it at its end', async () => {
    const running = await subscribed()
    const { simulator, stripe, subscription, year, basic } = running
    const schedule = await downgrade(running)
    expect(itemsOf(await stripe.subscriptions.retrieve(subscription.id))).toEqual([[year.id, 1]])
    expect(schedule.phases.map(({ start_date, end_date }) => [start_date, end_date].map((at) => new Date(at * 1000).toISOString().slice(0, 10)))).toEqual([
      ['2026-04-01', '2027-04-01'],
      ['2027-04-01', '2027-05-01'],
    ])
    simulator.clock.advance({ years: 1 })
    const moved = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
    expect(itemsOf(moved)).toEqual([[basic.id, 2]])
    expect(periodOf(moved)).toEqual(['2027-04-01', '2027-05-01'])
    expect(moved).toMatchObject({ status: 'active', schedule: schedule.id, latest_invoice: { status: 'paid', total: 2000, billing_reason: 'subscription_cycle' } })
    expect((await stripe.subscriptionSchedules.retrieve(schedule.id)).current_phase?.start_date).toBe(Date.UTC(2027, 3, 1) / 1000)
    simulator.clock.advance({ months: 1 })
    expect(await stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({ status: 'released', subscription: null, released_subscription: subscription.id, current_phase: null })
    const free = await stripe.subscriptions.retrieve(subscription.id)
    expect(free).toMatchObject({ status: 'active', schedule: null })
    expect(periodOf(free)).toEqual(['2027-05-01', '2027-06-01'])
    const { data } = await stripe.events.list({ type: 'subscription_schedule.*' })
    expect(data.map(({ type }) => type)).toEqual(['subscription_schedule.released', 'subscription_schedule.updated'])
  })

  test('released before the change leaves the subscription as it is', async () => {
    const running = await subscribed()
    const { simulator, stripe, subscription, year } = running
    const schedule = await downgrade(running)
    expect(await stripe.subscriptionSchedules.release(schedule.id)).toMatchObject({ status: 'released', released_subscription: subscription.id })
    simulator.clock.advance({ years: 1 })
    const read = await stripe.subscriptions.retrieve(subscription.id)
    expect(itemsOf(read)).toEqual([[year.id, 1]])
    expect(read.schedule).toBeNull()
    const refusal = await refusalOf(stripe.subscriptionSchedules.release(schedule.id))
    expect(refusal.message).toContain('currently in the `released` status')
  })

  test('canceled ends the subscription; a canceled subscription ends its schedule', async () => {
    const running = await subscribed()
    const { stripe, subscription } = running
    const schedule = await downgrade(running)
    expect(await stripe.subscriptionSchedules.cancel(schedule.id)).toMatchObject({ status: 'canceled', subscription: subscription.id })
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled')
    const other = await subscribe(running, running.month.id)
    const second = await stripe.subscriptionSchedules.create({ from_subscription: other.subscription.id })
    await stripe.subscriptions.cancel(other.subscription.id)
    expect((await stripe.subscriptionSchedules.retrieve(second.id)).status).toBe('canceled')
  })

  test('that ends by canceling shows its end on the subscription and completes there', async () => {
    const running = await subscribed()
    const { simulator, stripe, subscription } = running
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    await stripe.subscriptionSchedules.update(schedule.id, { end_behavior: 'cancel' })
    const end = Number(subscription.items.data[0]?.current_period_end)
    expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at).toBe(end)
    simulator.clock.advance({ years: 1 })
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ status: 'canceled', ended_at: end })
    expect(await stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({ status: 'completed', completed_at: end })
    expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1)
  })

  test('of a trial starts the new price when the trial ends', async () => {
    const running = await subscribed()
    const { simulator, stripe, month, basic } = running
    const { subscription } = await subscribe(running, month.id, { subscription_data: { trial_period_days: 10 } })
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    const [phase] = schedule.phases
    expect(phase).toMatchObject({ end_date: subscription.trial_end, trial_end: subscription.trial_end })
    await stripe.subscriptionSchedules.update(schedule.id, {
      phases: [
        { items: [{ price: month.id }], start_date: Number(phase?.start_date), end_date: Number(phase?.end_date), trial: true },
        { items: [{ price: basic.id }] },
      ],
    })
    simulator.clock.advance({ days: 10 })
    const read = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
    expect(itemsOf(read)).toEqual([[basic.id, 1]])
    expect(read).toMatchObject({ status: 'active', latest_invoice: { total: 1000 } })
    expect(periodOf(read)).toEqual(['2026-04-11', '2026-05-11'])
  })

  test('may change at once, and in the middle of a period, with prorations', async () => {
    const running = await subscribed()
    const { simulator, stripe, month, basic } = running
    const { subscription } = await subscribe(running, basic.id)
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    const start_date = Number(schedule.phases[0]?.start_date)
    await stripe.subscriptionSchedules.update(schedule.id, {
      phases: [
        { items: [{ price: basic.id }], start_date, end_date: start_date + 15 * 86_400 },
        { items: [{ price: month.id }], proration_behavior: 'always_invoice' },
      ],
    })
    simulator.clock.advance({ days: 15 })
    const read = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
    // April has 30 days: half of 29.00 less half of 10.00.
    expect(read.latest_invoice).toMatchObject({ total: 950, billing_reason: 'subscription_update', status: 'paid' })
    expect(periodOf(read)).toEqual(['2026-04-01', '2026-05-01'])
    const changed = await stripe.subscriptionSchedules.update(schedule.id, {
      proration_behavior: 'none',
      phases: [{ items: [{ price: basic.id, quantity: 3 }], start_date: 'now' }],
    })
    expect(changed.phases.map(({ items }) => items[0]?.quantity)).toEqual([1, 3])
    expect(itemsOf(await stripe.subscriptions.retrieve(subscription.id))).toEqual([[basic.id, 3]])
  })
})

describe('a schedule of its own', () => {
  test('starts now, or later by the clock', async () => {
    const { simulator, stripe, month } = await subscribed()
    const { id: customer } = await stripe.customers.create({ payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } })
    const phases = [{ items: [{ price: month.id, quantity: 2 }], duration: { interval: 'month', interval_count: 3 } as const, metadata: { a: 'b' } }]
    const now = await stripe.subscriptionSchedules.create({ customer, start_date: 'now', phases, end_behavior: 'cancel' })
    expect(now.status).toBe('active')
    const later = await stripe.subscriptionSchedules.create({ customer, start_date: Date.UTC(2026, 3, 8) / 1000, phases })
    expect(later).toMatchObject({ status: 'not_started', subscription: null, current_phase: null })
    expect((await stripe.subscriptionSchedules.list({ customer, scheduled: true })).data).toHaveLength(1)
    simulator.clock.advance({ days: 7 })
    const started = await stripe.subscriptionSchedules.retrieve(later.id, { expand: ['subscription'] })
    expect(started).toMatchObject({ status: 'active', subscription: { status: 'active', metadata: { a: 'b' }, schedule: later.id } })
    simulator.clock.advance({ months: 3 })
    expect((await stripe.subscriptions.retrieve(idOf(now.subscription))).status).toBe('canceled')
    expect((await stripe.invoices.list({ subscription: idOf(now.subscription) })).data).toHaveLength(3)
    expect((await stripe.subscriptionSchedules.retrieve(later.id)).status).toBe('released')
  })

  test('canceled before it starts never does', async () => {
    const { simulator, stripe, month } = await subscribed()
    const { id: customer } = await stripe.customers.create({})
    const schedule = await stripe.subscriptionSchedules.create({ customer, start_date: Date.UTC(2026, 3, 8) / 1000, phases: [{ items: [{ price: month.id }] }] })
    await stripe.subscriptionSchedules.cancel(schedule.id)
    simulator.clock.advance({ months: 1 })
    expect(await stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({ status: 'canceled', subscription: null })
  })
})

test('what cannot be scheduled is refused', async () => {
  const running = await subscribed()
  const { stripe, subscription, month } = running
  const { id } = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const items = [{ price: month.id }]
  const start_date = Number(subscription.items.data[0]?.current_period_start)
  const cases: [Stripe.SubscriptionScheduleUpdateParams.Phase[], string | undefined, string][] = [
    [[{ items }], undefined, 'phases'],
    [[{ items, start_date: start_date - 5 }], undefined, 'phases[0][start_date]'],
    [[{ items, start_date, end_date: start_date - 5 }], undefined, 'phases[0][end_date]'],
    [[{ items, start_date, end_date: start_date + 5, duration: { interval: 'day' } }], 'parameters_exclusive', 'phases[0][duration]'],
    [[{ items: [{ price: 'price_none' }], start_date }], 'resource_missing', 'phases[0][items][0][price]'],
    [[{ items, start_date, end_date: start_date + 500 }, { items, start_date: start_date + 600 }], undefined, 'phases[1][start_date]'],
  ]
  for (const [phases, code, param] of cases) {
    const refusal = await refusalOf(stripe.subscriptionSchedules.update(id, { phases }))
    expect({ param: refusal.param, code: refusal.code, status: refusal.statusCode }).toEqual({ param, code, status: 400 })
  }
  const ends = await refusalOf(stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }))
  expect(ends.message).toBe(`The subscription is managed by the subscription schedule \`${id}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`)
})

/** https://docs.stripe.com/billing/subscriptions/subscription-schedules: a phase says which discounts there are while it runs. */
describe('discounts and trials of phases', () => {
  test('a coupon of the first phase is gone in the second', async () => {
    const { stripe, simulator, basic } = await subscribed()
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const card = 'pm_card_visa'
    const customer = await stripe.customers.create({ payment_method: card, invoice_settings: { default_payment_method: card } })
    const schedule = await stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: 'now',
      phases: [
        { items: [{ price: basic.id }], discounts: [{ coupon: coupon.id }], duration: { interval: 'month', interval_count: 3 } },
        { items: [{ price: basic.id }], duration: { interval: 'month' } },
      ],
    })
    expect(schedule.phases[0]?.discounts).toEqual([{ coupon: coupon.id, discount: null, promotion_code: null }])
    simulator.clock.advance({ months: 4 })
    const { data } = await stripe.invoices.list({ customer: customer.id })
    // 1000 less 50 % for three months
    expect(data.map(({ total }) => total)).toEqual([1000, 1000, 500, 500, 500])
    expect((await stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1)
  })

  test('a discount is carried on by its id; what no phase names ends', async () => {
    for (const isCarried of [true, false]) {
      const { stripe, simulator, subscription, year, basic } = await subscribed()
      const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'forever' })
      await stripe.subscriptions.update(subscription.id, { discounts: [{ coupon: coupon.id }] })
      const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
      const [phase] = schedule.phases
      const discounts = (phase?.discounts ?? []).map(({ discount }) => ({ discount: idOf(discount) }))
      expect(discounts).toHaveLength(1)
      await stripe.subscriptionSchedules.update(schedule.id, {
        phases: [
          { items: [{ price: year.id }], start_date: Number(phase?.start_date), end_date: Number(phase?.end_date), discounts },
          { items: [{ price: basic.id }], ...(isCarried && { discounts }) },
        ],
      })
      const preview = await stripe.invoices.createPreview({ subscription: subscription.id })
      simulator.clock.advance({ years: 1 })
      const [invoice] = (await stripe.invoices.list({ subscription: subscription.id })).data
      // 1000 less 25 %
      expect([preview.total, invoice?.total]).toEqual(isCarried ? [750, 750] : [1000, 1000])
      expect((await stripe.subscriptions.retrieve(subscription.id)).discounts).toHaveLength(isCarried ? 1 : 0)
      expect((await stripe.events.list({ type: 'customer.discount.deleted' })).data).toHaveLength(isCarried ? 0 : 1)
    }
  })

  test('a trial starts with its phase', async () => {
    const { stripe, simulator, subscription, year, basic } = await subscribed()
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    const [phase] = schedule.phases
    const trialEnd = Number(phase?.end_date) + 14 * 86_400
    await stripe.subscriptionSchedules.update(schedule.id, {
      phases: [
        { items: [{ price: year.id }], start_date: Number(phase?.start_date), end_date: Number(phase?.end_date) },
        { items: [{ price: basic.id }], trial_end: trialEnd, duration: { interval: 'month' } },
      ],
    })
    simulator.clock.advance({ years: 1 })
    const onTrial = await stripe.subscriptions.retrieve(subscription.id)
    expect(onTrial).toMatchObject({ status: 'trialing', trial_start: phase?.end_date, trial_end: trialEnd })
    expect(periodOf(onTrial)).toEqual(['2027-04-01', '2027-04-15'])
    expect((await stripe.invoices.list({ subscription: subscription.id })).data[0]?.total).toBe(0)
    simulator.clock.advance({ days: 11 })
    expect((await stripe.events.list({ type: 'customer.subscription.trial_will_end' })).data).toHaveLength(1)
    simulator.clock.advance({ days: 3 })
    expect((await stripe.invoices.list({ subscription: subscription.id })).data[0]?.total).toBe(1000)
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ status: 'active', billing_cycle_anchor: trialEnd })
  })
})

async function tried(more: Partial<Stripe.SubscriptionUpdateParams>): Promise<Awaited<ReturnType<typeof subscribed>> & { after: Stripe.Subscription }> {
  const running = await subscribed()
  const { stripe, simulator, subscription } = running
  const customer = idOf(subscription.customer)
  const { id } = await stripe.subscriptions.create({ customer, items: [{ price: running.month.id }], default_payment_method: (await stripe.paymentMethods.list({ customer })).data[0]?.id ?? '' })
  simulator.clock.advance({ days: 15 })
  const after = await stripe.subscriptions.update(id, { trial_end: Date.UTC(2026, 4, 10) / 1000, ...more })
  return { ...running, after }
}

/** https://docs.stripe.com/billing/subscriptions/billing-cycle: a trial moves the day on which a subscription is billed. */
describe('a trial of a running subscription', () => {
  test('credits the time that was paid for', async () => {
    const { stripe, simulator, after } = await tried({})
    expect(after).toMatchObject({ status: 'trialing', trial_start: Date.UTC(2026, 3, 16) / 1000, trial_end: Date.UTC(2026, 4, 10) / 1000, billing_cycle_anchor: Date.UTC(2026, 4, 10) / 1000 })
    expect(periodOf(after)).toEqual(['2026-04-16', '2026-05-10'])
    // 15 of 30 days of 2900 were not used
    expect((await stripe.invoices.retrieve(idOf(after.latest_invoice))).lines.data.map(({ amount }) => amount)).toEqual([-1450, 0])
    simulator.clock.advance({ days: 24 })
    const next = await stripe.subscriptions.retrieve(after.id)
    expect(periodOf(next)).toEqual(['2026-05-10', '2026-06-10'])
    const invoice = await stripe.invoices.retrieve(idOf(next.latest_invoice))
    expect([invoice.total, invoice.amount_paid]).toEqual([2900, 1450])
  })

  test('credits nothing where that is asked for, and refuses one in the past', async () => {
    const { stripe, after } = await tried({ proration_behavior: 'none' })
    expect((await stripe.invoices.retrieve(idOf(after.latest_invoice))).lines.data.map(({ amount }) => amount)).toEqual([0])
    expect((await refusalOf(tried({ trial_end: 1 }))).param).toBe('trial_end')
  })
})
