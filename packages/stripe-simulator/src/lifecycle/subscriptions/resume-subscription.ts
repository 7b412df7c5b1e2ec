import type { Account } from '../../account.ts'
import { get, getPrice } from '../../get.ts'
import type { InvoiceLine, Resumption, Subscription, SubscriptionItem } from '../../objects.ts'
import { priceAmount, shareOf } from '../amounts/money.ts'
import { nextBoundary } from '../billing-period.ts'
import { itemLine, prorationLine } from '../invoices/invoice-object.ts'
import { openInvoice, voidInvoice } from '../invoices/invoicing.ts'
import { incompleteLifetime } from '../next-instant.ts'
import { changeSubscription } from './change-subscription.ts'
import { collect } from './collect.ts'
import { activate, finishResumption } from './finish-resumption.ts'
import { recurrenceOf } from './subscribe.ts'

/** How a paused subscription is resumed. */
export interface ResumeRequest {
  /** `now`: a whole period starts now. `unchanged`: the rest of the period that would be running is billed. */
  readonly anchor: 'now' | 'unchanged'
  readonly prorations: 'create_prorations' | 'always_invoice' | 'none'
  /** Whether the resumption invoice is attempted at once, and whether an attempt or only a payment resumes. */
  readonly on: Resumption['on']
}

/**
 * Resumes a paused subscription. Without a resumption invoice, or with one that asks for no payment, it is active at
 * once; otherwise it stays paused until the invoice is paid, attempted or written off. An invoice that nobody attempts
 * within 23 hours is voided, and the subscription stays paused.
 */
export function resumeSubscription(account: Account, id: string, request: ResumeRequest): Subscription {
  const before = get(account.store.subscriptions, id)
  const now = account.clock.seconds()
  const next = request.anchor === 'now' ? freshPeriod(account, before, now) : runningPeriod(account, before, now)
  const isProrated = request.anchor === 'unchanged'
  const own = isProrated && request.prorations === 'none' ? [] : next.lines
  const lines = [...before.internal.pendingLines, ...own]
  const isInvoiced = lines.length > 0 && (!isProrated || request.prorations === 'always_invoice')
  const { resumesAt: _resumesAt, ...kept } = before.internal
  const resumed = { items: next.items, billing_cycle_anchor: next.anchor }
  if (!isInvoiced) return activate(account, before, { ...resumed, internal: { ...kept, pendingLines: lines } }, 'active')
  const billed = { ...before, ...resumed }
  const invoice = openInvoice(account, billed, 'subscription_update', lines, { start: now, end: now })
  const resumption: Resumption = {
    invoice: invoice.id,
    on: request.on,
    voidsAt: now + incompleteLifetime,
    items: next.items,
    anchor: next.anchor,
    pendingLines: before.internal.pendingLines,
  }
  changeSubscription(account, id, {
    latest_invoice: invoice.id,
    internal: { ...kept, pendingLines: [], resumption },
  })
  const isAttempted = request.on === 'success' || invoice.amount_due === 0
  if (isAttempted) collect(account, invoice)
  return get(account.store.subscriptions, id)
}

/** Voids a resumption invoice that nobody attempted to pay. */
export function expireResumption(account: Account, subscription: Subscription): void {
  const invoice = account.store.invoices.find(subscription.internal.resumption?.invoice ?? '')
  if (invoice?.status === 'open') voidInvoice(account, invoice)
  finishResumption(account, get(account.store.subscriptions, subscription.id), 'given-up')
}

interface Period {
  readonly items: readonly SubscriptionItem[]
  readonly anchor: number
  readonly lines: readonly InvoiceLine[]
}

function freshPeriod(account: Account, subscription: Subscription, now: number): Period {
  const end = nextBoundary(now, recurrenceOf(account, subscription.items), now)
  const items = subscription.items.map((item) => ({ ...item, current_period_start: now, current_period_end: end }))
  return { items, anchor: now, lines: items.map((item) => itemLine(account, subscription, item, false)) }
}

/** The billing cycle goes on as if there had been no pause; what is left of its period is billed in proportion. */
function runningPeriod(account: Account, subscription: Subscription, now: number): Period {
  const anchor = subscription.billing_cycle_anchor
  const recurrence = recurrenceOf(account, subscription.items)
  let start = anchor > now ? now : anchor
  let end = anchor > now ? anchor : nextBoundary(anchor, recurrence, anchor)
  while (end <= now) {
    start = end
    end = nextBoundary(anchor, recurrence, end)
  }
  const items = subscription.items.map((item) => ({ ...item, current_period_start: now, current_period_end: end }))
  const lines = items.map((item) => {
    const whole = priceAmount(getPrice(account.store, item.price), item.quantity)
    return prorationLine(account, subscription, item, shareOf(whole, end - now, end - start), now)
  })
  return { items, anchor, lines }
}
