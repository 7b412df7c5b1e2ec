import type { Account } from '../account.ts'
import { exclusiveParameters, invalidRequest, missingParameter, unsupported } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { readDiscounts, redemptionOf } from '../lifecycle/discounts/coupon-validity.ts'
import { outcomeOf } from '../lifecycle/invoices/pay-invoice.ts'
import { requirePaid } from '../lifecycle/subscriptions/require-paid.ts'
import { subscribe } from '../lifecycle/subscriptions/subscribe.ts'
import type { Subscription } from '../objects.ts'
import { changeMetadata } from '../requests/metadata.ts'
import { resolvePaymentMethod } from './payment-methods.ts'
import { readCollection, readTrialEnd, refuseUnmodelled, type SubscriptionFields } from './subscription-fields.ts'
import { readItems } from './subscription-requests.ts'
import { readTaxes } from './tax-rates.ts'

/** Creates a subscription and, unless that is left to the person, attempts its first invoice. */
export function createSubscription(
  account: Account,
  given: SubscriptionFields & { readonly customer?: string },
): Subscription {
  refuseUnmodelled(given)
  if (given.customer === undefined) throw missingParameter('customer')
  if (given.items === undefined) throw missingParameter('items')
  if (given.payment_behavior === 'pending_if_incomplete') {
    const message = '`pending_if_incomplete` is only used with updates and cannot be passed when creating a subscription.'
    throw invalidRequest(message, { param: 'payment_behavior' })
  }
  if (given.trial_end !== undefined && given.trial_period_days !== undefined) {
    throw exclusiveParameters(['trial_end', 'trial_period_days'])
  }
  const customer = getCustomer(account.store, given.customer, 'customer')
  const currency = given.currency?.toLowerCase()
  const items = readItems(account, undefined, given.items, { currency })
  const metadata = changeMetadata({}, given.metadata)
  const trialEnd = readTrialEnd(account, given)
  const wanted = given.default_payment_method
  const method = wanted === undefined ? undefined : resolvePaymentMethod(account, wanted, customer, 'default_payment_method')
  const payer = method?.id ?? customer.invoice_settings.default_payment_method
  const collection = readCollection(given)
  const isSent = collection.collection_method === 'send_invoice'
  const isFree = items.every((item) => get(account.store.prices, item.price).unit_amount === 0)
  if (trialEnd === null && !isFree && !isSent && payer === null && given.payment_behavior !== 'default_incomplete') {
    const message = 'This customer has no attached payment source or default payment method. Please consider adding a default payment method.'
    throw invalidRequest(message, { code: 'resource_missing' })
  }
  const cancelAt = given.cancel_at
  if (typeof cancelAt === 'string') throw unsupported(`cancel_at ${cancelAt} on a new subscription`, 'cancel_at')
  const subscription = subscribe(account, {
    customer: customer.id,
    items,
    paymentMethod: method?.id ?? null,
    metadata,
    description: given.description ?? null,
    taxation: readTaxes(account, given),
    collection,
    trialEnd,
    missingPaymentMethod: given.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
    isConfirmedLater: given.payment_behavior === 'default_incomplete',
    attempt: { presence: given.off_session === true ? 'off-session' : 'on-session' },
    savesMethod: given.payment_settings?.save_default_payment_method === 'on_subscription',
    discounts: readDiscounts(account, given.discounts ?? [], redemptionOf(account, customer.id, items, currency)),
    ...(currency !== undefined && { currency }),
    ...(cancelAt !== undefined && { cancelAt }),
    ...(given.cancel_at_period_end !== undefined && { cancelAtPeriodEnd: given.cancel_at_period_end }),
  })
  if (given.payment_behavior === 'error_if_incomplete' && !isSent) {
    const invoice = get(account.store.invoices, subscription.latest_invoice ?? '')
    requirePaid(account, invoice, outcomeOf(account, invoice), 'subscription')
  }
  return subscription
}
