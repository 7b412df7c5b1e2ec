import type { Stripe } from 'stripe'
import type { StripeSimulator } from '../src/index.ts'
import { onlySubscription, openCheckout } from './running-simulator.ts'

/** Uses every operation of the money side once, so that what it answers can be held against the published shapes. */
export async function exerciseBilling(stripe: Stripe, simulator: StripeSimulator): Promise<void> {
  const pro = await stripe.prices.create({ currency: 'usd', unit_amount: 2900, recurring: { interval: 'month' }, product_data: { name: 'Pro' } })
  const basic = await stripe.prices.create({ currency: 'usd', unit_amount: 1000, recurring: { interval: 'month' }, product_data: { name: 'Basic' } })
  await exerciseMeters(stripe)
  await exerciseRefunds(stripe, simulator, pro.id, basic.id)
  await exerciseCoupons(stripe, simulator, pro.id)
  await exerciseSchedules(stripe, simulator, pro.id, basic.id)
}

async function exerciseSchedules(stripe: Stripe, simulator: StripeSimulator, pro: string, basic: string): Promise<void> {
  const { customer, session } = await openCheckout(stripe, pro)
  simulator.completeCheckout(session.id)
  const subscription = await onlySubscription(stripe, customer.id)
  const released = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const start_date = Number(released.phases[0]?.start_date)
  await stripe.subscriptionSchedules.update(released.id, {
    phases: [{ items: [{ price: pro }], start_date, duration: { interval: 'month' } }, { items: [{ price: basic }], metadata: { a: 'b' } }],
    expand: ['subscription.latest_invoice', 'phases.items.price'],
  })
  await stripe.subscriptionSchedules.release(released.id)
  const canceled = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  await stripe.subscriptionSchedules.cancel(canceled.id)
  simulator.setCard(customer.id, '4242424242424242')
  const phases = [{ items: [{ price: pro }], duration: { interval: 'day' } as const }]
  await stripe.subscriptionSchedules.create({ customer: customer.id, start_date: 'now', phases, end_behavior: 'cancel' })
  await stripe.subscriptionSchedules.retrieve(canceled.id)
  simulator.clock.advance({ days: 1 })
  const twentyDays = await stripe.prices.create({ currency: 'usd', unit_amount: 100, recurring: { interval: 'day', interval_count: 20 }, product_data: { name: 'Twenty days' } })
  await stripe.subscriptionSchedules.create({ customer: customer.id, start_date: 'now', phases: [{ items: [{ price: twentyDays.id }], duration: { interval: 'year' } }] })
  simulator.setCard(customer.id, '4000000000000341')
  simulator.clock.advance({ days: 10 })
  await stripe.subscriptionSchedules.list({ limit: 3, expand: ['data.subscription'] })
}

async function exerciseMeters(stripe: Stripe): Promise<void> {
  const customer = await stripe.customers.create({ payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } })
  const meter = await stripe.billing.meters.create({ display_name: 'Calls', event_name: 'calls', default_aggregation: { formula: 'sum' } })
  await stripe.billing.meters.update(meter.id, { display_name: 'All calls' })
  await stripe.billing.meters.deactivate(meter.id)
  await stripe.billing.meters.reactivate(meter.id)
  await stripe.billing.meters.retrieve(meter.id)
  await stripe.billing.meters.list()
  const event = await stripe.billing.meterEvents.create({ event_name: 'calls', payload: { stripe_customer_id: customer.id, value: '5' } })
  const start_time = Math.floor(event.timestamp / 60) * 60
  await stripe.billing.meters.listEventSummaries(meter.id, { customer: customer.id, start_time, end_time: start_time + 60 })
  const tiers = [{ up_to: 5, flat_amount: 100, unit_amount: 10 }, { up_to: 'inf' as const, unit_amount: 5 }]
  const price = await stripe.prices.create({
    currency: 'usd',
    billing_scheme: 'tiered',
    tiers_mode: 'volume',
    tiers,
    currency_options: { eur: { tiers } },
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
    product_data: { name: 'Calls' },
    expand: ['tiers', 'currency_options'],
  })
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
  await stripe.prices.create({ currency: 'usd', unit_amount: 100, transform_quantity: { divide_by: 10, round: 'up' }, product_data: { name: 'Packs' } })
}

async function exerciseCoupons(stripe: Stripe, simulator: StripeSimulator, price: string): Promise<void> {
  const coupon = await stripe.coupons.create({
    amount_off: 500,
    currency: 'usd',
    currency_options: { eur: { amount_off: 450 } },
    duration: 'once',
    expand: ['currency_options', 'applies_to'],
  })
  const percent = await stripe.coupons.create({ percent_off: 12.5, duration: 'forever' })
  await stripe.coupons.update(coupon.id, { name: 'Five off', metadata: { a: 'b' } })
  await stripe.coupons.retrieve(coupon.id)
  await stripe.coupons.list()
  const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'FIVE', restrictions: { first_time_transaction: true } })
  await stripe.promotionCodes.update(code.id, { metadata: { a: 'b' } })
  await stripe.promotionCodes.retrieve(code.id, { expand: ['promotion.coupon'] })
  await stripe.promotionCodes.list({ active: true })
  const { customer, session } = await openCheckout(stripe, price, { discounts: [{ promotion_code: code.id }] })
  simulator.completeCheckout(session.id)
  await stripe.checkout.sessions.retrieve(session.id, { expand: ['line_items', 'discounts.coupon'] })
  const subscription = await onlySubscription(stripe, customer.id)
  await stripe.subscriptions.update(subscription.id, { discounts: [{ coupon: percent.id }], expand: ['discounts.source.coupon', 'latest_invoice.discounts'] })
  await stripe.coupons.del(percent.id)
}

async function exerciseRefunds(stripe: Stripe, simulator: StripeSimulator, price: string, extra: string): Promise<void> {
  const pay = async (card: string): Promise<{ charge: string; subscription: string }> => {
    const customer = await stripe.customers.create({ payment_method: card, invoice_settings: { default_payment_method: card } })
    const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price }] })
    const [charge] = (await stripe.charges.list({ customer: customer.id })).data
    return { charge: String(charge?.id), subscription: subscription.id }
  }
  const { charge, subscription } = await pay('pm_card_visa')
  const refund = await stripe.refunds.create({ charge, amount: 100, expand: ['charge', 'payment_intent'] })
  await stripe.refunds.update(refund.id, { metadata: { a: 'b' } })
  await stripe.refunds.retrieve(refund.id)
  await stripe.refunds.list({ charge })
  await stripe.refunds.cancel((await stripe.refunds.create({ charge: (await pay('pm_card_pendingRefund')).charge })).id)
  await stripe.refunds.create({ charge: (await pay('pm_card_refundFail')).charge })
  await stripe.charges.retrieve(charge)
  const disputed = await pay('pm_card_createDispute')
  const [dispute] = (await stripe.disputes.list({ charge: disputed.charge })).data
  await stripe.disputes.retrieve(String(dispute?.id))
  await stripe.disputes.update(String(dispute?.id), { evidence: { uncategorized_text: 'winning_evidence' } })
  await stripe.disputes.close(simulator.dispute(charge))
  const item = await stripe.subscriptionItems.create({ subscription, price: extra })
  await stripe.subscriptionItems.update(item.id, { quantity: 2 })
  await stripe.subscriptionItems.del(item.id)
}
