import type { Account } from '../../account.ts'
import type { PaymentIntent } from '../../payment-objects.ts'
import { settlePaymentIntent } from '../payments/payment-intents.ts'

/** Tells what became of the bank debit that a checkout session was completed with. */
export function settleSession(account: Account, intent: PaymentIntent): void {
  const ownSession = intent.internal.session !== null && intent.internal.invoice === null
  const after = ownSession ? settlePaymentIntent(account, intent.id) : (account.store.paymentIntents.find(intent.id) ?? intent)
  const session = findSession(account, intent)
  if (session === undefined) return
  const isPaid = after.status === 'succeeded'
  const told = isPaid ? account.store.checkoutSessions.save({ ...session, payment_status: 'paid' }) : session
  account.emit(isPaid ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed', told)
}

function findSession(account: Account, intent: PaymentIntent): ReturnType<Account['store']['checkoutSessions']['find']> {
  const { checkoutSessions } = account.store
  if (intent.internal.session !== null) return checkoutSessions.find(intent.internal.session)
  const { invoice } = intent.internal
  const ofCustomer = intent.customer === null ? [] : checkoutSessions.ofCustomer(intent.customer)
  return ofCustomer.find((session) => invoice !== null && session['invoice'] === invoice)
}
