import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createPlan, idOf, onlySubscription, openCheckout, refusalOf, startSimulator, subscribe } from './running-simulator.ts'

const form = (fields: Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
  redirect: 'manual',
})

function post(url: string | null, fields: Record<string, string>): Promise<Response> {
  return fetch(String(url), form(fields))
}

describe('checkout', () => {
  test('a person pays on the page and is sent on with the session id', async () => {
    const { stripe } = await startSimulator()
    const { month } = await createPlan(stripe)
    const { customer, session } = await openCheckout(stripe, month.id, {
      client_reference_id: 'user_1',
      metadata: { plan: 'pro' },
      subscription_data: { metadata: { installation: 'a' } },
    })
    expect(session).toMatchObject({ status: 'open', payment_status: 'unpaid', amount_total: 2900, livemode: false })
    const page = await fetch(String(session.url))
    const text = await page.text()
    expect(page.status).toBe(200)
    for (const shown of ['Subscribe to Pro', '$29.00', 'per month', '4242 4242 4242 4242', 'ada@example.com', 'http://localhost/plans']) {
      expect(text).toContain(shown)
    }
    const paid = await fetch(String(session.url), form({ action: 'pay', card: '4242 4242 4242 4242' }))
    expect(paid.status).toBe(303)
    expect(paid.headers.get('location')).toBe(`http://localhost/done?session=${session.id}`)

    const completed = await stripe.checkout.sessions.retrieve(session.id)
    expect(completed).toMatchObject({ status: 'complete', payment_status: 'paid', url: null, client_reference_id: 'user_1' })
    const subscription = await onlySubscription(stripe, customer.id)
    expect(subscription).toMatchObject({ id: completed.subscription, status: 'active', metadata: { installation: 'a' } })
    expect((await fetch(String(session.url))).status).toBe(410)
  })

  test('a declined card is said on the page and leaves everything as it was', async () => {
    const { simulator, stripe } = await startSimulator()
    const { month } = await createPlan(stripe)
    const { session } = await openCheckout(stripe, month.id)
    const before = simulator.state()
    const declined = await fetch(String(session.url), form({ action: 'decline' }))
    expect(declined.status).toBe(402)
    expect(await declined.text()).toContain('Your card was declined.')
    const poor = await fetch(String(session.url), form({ action: 'pay', card: '4000 0000 0000 9995' }))
    expect(await poor.text()).toContain('insufficient funds')
    const unknown = await fetch(String(session.url), form({ action: 'pay', card: '4000 0000 0000 0010' }))
    expect(await unknown.text()).toContain('does not simulate this card number')
    expect(simulator.state()).toEqual(before)
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open')
  })

  test('what a page shows is escaped', async () => {
    const { stripe } = await startSimulator()
    const product = await stripe.products.create({ name: '<script>alert(1)</script>' })
    const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 100, recurring: { interval: 'month' } })
    const { session } = await openCheckout(stripe, price.id, { cancel_url: 'javascript:alert(1)' })
    const text = await (await fetch(String(session.url))).text()
    expect(text).not.toContain('<script>')
    expect(text).not.toContain('javascript:')
  })

  test('a trial takes the card and no money', async () => {
    const running = await startSimulator()
    const { month } = await createPlan(running.stripe)
    const { customer, session } = await openCheckout(running.stripe, month.id, { subscription_data: { trial_period_days: 14 } })
    expect(session.amount_total).toBe(0)
    expect(await (await fetch(String(session.url))).text()).toContain('Free until February 14, 2026')
    running.simulator.completeCheckout(session.id, { card: '4000000000000341' })
    const subscription = await onlySubscription(running.stripe, customer.id)
    expect(subscription.status).toBe('trialing')
    expect(subscription.trial_end).toBe(subscription.created + 14 * 86_400)
    expect(subscription.items.data[0]?.current_period_end).toBe(subscription.trial_end)
    const invoice = await running.stripe.invoices.retrieve(idOf(subscription.latest_invoice))
    expect(invoice).toMatchObject({ status: 'paid', total: 0, billing_reason: 'subscription_create' })
    expect((await running.stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('no_payment_required')
  })

  test('without a customer one is made from the email', async () => {
    const { simulator, stripe } = await startSimulator()
    const { month } = await createPlan(stripe)
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      line_items: [{ price: month.id, quantity: 2 }],
      success_url: 'http://localhost/done',
    })
    expect(session.amount_total).toBe(5800)
    await fetch(String(session.url), form({ action: 'pay', card: '4242424242424242', email: 'new@example.com' }))
    const { data } = await stripe.customers.list({ email: 'new@example.com' })
    expect(data).toHaveLength(1)
    expect((await stripe.checkout.sessions.retrieve(session.id)).customer).toBe(data[0]?.id)
    expect(simulator.state()).toMatchObject({ subscriptions: 1 })
  })

  test('a one-time payment makes no subscription', async () => {
    const { simulator, stripe } = await startSimulator()
    const product = await stripe.products.create({ name: 'Credits' })
    const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 500 })
    const { session } = await openCheckout(stripe, price.id, { mode: 'payment' })
    simulator.completeCheckout(session.id)
    const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['line_items'] })
    expect(paid).toMatchObject({ payment_status: 'paid', subscription: null, invoice: null })
    expect(paid.payment_intent).toMatch(/^pi_/)
    expect(paid.line_items?.data[0]).toMatchObject({ amount_total: 500, description: 'Credits' })
    const items = await stripe.checkout.sessions.listLineItems(session.id)
    expect(items.data).toHaveLength(1)
  })

  test('a session can be expired, expires after a day, and is paid once', async () => {
    const { simulator, stripe } = await startSimulator()
    const { month } = await createPlan(stripe)
    const expired = (await openCheckout(stripe, month.id)).session
    expect((await stripe.checkout.sessions.expire(expired.id)).status).toBe('expired')
    expect((await refusalOf(stripe.checkout.sessions.expire(expired.id))).statusCode).toBe(400)
    const forgotten = (await openCheckout(stripe, month.id)).session
    simulator.clock.advance({ hours: 23, minutes: 59 })
    expect((await stripe.checkout.sessions.retrieve(forgotten.id)).status).toBe('open')
    simulator.clock.advance({ minutes: 1 })
    expect((await stripe.checkout.sessions.retrieve(forgotten.id)).status).toBe('expired')
    const paid = (await openCheckout(stripe, month.id)).session
    simulator.completeCheckout(paid.id)
    expect(() => simulator.completeCheckout(paid.id)).toThrow('can no longer be paid')
    const { data } = await stripe.events.list({ type: 'checkout.session.expired' })
    expect(data.map((event) => event.created - forgotten.created)).toEqual([86_400, 0])
  })

  test('a session expires while the clock runs, also for who asks without a request', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { simulator, stripe } = await startSimulator({ clock: { mode: 'running' } })
    const { month } = await createPlan(stripe)
    const { session } = await openCheckout(stripe, month.id)
    vi.setSystemTime(Date.now() + 25 * 3_600_000)
    expect(() => simulator.completeCheckout(session.id)).toThrow('is expired')
  })

  test('what cannot be right is refused by name', async () => {
    const { stripe } = await startSimulator()
    const { month } = await createPlan(stripe)
    const oneTime = await stripe.prices.create({ product_data: { name: 'Credits' }, currency: 'usd', unit_amount: 500 })
    const cases: [object, string | undefined, string][] = [
      [{ mode: undefined }, 'parameter_missing', 'mode'],
      [{ success_url: undefined }, 'parameter_missing', 'success_url'],
      [{ line_items: undefined }, 'parameter_missing', 'line_items'],
      [{ line_items: [{ price: 'price_none', quantity: 1 }] }, 'resource_missing', 'line_items[0][price]'],
      [{ customer: 'cus_none' }, 'resource_missing', 'customer'],
      [{ customer_email: 'a@example.com' }, 'parameters_exclusive', 'customer'],
      [{ subscription_data: { trial_period_days: 0 } }, 'parameter_invalid_integer', 'subscription_data[trial_period_days]'],
      [{ line_items: [{ price: month.id, quantity: -1 }] }, 'parameter_invalid_integer', 'line_items[0][quantity]'],
      [{ line_items: [{ price: month.id, quantity: 1 }, { price: oneTime.id, quantity: 1 }] }, 'simulator_unsupported', 'line_items'],
      [{ mode: 'setup' }, undefined, 'line_items'],
      [{ discounts: [{ coupon: 'x' }] }, 'resource_missing', 'discounts[0][coupon]'],
      [{ custom_text: { submit: { message: 'x' } } }, 'simulator_unsupported', 'custom_text'],
      [{ subscription_data: { billing_mode: { type: 'classic' } } }, 'simulator_unsupported', 'subscription_data[billing_mode][type]'],
    ]
    for (const [change, code, param] of cases) {
      const refusal = await refusalOf(openCheckout(stripe, month.id, change))
      expect({ change, code: refusal.code, param: refusal.param }).toEqual({ change, code, param })
    }
    await stripe.prices.update(month.id, { active: false })
    expect((await refusalOf(openCheckout(stripe, month.id))).message).toContain('inactive')
  })
})

test('a completed checkout makes every event of a real one, within one second', async () => {
  const running = await startSimulator()
  const { month } = await createPlan(running.stripe)
  await subscribe(running, month.id)
  const { data } = await running.stripe.events.list({ limit: 100 })
  const types = data.map((event) => event.type).toReversed()
  expect(types.slice(3)).toEqual([
    'customer.created',
    'payment_method.attached',
    'customer.updated',
    'customer.subscription.created',
    'invoice.created',
    'payment_intent.created',
    'invoice.finalized',
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice.updated',
    'invoice.paid',
    'invoice.payment_succeeded',
    'invoice_payment.paid',
    'customer.subscription.updated',
    'checkout.session.completed',
  ])
  expect(new Set(data.map((event) => event.created)).size).toBe(1)
})

describe('the checkout page', () => {
  test('takes a promotion code, shows what it takes off, and drops it again', async () => {
    const running = await startSimulator()
    const { month } = await createPlan(running.stripe)
    const coupon = await running.stripe.coupons.create({ percent_off: 50, duration: 'once' })
    await running.stripe.promotionCodes.create({ code: 'HALF', promotion: { type: 'coupon', coupon: coupon.id } })
    const { session } = await openCheckout(running.stripe, month.id, { allow_promotion_codes: true })
    const unknown = await post(session.url, { action: 'code', code: 'NONE' })
    expect(unknown.status).toBe(402)
    expect(await unknown.text()).toContain('This code is invalid.')
    expect((await post(session.url, { action: 'code', code: ' half ' })).status).toBe(303)
    expect(await (await fetch(String(session.url))).text()).toContain('−$14.50')
    await post(session.url, { action: 'drop-code' })
    expect((await running.stripe.checkout.sessions.retrieve(session.id)).amount_total).toBe(2900)
    const complete = (body: object): Promise<Response> =>
      fetch(`${running.url}/_/checkout/sessions/${session.id}/complete`, { method: 'POST', body: JSON.stringify(body) })
    expect((await complete({ promotionCode: 'NONE' })).status).toBe(400)
    expect(await (await complete({ promotionCode: 'HALF' })).json()).toMatchObject({ status: 'complete', amount_total: 1450 })
    const { session: without } = await openCheckout(running.stripe, month.id)
    expect(await (await fetch(String(without.url))).text()).not.toContain('Promotion code')
  })

  test('asks for no card where none is needed', async () => {
    const running = await startSimulator()
    const { month } = await createPlan(running.stripe)
    const { customer, session } = await openCheckout(running.stripe, month.id, { payment_method_collection: 'if_required', subscription_data: { trial_period_days: 14 } })
    const text = await (await fetch(String(session.url))).text()
    expect(text).toContain('Start trial')
    expect(text).not.toContain('Card number')
    expect((await post(session.url, { action: 'pay' })).status).toBe(303)
    expect(await onlySubscription(running.stripe, customer.id)).toMatchObject({ status: 'trialing', default_payment_method: null })
    const { session: asking } = await openCheckout(running.stripe, month.id, { payment_method_collection: 'if_required' })
    expect(await (await fetch(String(asking.url))).text()).toContain('Card number')
  })

  test('takes a bank account, whose debit is decided days later', async () => {
    const running = await startSimulator()
    const { month } = await createPlan(running.stripe)
    const { customer, session } = await openCheckout(running.stripe, month.id)
    expect((await post(session.url, { action: 'pay', method: 'bank', bankAccount: '000123456789', card: '4242424242424242' })).status).toBe(303)
    expect((await onlySubscription(running.stripe, customer.id)).status).toBe('incomplete')
    running.simulator.clock.advance({ days: 4 })
    expect((await onlySubscription(running.stripe, customer.id)).status).toBe('active')
  })

  test('reads when the card expires', async () => {
    const running = await startSimulator()
    const { month } = await createPlan(running.stripe)
    const { session } = await openCheckout(running.stripe, month.id)
    const expired = await post(session.url, { action: 'pay', card: '4242424242424242', expiry: '12 / 25' })
    expect(await expired.text()).toContain('Your card has expired.')
    const empty = await post(session.url, { action: 'pay', card: '' })
    expect(await empty.text()).toContain('Your card number is incomplete.')
    expect((await post(session.url, { action: 'pay', card: '4242424242424242', expiry: '1/26' })).status).toBe(303)
  })
})
