import type { Account } from '../../account.ts'
import { get, getPriceIn } from '../../get.ts'
import type { CheckoutSession, Customer, Invoice, PaymentMethod } from '../../objects.ts'
import { redeemFor } from '../discounts/redeem-coupons.ts'
import { draftInvoice, oneTimeLine } from '../invoices/invoice-object.ts'
import { finalizeInvoice } from '../invoices/invoicing.ts'
import { payInvoice } from '../invoices/pay-invoice.ts'
import { discountsOf } from './session-discounts.ts'

/**
 * The invoice of a single payment, for sessions with `invoice_creation`: made, finalized and paid at once, and not from the
 * customer's balance: https://docs.stripe.com/billing/customer/balance
 */
export function invoiceSession(account: Account, session: CheckoutSession, customer: Customer, method: PaymentMethod): Invoice {
  const now = account.clock.seconds()
  const lines = session.internal.lineItems.map((item) => oneTimeLine(account, getPriceIn(account.store, item.price, session.currency ?? 'usd'), item.quantity))
  const currency = session.currency ?? 'usd'
  const redeemed = redeemFor(account, { id: null, customer: customer.id }, discountsOf(session), session.id)
  const owner = { id: null, currency, customer: customer.id, metadata: {}, discounts: redeemed, ...session.internal.taxation }
  const made = draftInvoice(account, owner, 'manual', lines, { start: now, end: now })
  const { description = null, metadata = {} } = session.internal.invoiceCreation ?? {}
  const draft = account.store.invoices.save({ ...made, amount_due: made.total, amount_remaining: made.total, description, metadata })
  account.emit('invoice.created', draft)
  const open = finalizeInvoice(account, draft, { usesBalance: false })
  payInvoice(account, open, { presence: 'on-session', isAuthenticated: true, method, attempts: 'once' })
  return get(account.store.invoices, open.id)
}
