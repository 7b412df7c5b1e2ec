import type { Account } from '../../account.ts'
import type { Dispute } from '../../billing-objects.ts'
import { invalidRequest } from '../../errors.ts'
import { get } from '../../get.ts'
import { openDispute } from '../payments/disputes.ts'

/** Disputes a payment (a charge, a payment intent or a paid invoice, by its id) as the holder of the card would. */
export function disputePayment(account: Account, id: string, reason?: string): Dispute {
  const { charges, invoicePayments, paymentIntents } = account.store
  const payment = invoicePayments.newestFirst().find(({ invoice, status }) => invoice === id && status === 'paid')
  const intent = paymentIntents.find(payment?.payment.payment_intent ?? id)
  const charge = charges.find(intent?.latest_charge ?? id)
  if (charge?.status !== 'succeeded') throw invalidRequest(`There is no successful charge of ${id}.`, { param: 'id' })
  return openDispute(account, get(charges, charge.id), reason)
}
