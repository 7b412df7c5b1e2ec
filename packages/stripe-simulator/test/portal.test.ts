import type { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { createPlan, refusalOf, startSimulator, subscribe, type RunningSimulator } from './running-simulator.ts'

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
