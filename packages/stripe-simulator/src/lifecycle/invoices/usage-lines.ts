import type { Account } from '../../account.ts'
import type { InvoiceLine, Subscription } from '../../objects.ts'
import { usageOfItem } from '../meters/usage.ts'
import { itemLine } from './invoice-object.ts'
import { isMetered } from './proration.ts'

/** The lines that bill what was used in the period that ends. */
export function usageLines(account: Account, subscription: Subscription): InvoiceLine[] {
  if (subscription.status === 'trialing') return []
  return subscription.items
    .filter((item) => isMetered(account, item))
    .map((item) => itemLine(account, subscription, { ...item, quantity: usageOfItem(account, subscription, item) }, false))
}
