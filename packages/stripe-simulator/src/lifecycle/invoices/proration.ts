import type { Account } from '../../account.ts'
import type { Debit } from '../../amount-objects.ts'
import { getPrice, getPriceIn } from '../../get.ts'
import type { InvoiceLine, Subscription, SubscriptionItem } from '../../objects.ts'
import { priceAmount, shareOf, sumOf } from '../amounts/money.ts'
import { lessPercentages } from '../discounts/discount-invoice.ts'
import { prorationLine } from './invoice-object.ts'

/** What a stretch of an item's period was billed for. Without a record the whole period was billed at the item's price. */
export function debitsOf(account: Account, subscription: Subscription, item: SubscriptionItem): readonly Debit[] {
  if (subscription.status === 'trialing' || isMetered(account, item)) return []
  const whole: Debit = {
    amount: billedAmount(account, subscription, item),
    price: item.price,
    quantity: item.quantity,
    start: item.current_period_start,
    end: item.current_period_end,
  }
  const isClassic = billingModeOf(subscription) === 'classic'
  return isClassic ? [whole] : (item.billed ?? [whole])
}

/**
 * Credits for what an item has been billed for and does not use after `from` (seconds), to the second. In flexible mode
 * that is what was debited, one credit for each debit; in classic mode the item's price as it is now.
 */
export function creditLines(
  account: Account,
  subscription: Subscription,
  item: SubscriptionItem,
  from: number,
): InvoiceLine[] {
  return debitsOf(account, subscription, item).flatMap((debit) => {
    const start = Math.max(from, debit.start)
    if (start >= debit.end) return []
    const amount = shareOf(debit.amount, debit.end - start, debit.end - debit.start)
    const billed = { ...item, price: debit.price, quantity: debit.quantity, current_period_end: debit.end }
    return [prorationLine(account, subscription, billed, 0 - amount, start)]
  })
}

/** The debit for the rest of an item's period after `from` (seconds), and its record. */
export function debitRest(account: Account, subscription: Subscription, item: SubscriptionItem, from: number): Debit {
  const whole = item.current_period_end - item.current_period_start
  const rest = Math.max(0, item.current_period_end - from)
  const price = getPriceIn(account.store, item.price, subscription.currency)
  const full = lessPercentages(account, subscription, price, priceAmount(price, item.quantity))
  // A pause may end a period in the second in which it began.
  const amount = whole === 0 ? 0 : shareOf(full, rest, whole)
  return { amount, price: item.price, quantity: item.quantity, start: from, end: item.current_period_end }
}

/** Whether an item is billed afterwards, for what was used. */
export function isMetered(account: Account, item: { readonly price: string }): boolean {
  return getPrice(account.store, item.price).recurring?.usage_type === 'metered'
}

/** What the current period of an item was billed for, less its discounts; the price where no invoice tells it. */
function billedAmount(account: Account, subscription: Subscription, item: SubscriptionItem): number {
  const line = account.store.invoices
    .ofCustomer(subscription.customer)
    .flatMap(({ lines }) => lines)
    .find((candidate) => isPeriodLine(candidate, item))
  const full = priceAmount(getPriceIn(account.store, item.price, subscription.currency), item.quantity)
  if (line === undefined) return full
  return full - sumOf(line['discount_amounts'])
}

function isPeriodLine(line: InvoiceLine, item: SubscriptionItem): boolean {
  const { subscription_item_details: details } = Object(line['parent'])
  const { start } = Object(line['period'])
  return details?.subscription_item === item.id && details?.proration === false && start === item.current_period_start
}

/** How a subscription reckons its credits. */
function billingModeOf(subscription: Subscription): 'classic' | 'flexible' {
  const mode = subscription['billing_mode']
  return typeof mode === 'object' && mode !== null && 'type' in mode && mode.type === 'classic' ? 'classic' : 'flexible'
}
