import type { Account } from '../account.ts'
import { cardDeclined, invalidRequest, missingParameter, unsupported } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { planItemChange, type ProrationBehavior } from '../lifecycle/change-items.ts'
import { changeSubscription } from '../lifecycle/change-subscription.ts'
import { collect } from '../lifecycle/fall-due.ts'
import { nextBoundary } from '../lifecycle/billing-period.ts'
import { draftInvoice, itemLine } from '../lifecycle/invoice-object.ts'
import { periodEnd } from '../lifecycle/next-instant.ts'
import { recurrenceOf } from '../lifecycle/subscribe.ts'
import { hasEnded } from '../lifecycle/subscription-status.ts'
import type { Invoice, InvoiceLine, Subscription } from '../objects.ts'
import { render, type Rendered } from '../responses/render.ts'
import { resolvePaymentMethod } from './payment-methods.ts'
import { route, type Routes } from './route.ts'
import { readItems, type GivenItem } from './subscription-requests.ts'

interface Preview {
  readonly customer?: string
  readonly subscription?: string
  readonly preview_mode?: string
  readonly subscription_details?: {
    readonly items?: readonly GivenItem[]
    readonly proration_behavior?: ProrationBehavior
  }
}

export const invoiceActionRoutes: Routes = {
  'invoices.pay': route<{ readonly payment_method?: string }>({
    answers: 'invoice',
    supports: ['payment_method'],
    echoes: ['off_session'],
    handle: ({ account, id, parameters }) => render(account.store, pay(account, id, parameters.payment_method)),
  }),
  'invoices.createPreview': route<Preview>({
    answers: 'invoice',
    supports: [
      'customer',
      'preview_mode',
      'subscription',
      'subscription_details.items.deleted',
      'subscription_details.items.id',
      'subscription_details.items.price',
      'subscription_details.items.quantity',
      'subscription_details.proration_behavior',
    ],
    handle: ({ account, parameters }) => previewInvoice(account, parameters),
  }),
}

/** Collects an open invoice now. A declined card is answered with 402, and the attempt counts. */
function pay(account: Account, id: string, methodId: string | undefined): Invoice {
  const invoice = get(account.store.invoices, id)
  if (invoice.status !== 'open') {
    const message = invoice.status === 'paid' ? 'Invoice is already paid' : `Invoice is ${invoice.status} and cannot be paid`
    throw invalidRequest(message)
  }
  const subscription = get(account.store.subscriptions, invoice.internal.subscription)
  if (methodId !== undefined) {
    const customer = getCustomer(account.store, invoice.customer)
    const method = resolvePaymentMethod(account, methodId, customer, 'payment_method')
    changeSubscription(account, subscription.id, { default_payment_method: method.id })
  }
  collect(account, get(account.store.subscriptions, subscription.id), invoice)
  const after = get(account.store.invoices, id)
  if (after.status !== 'paid') throw cardDeclined('Your card was declined.', 'generic_decline', { keepsWrites: true })
  return after
}

/** The invoice that a subscription would get next, or get from a change of its items. Nothing is stored. */
function previewInvoice(account: Account, given: Preview): Rendered {
  if (given.preview_mode === 'recurring') throw unsupported('recurring previews', 'preview_mode')
  if (given.subscription === undefined) {
    if (given.customer === undefined) throw missingParameter('subscription')
    throw unsupported('previews without a subscription', 'subscription')
  }
  const subscription = get(account.store.subscriptions, given.subscription, 'subscription')
  if (given.customer !== undefined && given.customer !== subscription.customer) {
    throw invalidRequest('The subscription belongs to another customer.', { param: 'customer' })
  }
  if (hasEnded(subscription.status)) {
    throw invalidRequest('No upcoming invoices for a subscription that has ended.', { code: 'invoice_upcoming_none' })
  }
  const details = given.subscription_details ?? {}
  const draft =
    details.items === undefined
      ? upcomingInvoice(account, subscription, [])
      : invoiceAfterChange(account, subscription, details.items, details.proration_behavior ?? 'create_prorations')
  return render(account.store, { ...draft, id: `upcoming_${draft.id}` })
}

function invoiceAfterChange(
  account: Account,
  subscription: Subscription,
  items: readonly GivenItem[],
  behavior: ProrationBehavior,
): Invoice {
  const wanted = readItems(account, subscription, items)
  const change = planItemChange(account, subscription, wanted, behavior)
  const changed = { ...subscription, items: change.items, billing_cycle_anchor: change.anchor }
  const isInvoicedNow = change.newPeriod.length > 0 || (behavior === 'always_invoice' && change.prorations.length > 0)
  if (!isInvoicedNow) return upcomingInvoice(account, changed, change.prorations)
  const now = account.clock.seconds()
  const lines = [...subscription.internal.pendingLines, ...change.prorations, ...change.newPeriod]
  return draftInvoice(account, changed, 'upcoming', lines, { start: now, end: now })
}

function upcomingInvoice(account: Account, subscription: Subscription, prorations: readonly InvoiceLine[]): Invoice {
  const end = periodEnd(subscription)
  const next = nextBoundary(subscription.billing_cycle_anchor, recurrenceOf(account, subscription.items), end)
  const isEnding = subscription.cancel_at !== null && subscription.cancel_at <= end
  const renewed = subscription.items.map((item) => ({ ...item, current_period_start: end, current_period_end: next }))
  const lines = isEnding ? [] : renewed.map((item) => itemLine(account, subscription, item, false))
  const all = [...subscription.internal.pendingLines, ...prorations, ...lines]
  if (all.length === 0) {
    throw invalidRequest('No upcoming invoices for this subscription.', { code: 'invoice_upcoming_none' })
  }
  const start = subscription.items[0]?.current_period_start ?? subscription.created
  return { ...draftInvoice(account, subscription, 'upcoming', all, { start, end }), created: end }
}
