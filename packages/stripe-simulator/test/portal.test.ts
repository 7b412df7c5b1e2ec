import type { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { createPlan, idOf, refusalOf, startSimulator, subscribe, type RunningSimulator } from './running-simulator.ts'

type Features = Stripe.BillingPortal.ConfigurationCreateParams.Features

interface Portal extends RunningSimulator {
  readonly month: Stripe.Price
  readonly year: Stripe.Price
  readonly customer: Stripe.Customer
  readonly subscription: Stripe.Subscription
  readonly portal: Stripe.BillingPortal.Session
  readonly act: (fields: Record<string, string>) => Promise<Response>
  readonly read: () => Promise<Stripe.Subscription>
}

async function openPortal(change: Partial<Features> = {}): Promise<Portal> {
  const running = await startSimulator({ clock: { now: Date.UTC(2026, 3, 1), mode: 'frozen' } })
  const { stripe } = running
  const { product, month, year } = await createPlan(stripe)
  const configuration = await stripe.billingPortal.configurations.create({
    business_profile: { headline: 'Your plan' },
    features: {
      subscription_cancel: { enabled: true },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price'],
        products: [{ product: product.id, prices: [month.id, year.id] }],
        proration_behavior: 'create_prorations',
      },
      payment_method_update: { enabled: true },
      invoice_history: { enabled: true },
      ...change,
    },
  })
  const { customer, subscription } = await subscribe(running, month.id)
  const portal = await stripe.billingPortal.sessions.create({
    customer: customer.id,
    configuration: configuration.id,
    return_url: 'http://localhost/account',
  })
  const act = (fields: Record<string, string>): Promise<Response> =>
    fetch(portal.url, {
      method: 'POST',
      body: new URLSearchParams({ subscription: subscription.id, ...fields }),
      redirect: 'manual',
    })
  return { ...running, month, year, customer, subscription, portal, act, read: () => stripe.subscriptions.retrieve(subscription.id) }
}

describe('the portal page', () => {
  // https://docs.stripe.com/changelog/clover/2025-09-30/customer-portal-trial-behavior
  test.each([
    [undefined, 'active', 29_000],
    ['end_trial', 'active', 29_000],
    ['continue_trial', 'trialing', 0],
  ] as const)('does with a trial on a switch what the configuration says: %s', async (behavior, status, paid) => {
    const { act, read, year, stripe, month } = await openPortal()
    const [configuration] = (await stripe.billingPortal.configurations.list()).data
    expect(configuration?.features.subscription_update.trial_update_behavior).toBe('end_trial')
    if (behavior !== undefined) await stripe.billingPortal.configurations.update(configuration?.id ?? '', { features: { subscription_update: { trial_update_behavior: behavior } } })
    const { id } = await read()
    const end = Date.UTC(2026, 3, 20) / 1000
    await stripe.subscriptions.update(id, { trial_end: end, proration_behavior: 'none' })
    expect(await read()).toMatchObject({ status: 'trialing', items: { data: [{ price: { id: month.id } }] } })
    expect((await act({ action: 'switch', price: year.id })).status).toBe(303)
    const after = await read()
    expect(after).toMatchObject({ status, trial_end: status === 'active' ? Date.UTC(2026, 3, 1) / 1000 : end, items: { data: [{ price: { id: year.id } }] } })
    expect(await stripe.invoices.retrieve(idOf(after.latest_invoice))).toMatchObject({ status: 'paid', amount_paid: paid })
  })

  test('shows the subscription and what the configuration offers', async () => {
    const { portal } = await openPortal()
    const text = await (await fetch(portal.url)).text()
    for (const shown of ['Your plan', 'Pro', '$29.00 / month', '$290.00 / year', 'Renews on May 1, 2026', 'Cancel subscription', 'Visa ending in 4242', 'http://localhost/account', 'April 1, 2026']) {
      expect(text).toContain(shown)
    }
  })

  test('offers nothing else', async () => {
    const off = { enabled: false }
    const { portal, act, read, year } = await openPortal({ subscription_cancel: off, subscription_update: off, payment_method_update: off, invoice_history: off })
    const text = await (await fetch(portal.url)).text()
    for (const hidden of ['Switch', 'Cancel', 'card number', 'Invoices']) expect(text).not.toContain(hidden)
    const before = await read()
    for (const fields of [{ action: 'cancel' }, { action: 'switch', price: year.id }, { action: 'card', card: '4242424242424242' }, { action: 'fly' }]) {
      const refused = await act(fields)
      expect(refused.status).toBe(402)
      expect(await refused.text()).toContain('not offered')
    }
    expect(JSON.stringify(await read())).toBe(JSON.stringify(before))
  })

  test('cancels by an instant and not by the flag, as the flexible billing mode does; resumes', async () => {
    const { act, read, simulator, subscription, portal } = await openPortal()
    const end = subscription.items.data[0]?.current_period_end
    expect((await act({ action: 'cancel' })).status).toBe(303)
    expect(await read()).toMatchObject({ status: 'active', cancel_at: end, cancel_at_period_end: false, cancellation_details: { reason: 'cancellation_requested' } })
    expect(await (await fetch(portal.url)).text()).toContain('Ends on May 1, 2026')
    await act({ action: 'resume' })
    expect(await read()).toMatchObject({ cancel_at: null, canceled_at: null })
    await act({ action: 'cancel' })
    simulator.clock.advance({ months: 1 })
    expect(await read()).toMatchObject({ status: 'canceled', ended_at: end })
    expect(await (await fetch(portal.url)).text()).toContain('There is no running subscription')
  })

  test('cancels at once where the configuration says so', async () => {
    const { act, read } = await openPortal({ subscription_cancel: { enabled: true, mode: 'immediately' } })
    await act({ action: 'cancel' })
    expect((await read()).status).toBe('canceled')
  })

  test('switches the price and takes another card', async () => {
    const { act, read, year, customer, stripe } = await openPortal()
    expect((await act({ action: 'card', card: '4000000000000341' })).status).toBe(303)
    const refused = await act({ action: 'switch', price: year.id })
    expect(refused.status).toBe(402)
    expect(await refused.text()).toContain('Your card was declined.')
    await act({ action: 'card', card: '5555555555554444' })
    expect((await act({ action: 'switch', price: year.id })).status).toBe(303)
    expect((await read()).items.data[0]?.price.id).toBe(year.id)
    expect((await stripe.paymentMethods.list({ customer: customer.id })).data[0]?.card?.brand).toBe('mastercard')
  })

  test("leaves other customers' subscriptions alone", async () => {
    const running = await openPortal()
    const other = await subscribe(running, running.month.id)
    expect((await running.act({ action: 'cancel', subscription: other.subscription.id })).status).toBe(402)
    expect((await running.stripe.subscriptions.retrieve(other.subscription.id)).cancel_at).toBeNull()
    expect((await fetch(`${running.url}/p/session/bps_none`)).status).toBe(404)
  })
})

const limited = (product: string, prices: string[]): Partial<Features> => ({
  subscription_update: {
    enabled: true,
    default_allowed_updates: ['price', 'quantity', 'promotion_code'],
    products: [{ product, prices, adjustable_quantity: { enabled: true, minimum: 1, maximum: 5 } }],
    proration_behavior: 'always_invoice',
    schedule_at_period_end: { conditions: [{ type: 'decreasing_item_amount' }, { type: 'shortening_interval' }] },
  },
})

async function openLimited(price: 'month' | 'year' = 'month'): Promise<Portal> {
  const running = await openPortal()
  const { stripe, month, year, subscription, customer } = running
  const features = limited(idOf(month.product), [month.id, year.id])
  const { id } = await stripe.billingPortal.configurations.create({ features })
  const portal = await stripe.billingPortal.sessions.create({ customer: customer.id, configuration: id })
  if (price === 'year') await stripe.subscriptions.update(subscription.id, { items: [{ id: subscription.items.data[0]?.id ?? '', price: year.id }] })
  const act = (fields: Record<string, string>): Promise<Response> =>
    fetch(portal.url, { method: 'POST', body: new URLSearchParams({ subscription: subscription.id, ...fields }), redirect: 'manual' })
  return { ...running, portal, act }
}

describe('changes in the portal', () => {
  test('a larger quantity is billed at once, as the configuration says', async () => {
    const { act, read, stripe, simulator, customer } = await openLimited()
    simulator.clock.advance({ days: 15 })
    expect((await act({ action: 'quantity', quantity: '3' })).status).toBe(303)
    expect((await read()).items.data[0]?.quantity).toBe(3)
    // 15 of 30 days are left: -2900 / 2 + 3 x 2900 / 2
    expect((await stripe.invoices.list({ customer: customer.id })).data[0]?.total).toBe(2900)
  })

  test('a quantity out of bounds changes nothing', async () => {
    const { act, read } = await openLimited()
    for (const quantity of ['0', '6', '1.5', '']) {
      const refused = await act({ action: 'quantity', quantity })
      expect(refused.status).toBe(402)
      expect(await refused.text()).toContain('from 1 to 5')
    }
    expect((await read()).items.data[0]?.quantity).toBe(1)
  })

  test('a smaller quantity waits for the end of the period, and can be taken back', async () => {
    const { act, read, portal, simulator, stripe, customer } = await openLimited()
    await act({ action: 'quantity', quantity: '3' })
    await act({ action: 'quantity', quantity: '2' })
    const waiting = await read()
    expect(waiting.items.data[0]?.quantity).toBe(3)
    expect(waiting.schedule).toMatch(/^sub_sched_/)
    expect(await (await fetch(portal.url)).text()).toContain('Changes to Pro × 2, $29.00 / month on May 1, 2026.')
    expect((await act({ action: 'quantity', quantity: '5' })).status).toBe(402)
    expect((await act({ action: 'drop-change' })).status).toBe(303)
    expect((await read()).schedule).toBeNull()
    await act({ action: 'quantity', quantity: '2' })
    simulator.clock.advance({ months: 1 })
    expect((await read()).items.data[0]?.quantity).toBe(2)
    expect((await stripe.invoices.list({ customer: customer.id })).data[0]?.total).toBe(5800)
  })

  test('what waits for the end of the period is taxed as before', async () => {
    const { act, read, simulator, stripe, customer, subscription } = await openLimited()
    simulator.configure({ taxPercentage: 20 })
    await stripe.subscriptions.update(subscription.id, { automatic_tax: { enabled: true } })
    await act({ action: 'quantity', quantity: '3' })
    await act({ action: 'quantity', quantity: '2' })
    simulator.clock.advance({ months: 1 })
    expect((await read()).automatic_tax.enabled).toBe(true)
    // 2 × 29.00 and a fifth of it.
    expect((await stripe.invoices.list({ customer: customer.id })).data[0]?.total).toBe(6960)
  })

  test('a shorter interval starts at the end of the period; its invoice has the new price alone', async () => {
    const { act, read, month, simulator, stripe, customer } = await openLimited('year')
    expect((await act({ action: 'switch', price: month.id })).status).toBe(303)
    const schedule = await stripe.subscriptionSchedules.retrieve(idOf((await read()).schedule))
    expect(schedule).toMatchObject({ status: 'active', end_behavior: 'release', phases: [{ end_date: Date.UTC(2027, 3, 1) / 1000 }, { start_date: Date.UTC(2027, 3, 1) / 1000, end_date: Date.UTC(2027, 4, 1) / 1000, items: [{ price: month.id }] }] })
    simulator.clock.advance({ years: 1 })
    expect((await read()).items.data[0]?.price.id).toBe(month.id)
    expect((await stripe.invoices.list({ customer: customer.id })).data[0]?.total).toBe(2900)
    simulator.clock.advance({ months: 1 })
    expect(await read()).toMatchObject({ schedule: null, status: 'active' })
  })

  test('a promotion code takes the place of the discount that runs', async () => {
    const { act, read, portal, simulator, stripe, customer } = await openLimited()
    for (const [code, percent_off] of [['TENTH', 10], ['HALF', 50]] as const) {
      const coupon = await stripe.coupons.create({ percent_off, duration: 'forever' })
      await stripe.promotionCodes.create({ code, promotion: { type: 'coupon', coupon: coupon.id } })
    }
    const refused = await act({ action: 'promotion', code: 'NONE' })
    expect(await refused.text()).toContain('This code is invalid.')
    await act({ action: 'promotion', code: 'tenth' })
    await act({ action: 'promotion', code: 'half' })
    expect((await read()).discounts).toHaveLength(1)
    expect(await (await fetch(portal.url)).text()).toContain('Discount: 50%')
    simulator.clock.advance({ months: 1 })
    expect((await stripe.invoices.list({ customer: customer.id })).data[0]?.total).toBe(1450)
  })

  test('shows a price in the currency of the subscription', async () => {
    const { stripe, simulator, url } = await openPortal()
    const product = await stripe.products.create({ name: 'Both' })
    const price = (unit_amount: number, interval: 'month' | 'year'): Promise<Stripe.Price> =>
      stripe.prices.create({ product: product.id, currency: 'usd', unit_amount, recurring: { interval }, currency_options: { eur: { unit_amount: unit_amount - 100 } } })
    const [month, year] = [await price(2000, 'month'), await price(20_000, 'year')]
    const customer = await stripe.customers.create({ email: 'ada@example.com' })
    const line_items = [{ price: month.id, quantity: 1 }]
    const session = await stripe.checkout.sessions.create({ mode: 'subscription', customer: customer.id, currency: 'eur', line_items, success_url: url })
    const checkout = await (await fetch(String(session.url))).text()
    expect(checkout).toContain('€19.00 / month')
    expect(checkout).not.toContain('bank account')
    simulator.completeCheckout(session.id)
    const { id } = await stripe.billingPortal.configurations.create({ features: limited(product.id, [month.id, year.id]) })
    const portal = await stripe.billingPortal.sessions.create({ customer: customer.id, configuration: id })
    expect(await (await fetch(portal.url)).text()).toContain('Switch to Both, €199.00 / year')
  })
})

describe('a pause in the portal', () => {
  const options: Stripe.BillingPortal.ConfigurationCreateParams.Features.SubscriptionPause.Duration = { type: 'interval_options', interval_options: [{ interval: 'month' }, { interval: 'month', interval_count: 3 }] }

  test('lasts as long as was chosen, and ends by itself', async () => {
    const { act, read, portal, simulator, stripe, customer } = await openPortal({ subscription_pause: { enabled: true, duration: options } })
    const text = await (await fetch(portal.url)).text()
    expect(text).toContain('Pause for 1 month<')
    expect(text).toContain('Pause for 3 months<')
    simulator.clock.advance({ days: 15 })
    expect((await act({ action: 'pause', length: '1' })).status).toBe(303)
    expect(await read()).toMatchObject({ status: 'paused', status_details: { paused: { subscription: { type: 'pause_requested' } } } })
    expect(await (await fetch(portal.url)).text()).toContain('Paused until July 16, 2026.')
    simulator.clock.advance({ days: 90 })
    expect((await read()).status).toBe('paused')
    simulator.clock.advance({ days: 1 })
    const resumed = await read()
    expect(resumed.status).toBe('active')
    expect(resumed.items.data[0]).toMatchObject({ current_period_start: Date.UTC(2026, 6, 16) / 1000, current_period_end: Date.UTC(2026, 7, 16) / 1000 })
    // The unused half of April is credited against the month that starts: 2900 - 1450.
    expect((await stripe.invoices.list({ customer: customer.id })).data.map(({ total }) => total)).toEqual([1450, 2900])
    expect((await stripe.events.list({ type: 'customer.subscription.resumed' })).data).toHaveLength(1)
  })

  test('without an end lasts until the customer resumes', async () => {
    const { act, read, simulator } = await openPortal({ subscription_pause: { enabled: true } })
    expect((await act({ action: 'pause' })).status).toBe(303)
    simulator.clock.advance({ years: 1 })
    expect((await read()).status).toBe('paused')
    expect((await act({ action: 'unpause' })).status).toBe(303)
    expect((await read()).status).toBe('active')
    expect((await act({ action: 'unpause' })).status).toBe(402)
  })

  test('is refused where it is not offered', async () => {
    const { act, stripe } = await openPortal()
    expect((await act({ action: 'pause' })).status).toBe(402)
    const features = { subscription_pause: { enabled: true, duration: { type: 'interval_options' as const } } }
    expect((await refusalOf(stripe.billingPortal.configurations.create({ features }))).param).toBe('features[subscription_pause][duration][interval_options]')
  })
})

describe('portal configurations', () => {
  test('are changed, listed, and needed', async () => {
    const { stripe, customer, month } = await openPortal()
    const [configuration] = (await stripe.billingPortal.configurations.list({ active: true })).data
    const id = String(configuration?.id)
    expect(configuration?.features.subscription_update.products).toBeUndefined()
    const expanded = await stripe.billingPortal.configurations.retrieve(id, { expand: ['features.subscription_update.products'] })
    expect(expanded.features.subscription_update.products?.[0]?.prices).toContain(month.id)
    const changed = await stripe.billingPortal.configurations.update(id, {
      active: false,
      metadata: { by: 'us' },
      features: { subscription_cancel: { mode: 'immediately' } },
    })
    expect(changed).toMatchObject({
      active: false, metadata: { by: 'us' }, features: { subscription_cancel: { enabled: true, mode: 'immediately' }, subscription_update: { enabled: true } },
    })
    expect((await stripe.billingPortal.configurations.list({ active: true })).data).toEqual([])
    const inactive = await refusalOf(stripe.billingPortal.sessions.create({ customer: customer.id, configuration: id }))
    const none = await refusalOf(stripe.billingPortal.sessions.create({ customer: customer.id }))
    expect([inactive.param, none.param]).toEqual(['configuration', 'configuration'])
    const unlisted = await refusalOf(stripe.billingPortal.configurations.create({ features: { subscription_update: { enabled: true } } }))
    expect(unlisted).toMatchObject({ code: 'parameter_missing', param: 'features[subscription_update][products]' })
    const unknown = await refusalOf(
      stripe.billingPortal.configurations.update(id, { features: { subscription_update: { products: [{ product: 'prod_none', prices: [] }] } } }),
    )
    expect(unknown.statusCode).toBe(400)
    const flow = { type: 'subscription_cancel' as const, subscription_cancel: { subscription: 'sub_1' } }
    const deep = await refusalOf(stripe.billingPortal.sessions.create({ customer: customer.id, configuration: id, flow_data: flow }))
    expect(deep.code).toBe('simulator_unsupported')
  })
})
