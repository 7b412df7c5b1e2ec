import type { Account } from '../../account.ts'
import { get, getCustomer } from '../../get.ts'
import type { CreditNote } from '../../invoicing-objects.ts'
import type { Invoice } from '../../objects.ts'
import { changeObject } from '../change-object.ts'
import { cancelPayments, findPaymentIntentOf, markPaid } from '../invoices/invoicing.ts'
import { followPayment } from './collect.ts'

/** Takes what a credit note takes off before the payment: of the debt, and of what would collect it. Nothing owed is paid. */
export function lowerDebt(account: Account, before: Invoice, by: number): void {
  const changed = changeDebt(account, before, -by)
  if (by === 0 || changed.status === 'paid' || changed.amount_remaining > 0) return
  cancelPayments(account, changed)
  markPaid(account, changed)
  followPayment(account, changed.id, 'paid')
}

/** Takes back a credit note of an invoice that is still owed: the debt is what it was before. */
export function voidCreditNote(account: Account, before: CreditNote): CreditNote {
  changeDebt(account, get(account.store.invoices, before.invoice), before.pre_payment_amount)
  const voided = account.store.creditNotes.save({ ...before, status: 'void', voided_at: account.clock.seconds() })
  account.emit('credit_note.voided', voided)
  return voided
}

/** Gives money to a customer's balance, which the next invoices draw from. */
export function creditBalance(account: Account, customerId: string, amount: number): void {
  if (amount === 0) return
  const before = getCustomer(account.store, customerId)
  changeObject(account, 'customers', before, { balance: before.balance - amount }, 'customer.updated')
}

/** Notes on an invoice what was given back after its payment. */
export function noteGivenBack(account: Account, invoiceId: string, amount: number): void {
  if (amount === 0) return
  const before = get(account.store.invoices, invoiceId)
  const post_payment_credit_notes_amount = Number(before['post_payment_credit_notes_amount']) + amount
  changeObject(account, 'invoices', before, { post_payment_credit_notes_amount }, 'invoice.updated')
}

function changeDebt(account: Account, before: Invoice, by: number): Invoice {
  if (by === 0) return before
  const after = account.store.invoices.save({
    ...before,
    amount_due: before.amount_due + by,
    amount_remaining: before.amount_remaining + by,
    pre_payment_credit_notes_amount: Number(before['pre_payment_credit_notes_amount']) - by,
  })
  const intent = findPaymentIntentOf(account, before)
  if (intent !== undefined && after.amount_due > 0) account.store.paymentIntents.save({ ...intent, amount: after.amount_due })
  const payment = account.store.invoicePayments.where('invoice', before.id).find(({ status }) => status === 'open')
  if (payment !== undefined) account.store.invoicePayments.save({ ...payment, amount_requested: after.amount_due })
  account.emit('invoice.updated', after, before)
  return after
}
