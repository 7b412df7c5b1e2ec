import type { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { createPlan, idOf, openCheckout, onlySubscription, refusalOf, startSimulator, subscribe, type RunningSimulator } from './running-simulator.ts'

async function intentOf(stripe: Stripe, invoice: string): Promise<Stripe.PaymentIntent> {
  const [payment] = (await stripe.invoicePayments.list({ invoice })).data
  return stripe.paymentIntents.retrieve(idOf(payment?.payment.payment_intent ?? null))
}

async function newSubscription(
  { stripe }: RunningSimulator,
  method: string,
  more: Partial<Stripe.SubscriptionCreateParams> = {},
): Promise<Stripe.Subscription> {
  const price = await stripe.prices.create({ product_data: { name: 'Pro' }, currency: 'usd', unit_amount: 2900, recurring: { interval: 'month' } })
  const { id: customer } = await stripe.customers.create({})
  return stripe.subscriptions.create({ customer, items: [{ price: price.id }], default_payment_method: method, ...more })
}

/**
 * What each card does, worked out by hand from https://docs.stripe.com/testing#regulatory-cards: the first payment with
 * the person there, the same once they have authenticated, and the renewal without them.
 */
const table = [
  ['pm_card_visa', 'active', 'succeeded', undefined, 'active'],
  ['pm_card_authenticationRequiredOnSetup', 'incomplete', 'requires_action', 'active', 'active'],
  ['pm_card_authenticationRequired', 'incomplete', 'requires_action', 'active', 'past_due'],
  ['pm_card_authenticationRequiredSetupForOffSession', 'incomplete', 'requires_action', 'active', 'active'],
  ['pm_card_threeDSecure2Required', 'incomplete', 'requires_action', 'active', 'past_due'],
  ['pm_card_authenticationRequiredChargeDeclinedInsufficientFunds', 'incomplete', 'requires_action', 'incomplete', 'incomplete_expired'],
  ['pm_card_threeDSecureRequiredChargeDeclined', 'incomplete', 'requires_action', 'incomplete', 'incomplete_expired'],
  ['pm_card_chargeCustomerFail', 'incomplete', 'requires_payment_method', undefined, 'incomplete_expired'],
] as const

describe('3-D Secure', () => {
  for (const [method, first, intentStatus, authenticated, renewed] of table) {
    test(`${method}: ${first}, then ${authenticated ?? first}, then ${renewed}`, async () => {
      const running = await startSimulator()
      const { stripe, simulator } = running
      const subscription = await newSubscription(running, method, { payment_settings: { save_default_payment_method: 'on_subscription' } })
      expect(subscription.status).toBe(first)
      const intent = await intentOf(stripe, idOf(subscription.latest_invoice))
      expect(intent.status).toBe(intentStatus)
      if (authenticated !== undefined) simulator.authenticate(intent.id)
      expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe(authenticated ?? first)
      simulator.clock.advance({ months: 1 })
      expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe(renewed)
    })
  }

  test('tells that the person has to act, and on a page they do or fail', async () => {
    const running = await startSimulator()
    const { stripe } = running
    const subscription = await newSubscription(running, 'pm_card_authenticationRequired')
    const types = (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type)
    for (const type of ['payment_intent.requires_action', 'invoice.payment_action_required', 'invoice.payment_failed']) expect(types).toContain(type)
    const invoice = await stripe.invoices.retrieve(idOf(subscription.latest_invoice), { expand: ['confirmation_secret', 'payments.data.payment.payment_intent'] })
    const intent = await intentOf(stripe, invoice.id)
    expect(invoice.confirmation_secret?.client_secret).toBe(intent.client_secret)
    const act = (action: string): Promise<Response> =>
      fetch(String(invoice.hosted_invoice_url), { method: 'POST', body: new URLSearchParams({ action, card: '4242424242424242' }), redirect: 'manual' })
    expect(await (await fetch(String(invoice.hosted_invoice_url))).text()).toContain('Complete authentication')
    expect((await act('fail')).status).toBe(402)
    expect(await intentOf(stripe, invoice.id)).toMatchObject({ status: 'requires_payment_method', last_payment_error: { code: 'payment_intent_authentication_failure' } })
    expect((await act('pay')).status).toBe(303)
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ status: 'active' })
    expect(await (await fetch(String(invoice.hosted_invoice_url))).text()).toContain('paid')
  })

  test('of a first payment is waited for 23 hours, then the invoice is void', async () => {
    const running = await startSimulator()
    const subscription = await newSubscription(running, 'pm_card_authenticationRequired')
    running.simulator.clock.advance({ hours: 23 })
    const expired = await running.stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
    expect(expired).toMatchObject({ status: 'incomplete_expired', latest_invoice: { status: 'void' } })
    expect((await intentOf(running.stripe, idOf(subscription.latest_invoice))).status).toBe('canceled')
  })

  test('is refused where the payment behaviour says so, and left to the person where it says that', async () => {
    const running = await startSimulator()
    const before = running.simulator.state()['subscriptions']
    const refused = await refusalOf(newSubscription(running, 'pm_card_authenticationRequired', { payment_behavior: 'error_if_incomplete' }))
    expect(refused).toMatchObject({ statusCode: 402, code: 'subscription_payment_intent_requires_action' })
    expect(running.simulator.state()['subscriptions']).toBe(before)
    const waiting = await newSubscription(running, 'pm_card_visa', { payment_behavior: 'default_incomplete' })
    expect(waiting.status).toBe('incomplete')
    const intent = await intentOf(running.stripe, idOf(waiting.latest_invoice))
    expect(intent.status).toBe('requires_confirmation')
    expect((await running.stripe.paymentIntents.confirm(intent.id)).status).toBe('succeeded')
    expect((await running.stripe.subscriptions.retrieve(waiting.id)).status).toBe('active')
  })

  test('of an invoice that is paid without the person is answered 402, and the retries go on', async () => {
    const running = await startSimulator()
    const { month } = await createPlan(running.stripe)
    const { customer, subscription } = await subscribe(running, month.id)
    running.simulator.setCard(customer.id, '4000002760003184')
    running.simulator.clock.advance({ months: 1 })
    const due = await running.stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
    expect(due).toMatchObject({ status: 'past_due', latest_invoice: { attempt_count: 1 } })
    const invoice = String(Object(due.latest_invoice).id)
    expect(await refusalOf(running.stripe.invoices.pay(invoice))).toMatchObject({ statusCode: 402, code: 'invoice_payment_intent_requires_action' })
    expect((await running.stripe.invoices.retrieve(invoice)).attempt_count).toBe(1)
    running.simulator.authenticate((await intentOf(running.stripe, invoice)).id)
    expect((await running.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
  })

  test('of a trial is a setup intent, pending until it is passed', async () => {
    const running = await startSimulator()
    const trial = await newSubscription(running, 'pm_card_authenticationRequiredOnSetup', { trial_period_days: 7 })
    expect(trial.status).toBe('trialing')
    const setup = await running.stripe.setupIntents.retrieve(idOf(trial.pending_setup_intent))
    expect(setup.status).toBe('requires_action')
    running.simulator.authenticate(setup.id)
    expect((await running.stripe.subscriptions.retrieve(trial.id)).pending_setup_intent).toBe(null)
    running.simulator.clock.advance({ days: 7 })
    expect((await running.stripe.subscriptions.retrieve(trial.id)).status).toBe('active')
  })

  test('comes before a checkout is complete, and one that fails leaves it open', async () => {
    const { stripe, url } = await startSimulator()
    const { month } = await createPlan(stripe)
    const { customer, session } = await openCheckout(stripe, month.id)
    expect(url).toContain('127.0.0.1')
    const act = (action: string): Promise<Response> =>
      fetch(String(session.url), { method: 'POST', body: new URLSearchParams({ action, card: '4000002760003184' }), redirect: 'manual' })
    expect(await (await act('pay')).text()).toContain('Authenticate with your bank')
    expect((await act('fail')).status).toBe(402)
    expect((await stripe.subscriptions.list({ customer: customer.id })).data).toEqual([])
    expect((await act('authenticate')).status).toBe(303)
    expect((await onlySubscription(stripe, customer.id)).status).toBe('active')
  })
})
