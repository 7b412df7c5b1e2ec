import type { Account } from '../../account.ts'
import type { Taxation } from '../../amount-objects.ts'
import type { DiscountReference } from '../../billing-objects.ts'
import { get, getCustomer, getPrice } from '../../get.ts'
import type { Invoice, Metadata, MissingPaymentMethod, Subscription, SubscriptionItem } from '../../objects.ts'
import { publishedNulls } from '../../published-data.ts'
import { automaticTax } from '../amounts/automatic-tax.ts'
import { nextBoundary, type Recurrence } from '../billing-period.ts'
import { redeemFor } from '../discounts/redeem-coupons.ts'
import { isSent, itemLine } from '../invoices/invoice-object.ts'
import { createDraft, openInvoice, payerOf } from '../invoices/invoicing.ts'
import { payInvoice, prepareInvoice } from '../invoices/pay-invoice.ts'
import { isMetered } from '../invoices/proration.ts'
import { trialReminderAt } from '../next-instant.ts'
import type { Attempt } from '../payments/charge.ts'
import { changeSubscription, remindOfTrialEnd } from './change-subscription.ts'
import { confirmSetupIntent, openSetupIntent } from './setup-intents.ts'

/** What a new subscription is made of. Instants in seconds. */
export interface NewSubscription {
  readonly customer: string
  readonly items: readonly { readonly price: string; readonly quantity: number; readonly metadata?: Metadata }[]
  readonly paymentMethod: string | null
  readonly metadata: Metadata
  readonly description: string | null
  /** How its invoices are taxed. */
  readonly taxation?: Taxation
  /** Default: they are charged. */
  readonly collection?: Pick<Subscription, 'collection_method' | 'days_until_due'>
  readonly trialEnd: number | null
  readonly missingPaymentMethod: MissingPaymentMethod
  /** Whether the first invoice is attempted at once; default: it is. */
  readonly isConfirmedLater?: boolean
  /** Default: the person is there. */
  readonly attempt?: Attempt
  readonly savesMethod?: boolean
  readonly cancelAt?: number | null
  /** Default: that of its first price. */
  readonly currency?: string
  readonly discounts?: readonly DiscountReference[]
  /** The checkout session that it comes from. */
  readonly session?: string
  readonly cancelAtPeriodEnd?: boolean
}

/**
 * Starts a subscription as Stripe does: it is announced as `trialing` or `incomplete`, its first invoice is made,
 * finalized and collected, and a collected invoice makes it `active`. A declined card leaves it `incomplete`.
 */
export function subscribe(account: Account, wanted: NewSubscription): Subscription {
  const made = newSubscription(account, wanted)
  const discounts = redeemFor(account, made, wanted.discounts ?? [], wanted.session)
  const subscription = account.store.subscriptions.save({ ...made, discounts })
  rememberCurrency(account, subscription)
  account.emit('customer.subscription.created', subscription)
  const isTrial = subscription.status === 'trialing'
  const lines = subscription.items.filter((item) => !isMetered(account, item)).map((item) => itemLine(account, subscription, item, isTrial))
  const now = subscription.created
  const period = { start: now, end: now }
  if (isSent(subscription)) return awaitPayment(account, subscription, createDraft(account, subscription, 'subscription_create', lines, period))
  const invoice = openInvoice(account, subscription, 'subscription_create', lines, period)
  account.store.subscriptions.save({ ...subscription, latest_invoice: invoice.id })
  const attempt = wanted.attempt ?? { presence: 'on-session' }
  const isLater = wanted.isConfirmedLater === true && invoice.amount_due > 0
  const outcome = isLater ? prepareInvoice(account, invoice) : payInvoice(account, invoice, { ...attempt, attempts: 'once' })
  const isActive = outcome === 'paid' && !isTrial
  const awaited = outcome === 'processing' ? { awaitsDebit: invoice.id } : {}
  const setup = isTrial ? prepareLaterPayments(account, subscription, attempt) : null
  const started = changeSubscription(
    account,
    subscription.id,
    {
      latest_invoice: invoice.id,
      pending_setup_intent: setup,
      ...(isActive && { status: 'active' }),
      internal: { ...subscription.internal, ...awaited },
    },
    subscription,
  )
  const reminderAt = trialReminderAt(started)
  if (reminderAt !== undefined && reminderAt <= now) remindOfTrialEnd(account, started.id)
  return started
}

/** Where invoices are sent, a subscription is active whatever becomes of its first one. */
function awaitPayment(account: Account, subscription: Subscription, invoice: Invoice): Subscription {
  const status = subscription.status === 'trialing' ? {} : { status: 'active' as const }
  const started = changeSubscription(account, subscription.id, { latest_invoice: invoice.id, ...status }, subscription)
  if ((trialReminderAt(started) ?? Infinity) <= started.created) remindOfTrialEnd(account, started.id)
  return started
}

/**
 * A trial charges nothing, so its method is set up with a setup intent: it stays pending while a method or the person's
 * authentication is missing. Answers the id of the one that is pending.
 */
function prepareLaterPayments(account: Account, subscription: Subscription, attempt: Attempt): string | null {
  if (attempt.presence === 'off-session') return null
  const method = payerOf(account, subscription)
  if (method?.internal.isSetUp === true) return null
  const intent = openSetupIntent(account, { customer: subscription.customer, subscription: subscription.id })
  const after = method === undefined ? intent : confirmSetupIntent(account, intent.id, method, attempt)
  return after.status === 'succeeded' ? null : after.id
}

/** The rhythm of a subscription: that of its first item; all items share it. */
export function recurrenceOf(account: Account, items: readonly { readonly price: string }[]): Recurrence {
  for (const item of items) {
    const { recurring } = getPrice(account.store, item.price)
    if (recurring !== null) return recurring
  }
  throw new Error('A subscription has at least one recurring price')
}

function newSubscription(account: Account, wanted: NewSubscription): Subscription {
  const now = account.clock.seconds()
  const isTrial = wanted.trialEnd !== null && wanted.trialEnd > now
  const anchor = isTrial && wanted.trialEnd !== null ? wanted.trialEnd : now
  const end = isTrial ? anchor : nextBoundary(anchor, recurrenceOf(account, wanted.items), anchor)
  const cancelAt = wanted.cancelAtPeriodEnd === true ? end : (wanted.cancelAt ?? null)
  const items = wanted.items.map((item): SubscriptionItem => ({
    id: account.identifiers.next('si'),
    created: now,
    current_period_start: now,
    current_period_end: end,
    metadata: item.metadata ?? {},
    price: item.price,
    quantity: item.quantity,
  }))
  return {
    id: account.identifiers.next('sub'),
    object: 'subscription',
    ...publishedNulls('subscription'),
    automatic_tax: wanted.taxation?.automatic_tax ?? automaticTax(false),
    billing_cycle_anchor: anchor,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    billing_schedules: [],
    cancel_at: cancelAt,
    cancel_at_period_end: wanted.cancelAtPeriodEnd ?? false,
    canceled_at: cancelAt === null ? null : now,
    cancellation_details: {
      comment: null,
      feedback: null,
      feedback_option: null,
      reason: cancelAt === null ? null : 'cancellation_requested',
    },
    collection_method: wanted.collection?.collection_method ?? 'charge_automatically',
    created: now,
    currency: wanted.currency ?? getPrice(account.store, items[0]?.price ?? '').currency,
    customer: wanted.customer,
    days_until_due: wanted.collection?.days_until_due ?? null,
    default_payment_method: wanted.paymentMethod,
    default_tax_rates: wanted.taxation?.default_tax_rates ?? [],
    description: wanted.description,
    discounts: [],
    ended_at: null,
    invoice_settings: { account_tax_ids: null, custom_fields: null, description: null, footer: null, issuer: { type: 'self' } },
    items,
    latest_invoice: null,
    livemode: false,
    metadata: wanted.metadata,
    pause_collection: null,
    payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: wanted.savesMethod === true ? 'on_subscription' : 'off' },
    pending_setup_intent: null,
    pending_update: null,
    start_date: now,
    status: isTrial ? 'trialing' : 'incomplete',
    trial_end: isTrial ? anchor : null,
    trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: wanted.missingPaymentMethod } },
    trial_start: isTrial ? now : null,
    internal: { pendingLines: [], trialReminderSent: false, missingPaymentMethod: wanted.missingPaymentMethod },
  }
}

function rememberCurrency(account: Account, subscription: Subscription): void {
  const customer = getCustomer(account.store, subscription.customer)
  if (customer.currency !== null) return
  const billed = account.store.customers.save({ ...customer, currency: subscription.currency })
  account.emit('customer.updated', get(account.store.customers, billed.id), customer)
}
