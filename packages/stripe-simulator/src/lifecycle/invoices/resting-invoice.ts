import type { Account } from '../../account.ts'
import type { Invoice, InvoiceLine, Subscription } from '../../objects.ts'
import { createDraft, finalizeInvoice, markUncollectible, voidInvoice } from './invoicing.ts'

/**
 * The invoice of a subscription whose collection is paused: all of them are what `pause_collection.behavior` says. `undefined` where
 * it is collected. Source: https://docs.stripe.com/billing/subscriptions/pause-payment
 */
export function restingInvoice(
  account: Account,
  subscription: Subscription,
  reason: 'subscription_cycle' | 'subscription_update',
  lines: readonly InvoiceLine[],
  period: { readonly start: number; readonly end: number },
): Invoice | undefined {
  const behavior = subscription.pause_collection?.behavior
  if (behavior === undefined) return undefined
  const draft = createDraft(account, subscription, reason, lines, period, { autoAdvance: false })
  if (behavior === 'keep_as_draft') return draft
  // What is voided at once takes nothing from the customer's credit.
  const open = finalizeInvoice(account, draft, { usesBalance: behavior !== 'void' })
  return behavior === 'void' ? voidInvoice(account, open) : markUncollectible(account, open)
}
