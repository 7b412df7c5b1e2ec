import type { Stripe } from 'stripe'
import type { StripeSimulator } from '../src/index.ts'
import { idOf, openCheckout } from './running-simulator.ts'

/** Uses what asks people to authenticate, pauses, holds and gives up, so that every answer and event of it is seen. */
export async function exercisePayments(stripe: Stripe, simulator: StripeSimulator): Promise<void> {
  const price = await stripe.prices.create({ product_data: { name: 'Basic' }, currency: 'usd', unit_amount: 900, recurring: { interval: 'month' } })
  const dear = await stripe.prices.create({ product: idOf(Object(price).product), currency: 'usd', unit_amount: 90_000, recurring: { interval: 'year' } })
  const { id: customer } = await stripe.customers.create({ email: 'grace@example.com' })
  const items = [{ price: price.id }]

  const first = await stripe.subscriptions.create({ customer, items, default_payment_method: 'pm_card_authenticationRequired', expand: ['latest_invoice.confirmation_secret', 'latest_invoice.payments.data'] })
  const [intent] = (await stripe.paymentIntents.list({ customer })).data
  await stripe.paymentIntents.retrieve(String(intent?.id))
  simulator.authenticate(String(intent?.id), 'failed')
  await stripe.paymentIntents.confirm(String(intent?.id), { payment_method: 'pm_card_visa' })
  await stripe.invoices.list({ customer, expand: ['data.payments'] })
  await stripe.invoicePayments.list({ limit: 5, expand: ['data.payment.payment_intent.payment_method', 'data.payment.payment_intent.customer'] })
  const voided = await stripe.subscriptions.create({ customer, items, default_payment_method: 'pm_card_authenticationRequired' })
  await stripe.invoices.voidInvoice(idOf(voided.latest_invoice))

  const trial = await stripe.subscriptions.create({ customer, items, trial_period_days: 9, default_payment_method: 'pm_card_authenticationRequiredOnSetup', expand: ['pending_setup_intent'] })
  const setup = String(Object(trial.pending_setup_intent).id)
  simulator.authenticate(setup, 'failed')
  await stripe.setupIntents.confirm(setup, { payment_method: 'pm_card_visa' })
  await stripe.setupIntents.retrieve(setup)
  await stripe.setupIntents.cancel((await stripe.setupIntents.create({ customer })).id)
  await stripe.setupIntents.list({ customer })

  await stripe.subscriptions.pause(first.id, { bill_for: { unused_time_from: { type: 'none' } } })
  const resumed = await stripe.subscriptions.resume(first.id)
  await stripe.invoices.markUncollectible(idOf(resumed.latest_invoice))
  const item = String(first.items.data[0]?.id)
  const pending = { items: [{ id: item, price: dear.id }], payment_behavior: 'pending_if_incomplete' as const }
  simulator.setCard(customer, '4000000000000341')
  await stripe.subscriptions.update(first.id, pending)
  simulator.clock.advance({ hours: 23 })
  const held = await stripe.subscriptions.update(first.id, pending)
  await stripe.invoices.pay(idOf(held.latest_invoice), { payment_method: 'pm_card_visa' })

  for (const bankAccount of ['000123456789', '000222222227']) {
    const { session } = await openCheckout(stripe, price.id)
    simulator.completeCheckout(session.id, { bankAccount })
  }
  simulator.setCard(customer, '4242424242424242')
  await stripe.subscriptions.update(trial.id, { pause_collection: { behavior: 'keep_as_draft' } })
  simulator.clock.advance({ days: 10 })
  const { latest_invoice } = await stripe.subscriptions.update(trial.id, { pause_collection: '' })
  await stripe.invoices.finalizeInvoice(idOf(latest_invoice))
}
