import type { Account } from '../account.ts'
import { cardDeclined } from '../errors.ts'
import { get, getCustomer, getPrice } from '../get.ts'
import type { InvoiceLine, Metadata, Subscription, SubscriptionItem } from '../objects.ts'
import { isSameRecurrence, nextBoundary } from './billing-period.ts'
import { changeSubscription } from './change-subscription.ts'
import { collect } from './fall-due.ts'
import { itemLine, prorationLine } from './invoice-object.ts'
import { openInvoice, payerOf } from './invoicing.ts'
import { priceAmount, shareOf } from './money.ts'
import { recurrenceOf } from './subscribe.ts'

/** What becomes of the time that was paid for: collected with the next invoice, at once, or not at all. */
export type ProrationBehavior = 'create_prorations' | 'always_invoice' | 'none'

/** An item as it shall be: with the id of an item that is there, or a new one. */
export interface WantedItem {
  readonly id: string | undefined
  readonly price: string
  readonly quantity: number
  readonly metadata: Metadata
}

/** What a change of items comes to, before anything is stored. */
export interface ItemChange {
  readonly items: readonly SubscriptionItem[]
  readonly anchor: number
  /** Credits and debits for the rest of the period. */
  readonly prorations: readonly InvoiceLine[]
  /** Lines that bill a period that starts now, because the rhythm changed. */
  readonly newPeriod: readonly InvoiceLine[]
}

/**
 * Works out a change of items. With the same rhythm the rest of the period is credited at the old and debited at the
 * new price, by the second. With another rhythm a new period starts now and is billed in full. A trial goes on as it is.
 */
export function planItemChange(
  account: Account,
  subscription: Subscription,
  wanted: readonly WantedItem[],
  behavior: ProrationBehavior,
): ItemChange {
  const now = account.clock.seconds()
  const before = recurrenceOf(account, subscription.items)
  const after = recurrenceOf(account, wanted)
  const isTrial = subscription.status === 'trialing'
  const startsOver = !isTrial && !isSameRecurrence(before, after)
  const current = subscription.items[0]
  const start = startsOver ? now : (current?.current_period_start ?? now)
  const end = startsOver ? nextBoundary(now, after, now) : (current?.current_period_end ?? now)
  const items = wanted.map((item): SubscriptionItem => {
    const existing = subscription.items.find((candidate) => candidate.id === item.id)
    return {
      id: existing?.id ?? account.identifiers.next('si'),
      created: existing?.created ?? now,
      current_period_start: start,
      current_period_end: end,
      metadata: item.metadata,
      price: item.price,
      quantity: item.quantity,
    }
  })
  const isProrated = !isTrial && behavior !== 'none'
  const gone = subscription.items.filter((item) => !items.some((other) => isBilledAlike(item, other)))
  const come = items.filter((item) => !subscription.items.some((other) => isBilledAlike(item, other)))
  const credits = (startsOver ? subscription.items : gone).map((item) => prorate(account, subscription, item, -1, now))
  const debits = startsOver ? [] : come.map((item) => prorate(account, subscription, item, 1, now))
  return {
    items,
    anchor: startsOver ? now : subscription.billing_cycle_anchor,
    prorations: isProrated ? [...credits, ...debits] : [],
    newPeriod: startsOver ? items.map((item) => itemLine(account, subscription, item, false)) : [],
  }
}

/**
 * Changes the items of a subscription, and invoices at once where the change asks for it. With `declines: 'refuse'` a
 * card that would be declined is refused with 402 before anything is stored; otherwise the subscription gets past due.
 */
export function changeItems(
  account: Account,
  id: string,
  wanted: readonly WantedItem[],
  behavior: ProrationBehavior,
  options: { readonly declines: 'refuse' | 'past-due'; readonly patch?: Partial<Subscription> },
): Subscription {
  const before = get(account.store.subscriptions, id)
  const change = planItemChange(account, before, wanted, behavior)
  const isInvoiced = change.newPeriod.length > 0 || (behavior === 'always_invoice' && change.prorations.length > 0)
  const lines = [...before.internal.pendingLines, ...change.prorations, ...change.newPeriod]
  if (isInvoiced && options.declines === 'refuse') refuseDecline(account, { ...before, ...options.patch }, lines)
  const patch = { ...options.patch, items: change.items, billing_cycle_anchor: change.anchor }
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
  const invoice = openInvoice(account, changed, 'subscription_update', lines, { start: now, end: now })
  const updated = changeSubscription(account, id, { latest_invoice: invoice.id }, before)
  collect(account, updated, invoice)
  return get(account.store.subscriptions, id)
}

function prorate(
  account: Account,
  subscription: Subscription,
  item: SubscriptionItem,
  sign: 1 | -1,
  now: number,
): InvoiceLine {
  const whole = item.current_period_end - item.current_period_start
  const rest = Math.max(0, item.current_period_end - now)
  const amount = shareOf(priceAmount(getPrice(account.store, item.price), item.quantity), rest, whole)
  return prorationLine(account, subscription, item, sign * amount, now)
}

function isBilledAlike(left: SubscriptionItem, right: SubscriptionItem): boolean {
  return left.id === right.id && left.price === right.price && left.quantity === right.quantity
}

function refuseDecline(account: Account, subscription: Subscription, lines: readonly InvoiceLine[]): void {
  const total = lines.reduce((sum, line) => sum + line.amount, 0)
  if (total + getCustomer(account.store, subscription.customer).balance <= 0) return
  if (payerOf(account, subscription)?.internal.behaviour === 'succeeds') return
  throw cardDeclined('Your card was declined.', 'generic_decline')
}
