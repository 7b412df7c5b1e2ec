import type { Account } from '../../account.ts'
import type { Charge, Dispute } from '../../billing-objects.ts'
import { invalidRequest } from '../../errors.ts'
import { findCard } from './cards.ts'

const timeToRespond = 9 * 86_400

const unanswered: readonly string[] = [
  'access_activity_log', 'billing_address', 'cancellation_policy', 'cancellation_policy_disclosure', 'cancellation_rebuttal',
  'customer_communication', 'customer_email_address', 'customer_name', 'customer_purchase_ip', 'customer_signature',
  'duplicate_charge_documentation', 'duplicate_charge_explanation', 'duplicate_charge_id', 'product_description', 'receipt',
  'refund_policy', 'refund_policy_disclosure', 'refund_refusal_explanation', 'service_date', 'service_documentation',
  'shipping_address', 'shipping_carrier', 'shipping_date', 'shipping_documentation', 'shipping_tracking_number',
  'uncategorized_file', 'uncategorized_text',
]

/** Disputes a charge as the holder of its card would; an inquiry asks first and takes no money yet. */
export function openDispute(account: Account, charge: Charge, reason = 'fraudulent', isInquiry = false): Dispute {
  if (charge.disputed) throw invalidRequest(`Charge ${charge.id} is disputed already.`, { code: 'charge_disputed', param: 'charge' })
  const now = account.clock.seconds()
  const method = account.store.paymentMethods.find(charge.payment_method)
  const brand = method?.card?.brand ?? 'visa'
  account.store.charges.save({ ...charge, disputed: true })
  const dispute = account.store.disputes.save({
    id: account.identifiers.next('du'),
    object: 'dispute',
    amount: charge.amount - charge.amount_refunded,
    balance_transactions: [],
    charge: charge.id,
    created: now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: { ...Object.fromEntries(unanswered.map((name) => [name, null])), enhanced_evidence: {} },
    evidence_details: {
      due_by: now + timeToRespond,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: { brand, case_type: isInquiry ? 'inquiry' : 'chargeback', network: brand, network_reason_code: null },
      type: 'card',
    },
    reason,
    status: isInquiry ? 'warning_needs_response' : 'needs_response',
  })
  account.emit('charge.dispute.created', dispute)
  if (!isInquiry) account.emit('charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** Disputes a charge at once where its test card says so (https://docs.stripe.com/testing#disputes). */
export function disputeAsCardSays(account: Account, charge: Charge, cardNumber: string): void {
  const course = findCard(cardNumber)?.dispute
  if (course !== undefined) openDispute(account, charge, course.reason, course.isInquiry)
}
