import type { Account } from '../account.ts'
import type { Charge, Dispute } from '../billing-objects.ts'
import { invalidRequest } from '../errors.ts'
import { get } from '../get.ts'
import { cancellation, endSubscription } from './change-subscription.ts'
import { findCard } from './cards.ts'
import { hasEnded } from './subscription-status.ts'

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

/** Decides a dispute. A lost one ends the subscription that the charge paid for, where the settings say so. */
export function closeDispute(account: Account, id: string, outcome: 'lost' | 'won'): Dispute {
  const before = get(account.store.disputes, id)
  if (isClosed(before)) throw invalidRequest(`This dispute is already closed: it is ${before.status}.`)
  const isInquiry = before.status === 'warning_needs_response'
  const status = isInquiry && outcome === 'won' ? 'warning_closed' : outcome
  const closed = account.store.disputes.save({ ...before, status, is_charge_refundable: false })
  account.emit('charge.dispute.closed', closed, before)
  if (outcome === 'won' && !isInquiry) account.emit('charge.dispute.funds_reinstated', closed)
  if (outcome === 'lost' && account.settings.lostDisputes === 'cancel') endDisputed(account, closed)
  return closed
}

export function isClosed({ status }: Dispute): boolean {
  return status === 'lost' || status === 'won' || status === 'warning_closed'
}

function endDisputed(account: Account, dispute: Dispute): void {
  const { invoice } = get(account.store.charges, dispute.charge).internal
  const billed = account.store.invoices.find(invoice ?? '')?.internal.subscription
  const subscription = account.store.subscriptions.find(billed ?? '')
  if (subscription === undefined || hasEnded(subscription.status)) return
  endSubscription(account, subscription.id, cancellation('payment_disputed'))
}
