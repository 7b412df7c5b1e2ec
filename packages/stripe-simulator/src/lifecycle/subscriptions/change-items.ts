import type { Account } from '../../account.ts'
import type { ProrationBehavior } from '../../billing-objects.ts'
import { invalidRequest } from '../../errors.ts'
import { get, getPrice } from '../../get.ts'
import type { InvoiceLine, Metadata, Subscription, SubscriptionItem } from '../../objects.ts'
import type { Presence } from '../../payment-objects.ts'
import { priceAmount } from '../amounts/money.ts'
import { isSameRecurrence, nextBoundary } from '../billing-period.ts'
import { isSent, itemLine, prorationLine } from '../invoices/invoice-object.ts'
import { openInvoice } from '../invoices/invoicing.ts'
import { payInvoice } from '../invoices/pay-invoice.ts'
import { creditLines, debitRest, debitsOf, isMetered } from '../invoices/proration.ts'
import { restingInvoice } from '../invoices/resting-invoice.ts'
import { changeSubscription } from './change-subscription.ts'
import { collect } from './collect.ts'
import { expirePendingChange, holdChange } from './pending-change.ts'
import { requirePaid } from './require-paid.ts'
import { recurrenceOf } from './subscribe.ts'

export type { ProrationBehavior } from '../../billing-objects.ts'

/** An item as it shall be: with the id of an item that is there, or a new one. */
export interface WantedItem {
  readonly id: string | undefined
  readonly price: string
  readonly quantity: number
  readonly metadata: Metadata
}

/** How a change of items is reckoned. */
export interface Reckoning {
  readonly behavior: ProrationBehavior
  /** The instant (seconds) as of which time is credited and debited; now, where it is not given. */
  readonly prorationDate?: number | undefined
  /** Whether a new period starts now whatever the rhythm is. */
  readonly startsOver?: boolean | undefined
  /** When a trial that runs ends (seconds), where that is another instant than before. */
  readonly trialEnd?: number | 'now' | undefined
}

/** What a change of items comes to, before anything is stored. */
export interface ItemChange {
  readonly items: readonly SubscriptionItem[]
  readonly anchor: number
  /** What becomes of a trial whose end was moved. */
  readonly trial: Pick<Partial<Subscription>, 'status' | 'trial_end'>
  /** Credits and debits for the rest of the period. */
  readonly prorations: readonly InvoiceLine[]
  /** Lines that bill a period that starts now, because the rhythm changed. */
  readonly newPeriod: readonly InvoiceLine[]
}

/**
 * Works out a change of items. With the same rhythm the rest of the period is credited as it was billed and debited at
 * the new price, by the second. With another rhythm, from free to paid, or when asked to, a new period starts now and is
 * billed in full (https://docs.stripe.com/billing/subscriptions/change-price). A trial goes on as it is, unless its end is moved;
 * where that is now, a new period starts (https://docs.stripe.com/billing/subscriptions/trials#end-a-trial-early).
 */
export function planItemChange(
  account: Account,
  subscription: Subscription,
  wanted: readonly WantedItem[],
  given: ProrationBehavior | Reckoning,
): ItemChange {
  const reckoning = typeof given === 'string' ? { behavior: given } : given
  const now = account.clock.seconds()
  const from = prorationDateOf(subscription, reckoning.prorationDate, now)
  const isTrial = subscription.status === 'trialing'
  const trialEnd = isTrial ? reckoning.trialEnd : undefined
  const after = recurrenceOf(account, wanted)
  const isPaid = !isTrial && (reckoning.startsOver === true || needsNewPeriod(account, subscription, wanted))
  const startsOver = isPaid || trialEnd === 'now'
  const movedEnd = typeof trialEnd === 'number' ? trialEnd : undefined
  const current = subscription.items[0]
  const start = startsOver ? now : (current?.current_period_start ?? now)
  const end = startsOver ? nextBoundary(now, after, now) : (movedEnd ?? current?.current_period_end ?? now)
  const planned = wanted.map((item): SubscriptionItem => {
    const existing = subscription.items.find((candidate) => candidate.id === item.id)
    const kept = existing !== undefined && !startsOver && isBilledAlike(existing, item) ? existing.billed : undefined
    return {
      id: existing?.id ?? account.identifiers.next('si'),
      created: existing?.created ?? now,
      current_period_start: start,
      current_period_end: end,
      metadata: item.metadata,
      price: item.price,
      quantity: item.quantity,
      ...(kept !== undefined && { billed: kept }),
    }
  })
  const isProrated = !isTrial && reckoning.behavior !== 'none'
  const gone = startsOver
    ? subscription.items
    : subscription.items.filter((item) => !planned.some((other) => isSameBilling(item, other)))
  const come = startsOver ? [] : planned.filter((item) => !subscription.items.some((other) => isSameBilling(item, other)))
  const credits = isProrated ? gone.flatMap((item) => creditLines(account, subscription, item, from)) : []
  const charged = isProrated ? come.filter((item) => !isMetered(account, item)) : []
  const debits = charged.map((item) => prorationLine(account, subscription, item, debitRest(account, subscription, item, from).amount, from))
  const items = planned.map((item): SubscriptionItem => {
    if (isTrial || !come.includes(item)) return item
    if (isProrated) return { ...item, billed: isMetered(account, item) ? [] : [debitRest(account, subscription, item, from)] }
    // Nothing was charged for the change: what had been billed before is what a later credit gives back.
    const replaced = subscription.items.find((other) => other.id === item.id) ?? gone[0]
    return { ...item, billed: replaced === undefined ? [] : debitsOf(account, subscription, replaced) }
  })
  return {
    items,
    anchor: startsOver ? now : (movedEnd ?? subscription.billing_cycle_anchor),
    trial: trialEnd === 'now' ? { status: 'active', trial_end: now } : movedEnd === undefined ? {} : { trial_end: movedEnd },
    prorations: [...credits, ...debits],
    newPeriod: startsOver
      ? items.filter((item) => !isMetered(account, item)).map((item) => itemLine(account, subscription, item, false))
      : [],
  }
}

/** Whether the lines of a change are invoiced at once instead of with the next period. */
export function isInvoicedNow(change: ItemChange, behavior: ProrationBehavior): boolean {
  return change.newPeriod.length > 0 || (behavior === 'always_invoice' && change.prorations.length > 0)
}

/** How a change deals with an invoice that cannot be collected at once, and what changes besides. */
export interface ChangeOptions {
  /**
   * `refuse`: 402, and nothing changes. `past-due`: the subscription changes and gets past due. `hold`: it changes once
   * the invoice is paid. `confirm`: the same as `past-due`, without an attempt to collect.
   */
  readonly declines: 'refuse' | 'past-due' | 'hold' | 'confirm'
  readonly presence?: Presence
  readonly patch?: Partial<Subscription>
}

/** Changes the items of a subscription, and invoices at once where the change asks for it. */
export function changeItems(
  account: Account,
  id: string,
  wanted: readonly WantedItem[],
  given: ProrationBehavior | Reckoning,
  options: ChangeOptions,
): Subscription {
  const stored = get(account.store.subscriptions, id)
  const before = stored.pending_update === null ? stored : expirePendingChange(account, stored)
  const behavior = typeof given === 'string' ? given : given.behavior
  const change = planItemChange(account, before, wanted, given)
  const isInvoiced = isInvoicedNow(change, behavior)
  const lines = [...before.internal.pendingLines, ...change.prorations, ...change.newPeriod]
  const patch = { ...options.patch, items: change.items, billing_cycle_anchor: change.anchor, ...change.trial }
  if (!isInvoiced) {
    const pendingLines = [...before.internal.pendingLines, ...change.prorations]
    return changeSubscription(account, id, { ...patch, internal: { ...before.internal, pendingLines } })
  }
  const now = account.clock.seconds()
  const changed = account.store.subscriptions.save({
    ...before,
    ...patch,
    internal: { ...before.internal, pendingLines: [] },
  })
  const resting = restingInvoice(account, changed, 'subscription_update', lines, { start: now, end: now })
  if (resting !== undefined) return changeSubscription(account, id, { latest_invoice: resting.id }, before)
  const invoice = openInvoice(account, changed, 'subscription_update', lines, { start: now, end: now })
  const presence = options.presence ?? 'on-session'
  if (options.declines === 'hold') {
    const isPaid = payInvoice(account, invoice, { presence, attempts: 'once' }) === 'paid'
    if (isPaid) return changeSubscription(account, id, { latest_invoice: invoice.id }, before)
    account.store.subscriptions.save(before)
    const { items, anchor, trial } = change
    const { pendingLines } = before.internal
    return holdChange(account, id, before, { invoice: invoice.id, items, anchor, trialEnd: trial.trial_end ?? null, pendingLines })
  }
  changeSubscription(account, id, { latest_invoice: invoice.id }, before)
  if (options.declines === 'confirm' && invoice.amount_due > 0 && !isSent(changed)) return changeSubscription(account, id, { status: 'past_due' })
  const outcome = collect(account, invoice, { presence, attempts: 'scheduled' })
  if (options.declines === 'refuse') requirePaid(account, invoice, outcome, 'subscription')
  return get(account.store.subscriptions, id)
}

/** Another rhythm, or the first price that costs anything, starts a new period. */
function needsNewPeriod(account: Account, subscription: Subscription, wanted: readonly WantedItem[]): boolean {
  if (!isSameRecurrence(recurrenceOf(account, subscription.items), recurrenceOf(account, wanted))) return true
  const isFree = (items: readonly { readonly price: string; readonly quantity: number }[]): boolean =>
    items.every((item) => !isMetered(account, item) && priceAmount(getPrice(account.store, item.price), item.quantity) === 0)
  return isFree(subscription.items) && !isFree(wanted)
}

function prorationDateOf(subscription: Subscription, date: number | undefined, now: number): number {
  if (date === undefined) return now
  const [item] = subscription.items
  if (item !== undefined && (date < item.current_period_start || date > item.current_period_end)) {
    throw invalidRequest('Cannot specify a proration date outside of the current subscription period.', {
      param: 'proration_date',
    })
  }
  return date
}

function isBilledAlike(left: { readonly price: string; readonly quantity: number }, right: { readonly price: string; readonly quantity: number }): boolean {
  return left.price === right.price && left.quantity === right.quantity
}

function isSameBilling(left: SubscriptionItem, right: SubscriptionItem): boolean {
  return left.id === right.id && isBilledAlike(left, right)
}
