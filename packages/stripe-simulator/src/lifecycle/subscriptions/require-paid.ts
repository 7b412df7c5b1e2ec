import type { Account } from '../../account.ts'
import { StripeError } from '../../errors.ts'
import type { Invoice } from '../../objects.ts'
import { lastError, type PaymentOutcome } from '../invoices/pay-invoice.ts'

/**
 * Refuses with 402 what was not paid: by the error of the card, or because the person has to authenticate. For an
 * invoice the attempt itself is kept; for a subscription everything is taken back.
 */
export function requirePaid(
  account: Account,
  invoice: Invoice,
  outcome: PaymentOutcome,
  refused: 'subscription' | 'invoice',
): void {
  const options = { keepsWrites: refused === 'invoice' }
  switch (outcome) {
    case 'paid':
    case 'processing':
    case 'sent':
      return
    case 'action-required': {
      const place = refused === 'invoice' ? 'the invoice' : 'subscription.latest_invoice'
      const payment = refused === 'invoice' ? 'This payment' : 'Payment for this subscription'
      const message = `${payment} requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with ${place}.`
      throw new StripeError(402, { type: 'card_error', code: `${refused}_payment_intent_requires_action`, message }, options)
    }
    case 'declined':
      throw new StripeError(402, { type: 'card_error', ...lastError(account, invoice) }, options)
    case 'no-payment-method': {
      const message = 'Your card was declined.'
      throw new StripeError(402, { type: 'card_error', code: 'card_declined', decline_code: 'generic_decline', message }, options)
    }
  }
}
