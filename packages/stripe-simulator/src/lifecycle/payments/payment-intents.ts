import type { Account } from '../../account.ts'
import { get } from '../../get.ts'
import type { PaymentMethod } from '../../objects.ts'
import type { PaymentError, PaymentIntent } from '../../payment-objects.ts'
import { findBankAccount } from './bank-accounts.ts'
import { newCharge } from './charge-object.ts'
import { charge, type Attempt } from './charge.ts'
import { disputeAsCardSays } from './disputes.ts'
import { authenticationPage, newPaymentIntent, shownError, type NewPaymentIntent } from './payment-intent-object.ts'

/** What 3-D Secure that was not passed leaves behind. */
export const failedAuthentication: PaymentError = {
  code: 'payment_intent_authentication_failure',
  decline_code: '',
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
}

/** Makes a payment intent and emits `payment_intent.created`. */
export function openPaymentIntent(account: Account, wanted: NewPaymentIntent): PaymentIntent {
  const intent = account.store.paymentIntents.save(newPaymentIntent(account, wanted))
  account.emit('payment_intent.created', intent)
  return intent
}

/** Attempts the payment with a method; without one the intent waits for one. Stores and emits what comes of it. */
export function confirmPaymentIntent(
  account: Account,
  id: string,
  method: PaymentMethod | undefined,
  attempt: Attempt,
): PaymentIntent {
  const before = get(account.store.paymentIntents, id)
  if (method === undefined) {
    return account.store.paymentIntents.save({ ...before, payment_method: null, status: 'requires_payment_method' })
  }
  const outcome = charge(account, method, attempt)
  switch (outcome.kind) {
    case 'succeeded':
      return succeed(account, before, method)
    case 'declined':
      return declinePaymentIntent(account, before, method, outcome.error)
    case 'requires-action': {
      const next_action = authenticationPage(account, id)
      const changes = { next_action, payment_method: method.id, status: 'requires_action' } as const
      const asking = account.store.paymentIntents.save({ ...before, ...changes, last_payment_error: null })
      account.emit('payment_intent.requires_action', asking)
      return asking
    }
    case 'processing': {
      const settlesAt = account.clock.seconds() + account.settings.bankDebitDays * 86_400
      const changes = { next_action: null, payment_method: method.id, status: 'processing' } as const
      const internal = { ...before.internal, settlesAt }
      const processing = account.store.paymentIntents.save({ ...before, ...changes, last_payment_error: null, internal })
      account.emit('payment_intent.processing', processing)
      return processing
    }
  }
}

/** Ends a bank debit that was under way, as the test account says. */
export function settlePaymentIntent(account: Account, id: string): PaymentIntent {
  const before = get(account.store.paymentIntents, id)
  const method = get(account.store.paymentMethods, before.payment_method ?? '')
  const failure = findBankAccount(method.internal.number)?.failure
  return failure === undefined ? succeed(account, before, method) : declinePaymentIntent(account, before, method, failure)
}

/** Records that the bank refused: there is a charge that failed. */
function declinePaymentIntent(account: Account, before: PaymentIntent, method: PaymentMethod, error: PaymentError): PaymentIntent {
  const failed = account.store.charges.save(newCharge(account, before, method, error))
  account.store.paymentIntents.save({ ...before, latest_charge: failed.id, payment_method: method.id })
  account.emit('charge.failed', failed)
  return failPaymentIntent(account, before.id, error)
}

/** Records that an attempt failed: the intent waits for another payment method. */
export function failPaymentIntent(account: Account, id: string, error: PaymentError): PaymentIntent {
  const before = get(account.store.paymentIntents, id)
  const method = account.store.paymentMethods.find(before.payment_method ?? '')
  const failed = account.store.paymentIntents.save({
    ...before,
    last_payment_error: shownError(account, error, method),
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
    internal: { ...before.internal, settlesAt: null },
  })
  account.emit('payment_intent.payment_failed', failed)
  return failed
}

/** Gives up a payment that is no longer wanted. */
export function cancelPaymentIntent(account: Account, id: string, reason: 'void_invoice' | 'abandoned'): void {
  const before = account.store.paymentIntents.find(id)
  if (before === undefined || before.status === 'succeeded' || before.status === 'canceled') return
  const canceled = account.store.paymentIntents.save({
    ...before,
    canceled_at: account.clock.seconds(),
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
    internal: { ...before.internal, settlesAt: null },
  })
  account.emit('payment_intent.canceled', canceled)
}

/** A payment with `setup_future_usage` sets its method up: from now on it can be charged without the person. */
function succeed(account: Account, before: PaymentIntent, method: PaymentMethod): PaymentIntent {
  if (before.setup_future_usage === 'off_session' && !method.internal.isSetUp) {
    account.store.paymentMethods.save({ ...method, internal: { ...method.internal, isSetUp: true } })
  }
  const made = account.store.charges.save(newCharge(account, before, method))
  const succeeded = account.store.paymentIntents.save({
    ...before,
    amount_received: before.amount,
    last_payment_error: null,
    latest_charge: made.id,
    next_action: null,
    payment_method: method.id,
    status: 'succeeded',
    internal: { ...before.internal, settlesAt: null },
  })
  account.emit('charge.succeeded', made)
  account.emit('payment_intent.succeeded', succeeded)
  disputeAsCardSays(account, made, method.internal.number)
  return succeeded
}
