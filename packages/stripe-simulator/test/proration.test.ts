import type { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { createPlan, idOf, refusalOf, startSimulator, subscribe, type RunningSimulator } from './running-simulator.ts'

const day = 86_400
/** April 2026 has 30 days: 2,592,000 seconds. */
const april: number = Date.UTC(2026, 3, 1)

interface Subscribed extends RunningSimulator {
  readonly price: (amount: number, interval?: 'month' | 'year') => Promise<string>
  readonly start: (price: string, quantity?: number) => Promise<Stripe.Subscription>
}

async function inApril(): Promise<Subscribed> {
  const running = await startSimulator({ clock: { now: april, mode: 'frozen' } })
  const { stripe } = running
  const { product } = await createPlan(stripe)
  return {
    ...running,
    price: async (unit_amount, interval = 'month') =>
      (await stripe.prices.create({ currency: 'usd', unit_amount, recurring: { interval }, product: product.id })).id,
    start: async (price, quantity = 1) => {
      const { id } = await stripe.customers.create({ payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } })
      return stripe.subscriptions.create({ customer: id, items: [{ price, quantity }] })
    },
  }
}

function itemOf(subscription: Stripe.Subscription): string {
  return String(subscription.items.data[0]?.id)
}

function amounts(invoice: Stripe.Invoice): number[] {
  return invoice.lines.data.map(({ amount }) => amount)
}

async function latest(stripe: Stripe, id: string): Promise<Stripe.Invoice> {
  return stripe.invoices.retrieve(idOf((await stripe.subscriptions.retrieve(id)).latest_invoice))
}

/** What a line says, without the ids that differ between a preview and the invoice itself. */
function said({ amount, description, period, quantity, parent, pricing, subtotal }: Stripe.InvoiceLineItem): object {
  const proration = parent?.invoice_item_details?.proration ?? parent?.subscription_item_details?.proration
  return { amount, description, period, quantity, proration, pricing, subtotal }
}

/**
 * The rule is on https://docs.stripe.com/billing/subscriptions/prorations: what is left of the period, to the second,
 * is credited at the old and debited at the new price. The first row is that page's own example, in cents.
 */
describe('an upgrade or downgrade within a period', () => {
  const table: [string, { from: [number, number]; to: [number, number]; after: number; credit: number; debit: number }][] = [
    ['10 to 20 halfway', { from: [1000, 1], to: [2000, 1], after: 15 * day, credit: -500, debit: 1000 }],
    // 2000 x 20/30 = 1333.33, 1000 x 20/30 = 666.67
    ['20 to 10 after a third', { from: [2000, 1], to: [1000, 1], after: 10 * day, credit: -1333, debit: 667 }],
    // 2900 x 1/2592000 = 0.001 and 9900 x 1/2592000 = 0.004: nothing is left to charge in the last second
    ['in the last second', { from: [2900, 1], to: [9900, 1], after: 30 * day - 1, credit: 0, debit: 0 }],
    // 2900 x 2591999/2592000 = 2899.9989, 9900 x 2591999/2592000 = 9899.9962
    ['in the first second', { from: [2900, 1], to: [9900, 1], after: 1, credit: -2900, debit: 9900 }],
    // 2900 x 1295999/2592000 = 1449.9989; 2901 x 1295999/2592000 = 1450.4989
    ['a second after half', { from: [2900, 1], to: [2901, 1], after: 15 * day + 1, credit: -1450, debit: 1450 }],
    // 3 x 1000 x 10/30 = 1000; 5 x 1000 x 10/30 = 1666.67
    ['three seats to five', { from: [1000, 3], to: [1000, 5], after: 20 * day, credit: -1000, debit: 1667 }],
    // 5 x 1000 x 29/30 = 4833.33; 1 x 1000 x 29/30 = 966.67
    ['five seats to one', { from: [1000, 5], to: [1000, 1], after: day, credit: -4833, debit: 967 }],
    // at the start of the period all of it
    ['at once', { from: [1000, 1], to: [2000, 1], after: 0, credit: -1000, debit: 2000 }],
  ]
  for (const [name, { from, to, after, credit, debit }] of table) {
    test(`${name}: previewed as it is then invoiced`, async () => {
      const { simulator, stripe, price, start } = await inApril()
      const old = await price(from[0])
      const subscription = await start(old, from[1])
      const next = to[0] === from[0] ? old : await price(to[0])
      simulator.clock.advance({ seconds: after })
      const proration_date = april / 1000 + after
      const items = [{ id: itemOf(subscription), price: next, quantity: to[1] }]
      const change = { items, proration_behavior: 'always_invoice', proration_date } as const
      const preview = await stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: change })
      // A minute passes before the person agrees; the date holds the amounts.
      simulator.clock.advance({ to: april + Math.min(after + 60, 30 * day - 1) * 1000 })
      await stripe.subscriptions.update(subscription.id, change)
      const invoice = await latest(stripe, subscription.id)
      expect(amounts(invoice)).toEqual([credit, debit])
      expect(invoice.total).toBe(credit + debit)
      expect(invoice.lines.data.map(said)).toEqual(preview.lines.data.map(said))
      expect(preview.total).toBe(invoice.total)
    })
  }

  test('is refused for a date outside the period', async () => {
    const { stripe, price, start } = await inApril()
    const subscription = await start(await price(1000))
    const items = [{ id: itemOf(subscription), quantity: 2 }]
    for (const proration_date of [april / 1000 - 1, april / 1000 + 30 * day + 1]) {
      const refusal = await refusalOf(stripe.subscriptions.update(subscription.id, { items, proration_date }))
      expect(refusal).toMatchObject({ statusCode: 400, param: 'proration_date' })
    }
  })
})

describe('the three behaviors', () => {
  test('create_prorations waits for the next invoice, always_invoice does not, none charges nothing', async () => {
    const { simulator, stripe, price, start } = await inApril()
    const [ten, twenty] = [await price(1000), await price(2000)]
    const made = await Promise.all([start(ten), start(ten), start(ten)])
    simulator.clock.advance({ days: 15 })
    for (const [index, proration_behavior] of (['create_prorations', 'always_invoice', 'none'] as const).entries()) {
      const subscription = made[index]
      if (subscription === undefined) continue
      await stripe.subscriptions.update(subscription.id, { items: [{ id: itemOf(subscription), price: twenty }], proration_behavior })
    }
    const totals = async (): Promise<number[][]> =>
      Promise.all(made.map(async ({ id }) => (await stripe.invoices.list({ subscription: id })).data.map(({ total }) => total)))
    expect(await totals()).toEqual([[1000], [500, 1000], [1000]])
    simulator.clock.advance({ days: 15 })
    expect(await totals()).toEqual([[2500, 1000], [2000, 500, 1000], [2000, 1000]])
  })
})

/** https://docs.stripe.com/billing/subscriptions/billing-mode/compare: credits are what was debited, one for each debit. */
describe('in the flexible mode', () => {
  test('nothing is credited that was never charged', async () => {
    const { simulator, stripe, price, start } = await inApril()
    const [ten, twenty] = [await price(1000), await price(2000)]
    const subscription = await start(ten)
    simulator.clock.advance({ days: 10 })
    await stripe.subscriptions.update(subscription.id, { items: [{ id: itemOf(subscription), price: twenty }], proration_behavior: 'none' })
    simulator.clock.advance({ days: 5 })
    await stripe.subscriptions.update(subscription.id, { items: [{ id: itemOf(subscription), price: ten }], proration_behavior: 'always_invoice' })
    // Half of the 10.00 that were paid is left, not half of 20.00.
    expect(amounts(await latest(stripe, subscription.id))).toEqual([-500, 500])
  })

  test('a credit after several changes is what the last of them debited', async () => {
    const { simulator, stripe, price, start } = await inApril()
    const [ten, twenty, thirty] = [await price(1000), await price(2000), await price(3000)]
    const subscription = await start(ten)
    const change = async (to: string): Promise<number[]> => {
      await stripe.subscriptions.update(subscription.id, { items: [{ id: itemOf(subscription), price: to }], proration_behavior: 'always_invoice' })
      return amounts(await latest(stripe, subscription.id))
    }
    simulator.clock.advance({ days: 10 })
    // 1000 x 20/30 and 2000 x 20/30
    expect(await change(twenty)).toEqual([-667, 1333])
    simulator.clock.advance({ days: 10 })
    // 1333 x 10/20 = 666.5, 3000 x 10/30
    expect(await change(thirty)).toEqual([-667, 1000])
    simulator.clock.advance({ days: 5 })
    // 1000 x 5/10, 1000 x 5/30 = 166.67
    expect(await change(ten)).toEqual([-500, 167])
  })
})

/** https://docs.stripe.com/billing/subscriptions/change-price: when the billing date moves. */
describe('a new period starts', () => {
  test('when the interval changes, less what is left of the old one', async () => {
    const { simulator, stripe, price, start } = await inApril()
    const [month, year] = [await price(1000), await price(10_000, 'year')]
    const subscription = await start(month)
    simulator.clock.advance({ days: 20 })
    const changed = await stripe.subscriptions.update(subscription.id, { items: [{ id: itemOf(subscription), price: year }] })
    const now = april / 1000 + 20 * day
    expect(changed.billing_cycle_anchor).toBe(now)
    expect(changed.items.data[0]).toMatchObject({ current_period_start: now, current_period_end: Date.UTC(2027, 3, 21) / 1000 })
    expect(amounts(await latest(stripe, subscription.id))).toEqual([-333, 10_000])
    simulator.clock.advance({ months: 6 })
    // 365 days from April 21; back to months on October 21, 182 days before the end: 10000 x 182/365 = 4986.30
    await stripe.subscriptions.update(subscription.id, { items: [{ id: itemOf(changed), price: month }] })
    const back = await latest(stripe, subscription.id)
    expect(amounts(back)).toEqual([-4986, 1000])
    expect(back).toMatchObject({ total: -3986, amount_due: 0, ending_balance: -3986 })
    simulator.clock.advance({ months: 1 })
    expect(await latest(stripe, subscription.id)).toMatchObject({ total: 1000, amount_due: 0, starting_balance: -3986, ending_balance: -2986 })
  })

  test('when free becomes paid, and when it is asked for', async () => {
    const { simulator, stripe, price, start } = await inApril()
    const [free, paid] = [await price(0), await price(3000)]
    const subscription = await start(free)
    simulator.clock.advance({ days: 10 })
    await stripe.subscriptions.update(subscription.id, { items: [{ id: itemOf(subscription), price: paid }] })
    expect(await latest(stripe, subscription.id)).toMatchObject({ total: 3000, status: 'paid' })
    simulator.clock.advance({ days: 10 })
    const request = { billing_cycle_anchor: { type: 'now' as const } }
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: request })
    const moved = await stripe.subscriptions.update(subscription.id, request)
    expect(moved.billing_cycle_anchor).toBe(april / 1000 + 20 * day)
    // From April 11 on 30 days were paid, 20 are left.
    expect(amounts(await latest(stripe, subscription.id))).toEqual([-2000, 3000])
    expect(amounts(preview)).toEqual([-2000, 3000])
  })
})

test('of several items only those that change are prorated; one that is added or removed counts for the rest', async () => {
  const { simulator, stripe, price, start } = await inApril()
  const [plan, seats, extra] = [await price(3000), await price(600), await price(900)]
  const subscription = await start(plan)
  await stripe.subscriptions.update(subscription.id, { items: [{ price: seats, quantity: 2 }], proration_behavior: 'none' })
  simulator.clock.advance({ days: 10 })
  const [, seat] = (await stripe.subscriptions.retrieve(subscription.id)).items.data
  await stripe.subscriptions.update(subscription.id, {
    items: [{ id: String(seat?.id), deleted: true }, { price: extra, quantity: 1 }],
    proration_behavior: 'always_invoice',
  })
  // The seats were added without a charge, so there is nothing to credit; 900 x 20/30.
  expect(amounts(await latest(stripe, subscription.id))).toEqual([600])
})

test('a scheduled change is previewed with the invoice that it will come to', async () => {
  const { simulator, stripe, price, start } = await inApril()
  const [high, low] = [await price(3000), await price(1000)]
  const subscription = await start(high)
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const [phase] = schedule.phases
  const phases = [
    { items: [{ price: high }], start_date: Number(phase?.start_date), end_date: Number(phase?.end_date) },
    { items: [{ price: low, quantity: 4 }], duration: { interval: 'month' as const } },
  ]
  const preview = await stripe.invoices.createPreview({ schedule: schedule.id, schedule_details: { phases } })
  expect(amounts(preview)).toEqual([4000])
  await stripe.subscriptionSchedules.update(schedule.id, { phases })
  const upcoming = await stripe.invoices.createPreview({ subscription: subscription.id })
  simulator.clock.advance({ months: 1 })
  const invoice = await latest(stripe, subscription.id)
  expect(invoice.lines.data.map(said)).toEqual(upcoming.lines.data.map(said))
  expect(invoice.lines.data.map(said)).toEqual(preview.lines.data.map(said))
  expect(invoice.total).toBe(4000)
})

test('what is changed on a scheduled subscription becomes part of its phase', async () => {
  const { stripe, price, start } = await inApril()
  const subscription = await start(await price(3000))
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  await stripe.subscriptions.update(subscription.id, { items: [{ id: itemOf(subscription), quantity: 3 }] })
  expect((await stripe.subscriptionSchedules.retrieve(schedule.id)).phases[0]?.items[0]?.quantity).toBe(3)
})

test('previews name what a subscription without a change comes to next', async () => {
  const running = await inApril()
  const { subscription } = await subscribe(running, await running.price(1000))
  const next = await running.stripe.invoices.createPreview({ subscription: subscription.id })
  expect(next).toMatchObject({ total: 1000, period_end: april / 1000 + 30 * day })
})

/** Whoever had 10 a month has 20 from the middle of April on, which waits for the next invoice. */
async function upgraded(): Promise<Subscribed & { readonly subscription: Stripe.Subscription }> {
  const running = await inApril()
  const { stripe, simulator, price, start } = running
  const subscription = await start(await price(1000))
  simulator.clock.advance({ seconds: 15 * day })
  await stripe.subscriptions.update(subscription.id, { items: [{ id: itemOf(subscription), price: await price(2000) }], proration_behavior: 'create_prorations' })
  return { ...running, subscription }
}

/** https://docs.stripe.com/api/subscriptions/cancel: `invoice_now` bills what is pending, and what is pending at a planned end is billed too. */
describe('what waits for the next invoice when a subscription ends', () => {
  test('is billed at once where that is asked for', async () => {
    const { stripe, subscription } = await upgraded()
    await stripe.subscriptions.cancel(subscription.id, { invoice_now: true })
    const invoice = await latest(stripe, subscription.id)
    expect(amounts(invoice)).toEqual([-500, 1000])
    expect(invoice).toMatchObject({ status: 'paid', total: 500 })
  })

  test('is lost where it is not', async () => {
    const { stripe, subscription } = await upgraded()
    await stripe.subscriptions.cancel(subscription.id)
    expect((await stripe.invoices.list()).data.map(({ total }) => total)).toEqual([1000])
  })

  test('is billed with the end of the period', async () => {
    const { simulator, stripe, subscription } = await upgraded()
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    simulator.clock.advance({ days: 16 })
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled')
    expect((await stripe.invoices.list()).data.map(({ total }) => total)).toEqual([500, 1000])
  })

  test('makes no invoice where nothing waits', async () => {
    const { stripe, price, start } = await inApril()
    const { id } = await start(await price(1000))
    await stripe.subscriptions.cancel(id, { invoice_now: true })
    expect((await stripe.invoices.list()).data).toHaveLength(1)
  })
})
