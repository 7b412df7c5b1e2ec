import type { Account } from '../../account.ts'
import { findSubscriptionOf, get } from '../../get.ts'
import { stopCollecting } from '../invoices/invoicing.ts'
import { cancellation, changeSubscription, endSubscription } from './change-subscription.ts'
import { pauseSubscription } from './pause-subscription.ts'

/** After the last automatic attempt to collect an invoice the account's settings decide what becomes of the subscription. */
export function endDunning(account: Account, invoiceId: string): void {
  const invoice = get(account.store.invoices, invoiceId)
  const subscription = findSubscriptionOf(account.store, invoice)
  if (invoice.status !== 'open' || invoice.next_payment_attempt !== null || subscription?.status !== 'past_due') return
  switch (account.settings.afterRetries) {
    case 'cancel':
      endSubscription(account, subscription.id, cancellation('payment_failed'))
      return
    case 'unpaid':
      stopCollecting(account, subscription)
      changeSubscription(account, subscription.id, { status: 'unpaid' })
      return
    case 'pause': {
      const credit = { from: 'none', on: 'pending_invoice_item' } as const
      pauseSubscription(account, subscription.id, 'final_payment_failure', { credit })
      return
    }
    case 'past_due':
      return
  }
}
