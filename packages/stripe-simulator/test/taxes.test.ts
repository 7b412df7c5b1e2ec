import type { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { refusalOf, startSimulator, type RunningSimulator } from './running-simulator.ts'

const april = Date.UTC(2026, 3, 1)
const where = { success_url: 'http://a/', cancel_url: 'http://b/' }

interface Taxed extends RunningSimulator {
  readonly customer: string
}

async function startTaxed(taxPercentage: number): Promise<Taxed> {
  const running = await startSimulator({ clock: { now: april, mode: 'frozen' } })
  running.simulator.configure({ taxPercentage })
  const { id: customer } = await running.stripe.customers.create({ payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } })
  return { ...running, customer }
}

async function priceOf({ stripe }: RunningSimulator, unit_amount: number, isOnce = false): Promise<string> {
  const product = await stripe.products.create({ name: 'Pro' })
  return (await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount, ...(!isOnce && { recurring: { interval: 'month' } }) })).id
}

function subscription(price: string, more: Partial<Stripe.Checkout.SessionCreateParams> = {}): Stripe.Checkout.SessionCreateParams {
  return { ...where, mode: 'subscription', line_items: [{ price, quantity: 1 }], ...more }
}

/**
 * Worked out by hand: what is left after discounts times the percentage, rounded by the line, a half away from zero, and added to it.
 * https://docs.stripe.com/billing/taxes/tax-rates, https://docs.stripe.com/tax/checkout
 */
const table: [string, { percentage: number; cents: number; off?: number; subtotal: number; discount: number; tax: number; total: number }][] = [
  ['20 % of 29.00', { percentage: 20, cents: 2900, subtotal: 2900, discount: 0, tax: 580, total: 3480 }],
  ['8.875 % of 19.99, which is 177.41', { percentage: 8.875, cents: 1999, subtotal: 1999, discount: 0, tax: 177, total: 2176 }],
  ['7.7 % of 5.00, which is 38.5', { percentage: 7.7, cents: 500, subtotal: 500, discount: 0, tax: 39, total: 539 }],
  ['19 % of 29.00 less a quarter, which is 413.25', { percentage: 19, cents: 2900, off: 25, subtotal: 2900, discount: 725, tax: 413, total: 2588 }],
  ['nothing where everything is taken off', { percentage: 19, cents: 2900, off: 100, subtotal: 2900, discount: 2900, tax: 0, total: 0 }],
  ['nothing where nobody is registered', { percentage: 0, cents: 2900, subtotal: 2900, discount: 0, tax: 0, total: 2900 }],
]

describe('a checkout with automatic tax', () => {
  test.each(table)('is taxed: %s, on its first invoice and on the next', async (_name, { percentage, cents, off, subtotal, discount, tax, total }) => {
    const taxed = await startTaxed(percentage)
    const { stripe, simulator, customer } = taxed
    const coupon = off === undefined ? undefined : await stripe.coupons.create({ percent_off: off, duration: 'forever' })
    const session = await stripe.checkout.sessions.create(subscription(await priceOf(taxed, cents), {
      customer, automatic_tax: { enabled: true }, ...(coupon !== undefined && { discounts: [{ coupon: coupon.id }] }),
    }))
    expect(session).toMatchObject({ amount_subtotal: subtotal, amount_total: total, automatic_tax: { enabled: true, status: 'complete' }, total_details: { amount_discount: discount, amount_tax: tax } })
    const [line] = (await stripe.checkout.sessions.listLineItems(session.id)).data
    expect(line).toMatchObject({ amount_subtotal: subtotal, amount_discount: discount, amount_tax: tax, amount_total: total })
    simulator.completeCheckout(session.id)
    simulator.clock.advance({ months: 1 })
    const invoices = (await stripe.invoices.list({ customer })).data
    expect(invoices).toHaveLength(2)
    for (const invoice of invoices) {
      expect(invoice).toMatchObject({ status: 'paid', subtotal, total, amount_paid: total, default_tax_rates: [], automatic_tax: { enabled: true, status: 'complete', provider: 'stripe' } })
      expect((invoice.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0)).toBe(tax)
      expect(invoice.total_excluding_tax).toBe(total - tax)
    }
  })

  test('gives and takes tax with the rest of the time when a plan is changed: half of April of 58.00 for half of 29.00', async () => {
    const taxed = await startTaxed(20)
    const { stripe, simulator, customer } = taxed
    const [small, large] = [await priceOf(taxed, 2900), await priceOf(taxed, 5800)]
    const session = await stripe.checkout.sessions.create(subscription(small, { customer, automatic_tax: { enabled: true } }))
    simulator.completeCheckout(session.id)
    simulator.clock.advance({ days: 15 })
    const [bought] = (await stripe.subscriptions.list()).data
    const change = { items: [{ id: bought?.items.data[0]?.id ?? '', price: large }], proration_behavior: 'always_invoice' as const }
    const preview = await stripe.invoices.createPreview({ subscription: bought?.id ?? '', subscription_details: change })
    await stripe.subscriptions.update(bought?.id ?? '', change)
    const [invoice] = (await stripe.invoices.list({ limit: 1 })).data
    // 2900 - 1450 = 1450, and 580 - 290 = 290.
    for (const made of [preview, invoice]) expect(made).toMatchObject({ subtotal: 1450, total: 1740, total_excluding_tax: 1450 })
    expect(invoice?.lines.data.map(({ amount, taxes }) => [amount, taxes?.[0]?.amount])).toEqual([[-1450, -290], [2900, 580]])
  })

  test('costs nothing during a trial, and tax with the price after it', async () => {
    const taxed = await startTaxed(20)
    const { stripe, simulator, customer } = taxed
    const session = await stripe.checkout.sessions.create(
      subscription(await priceOf(taxed, 2900), { customer, automatic_tax: { enabled: true }, subscription_data: { trial_period_days: 14 } }),
    )
    expect(session).toMatchObject({ amount_total: 0, total_details: { amount_tax: 0 } })
    simulator.completeCheckout(session.id)
    simulator.clock.advance({ days: 14 })
    expect((await stripe.invoices.list()).data.map(({ total }) => total)).toEqual([3480, 0])
  })

  test('charges the tax of what is bought once, with an invoice and without, and shows it on the page', async () => {
    const taxed = await startTaxed(20)
    const { stripe, simulator, customer, url } = taxed
    const price = await priceOf(taxed, 1000, true)
    for (const enabled of [true, false]) {
      const session = await stripe.checkout.sessions.create({
        ...where, mode: 'payment', customer, line_items: [{ price, quantity: 2 }], automatic_tax: { enabled: true }, invoice_creation: { enabled },
      })
      const shown = await (await fetch(session.url?.replace(/^https?:\/\/[^/]+/, url) ?? '')).text()
      expect(shown).toContain('$24.00')
      expect(shown).toContain('Tax</span><span>$4.00')
      simulator.completeCheckout(session.id)
    }
    expect((await stripe.paymentIntents.list()).data.map(({ amount, status }) => [amount, status])).toEqual([[2400, 'succeeded'], [2400, 'succeeded']])
    expect((await stripe.invoices.list()).data.map(({ total }) => total)).toEqual([2400])
  })

  test('taxes what is left after a code that is entered on the page', async () => {
    const taxed = await startTaxed(20)
    const { stripe, simulator } = taxed
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'once' })
    await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })
    const session = await stripe.checkout.sessions.create(subscription(await priceOf(taxed, 2900), { automatic_tax: { enabled: true }, allow_promotion_codes: true }))
    simulator.completeCheckout(session.id, { promotionCode: 'HALF' })
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ amount_total: 1740, total_details: { amount_discount: 1450, amount_tax: 290 } })
  })
})

describe('tax rates', () => {
  test('are those of the subscription that a checkout starts, and not beside automatic tax', async () => {
    const taxed = await startTaxed(50)
    const { stripe, simulator, customer } = taxed
    const price = await priceOf(taxed, 2900)
    const included = await stripe.taxRates.create({ display_name: 'VAT', percentage: 19, inclusive: true })
    const rates = { subscription_data: { default_tax_rates: [included.id] } }
    const both = subscription(price, { customer, automatic_tax: { enabled: true }, ...rates })
    expect(await refusalOf(stripe.checkout.sessions.create(both))).toMatchObject({ statusCode: 400, param: 'subscription_data[default_tax_rates]' })
    const session = await stripe.checkout.sessions.create(subscription(price, { customer, ...rates }))
    // 2900 - 2900 / 1.19 = 463.03
    expect(session).toMatchObject({ amount_subtotal: 2900, amount_total: 2900, total_details: { amount_tax: 463 } })
    simulator.completeCheckout(session.id)
    const [bought] = (await stripe.subscriptions.list()).data
    expect(bought?.default_tax_rates?.map(({ id }) => id)).toEqual([included.id])
    expect((await stripe.invoices.list()).data[0]).toMatchObject({ total: 2900, total_excluding_tax: 2437, automatic_tax: { enabled: false } })
  })

  test.each(['rates', 'automatic tax'])('and automatic tax end with a phase that does not name them: %s', async (kind) => {
    const taxed = await startTaxed(20)
    const { stripe, simulator, customer } = taxed
    const price = await priceOf(taxed, 2900)
    const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false })
    const taxes: Pick<Stripe.SubscriptionScheduleUpdateParams.Phase, 'automatic_tax' | 'default_tax_rates'> = kind === 'rates' ? { default_tax_rates: [rate.id] } : { automatic_tax: { enabled: true } }
    const { id } = await stripe.subscriptions.create({ customer, items: [{ price }], ...taxes })
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: id })
    const [phase] = schedule.phases
    expect(phase).toMatchObject(kind === 'rates' ? { default_tax_rates: [{ id: rate.id }] } : { automatic_tax: { enabled: true } })
    const month = { items: [{ price }], duration: { interval: 'month' as const } }
    await stripe.subscriptionSchedules.update(schedule.id, {
      phases: [{ items: [{ price }], start_date: phase?.start_date ?? 0, end_date: phase?.end_date ?? 0, ...taxes }, { ...month, ...taxes }, month],
    })
    simulator.clock.advance({ months: 2 })
    expect((await stripe.invoices.list()).data.map(({ total }) => total)).toEqual([2900, 3480, 3480])
  })
})
