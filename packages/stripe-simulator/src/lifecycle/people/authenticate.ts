import type { Account } from '../../account.ts'
import { invalidRequest } from '../../errors.ts'
import { get } from '../../get.ts'
import type { PaymentIntent, SetupIntent } from '../../payment-objects.ts'
import { authenticateInvoice } from '../invoices/pay-invoice.ts'
import { confirmPaymentIntent, failedAuthentication, failPaymentIntent } from '../payments/payment-intents.ts'
import { followPayment } from '../subscriptions/collect.ts'
import { authenticateSetup } from '../subscriptions/setup-intents.ts'

/**
 * Ends the 3-D Secure that a payment intent or a setup intent asks for, as the person on its page would: passed, the
 * card is charged or set up; failed, the intent waits for another method.
 */
export function authenticate(account: Account, id: string, isPassed: boolean): PaymentIntent | SetupIntent {
  const setup = account.store.setupIntents.find(id)
  const intent = setup ?? get(account.store.paymentIntents, id)
  if (intent.status !== 'requires_action') {
    throw invalidRequest(`This intent asks for no authentication: it has a status of ${intent.status}.`, { param: 'id' })
  }
  if (setup !== undefined) return authenticateSetup(account, id, isPassed)
  const payment = get(account.store.paymentIntents, id)
  const invoice = account.store.invoices.find(payment.internal.invoice ?? '')
  if (invoice !== undefined) {
    followPayment(account, invoice.id, authenticateInvoice(account, invoice, payment, isPassed))
    return get(account.store.paymentIntents, id)
  }
  if (!isPassed) return failPaymentIntent(account, id, failedAuthentication)
  const method = get(account.store.paymentMethods, payment.payment_method ?? '')
  return confirmPaymentIntent(account, id, method, { presence: 'on-session', isAuthenticated: true })
}
