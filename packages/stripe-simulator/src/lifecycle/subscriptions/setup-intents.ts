import type { Account } from '../../account.ts'
import { get } from '../../get.ts'
import type { Metadata, PaymentMethod } from '../../objects.ts'
import type { PaymentError, SetupIntent } from '../../payment-objects.ts'
import { publishedNulls } from '../../published-data.ts'
import { asksWhenSetUp, expiredCard, findCard } from '../payments/cards.ts'
import { isExpired } from '../payments/charge.ts'
import { authenticationPage, shownError } from '../payments/payment-intent-object.ts'
import { changeSubscription } from './change-subscription.ts'

const failedAuthentication: PaymentError = {
  code: 'setup_intent_authentication_failure',
  decline_code: '',
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
}

/** What a new setup intent is for. */
export interface NewSetupIntent {
  readonly customer: string | null
  readonly subscription?: string
  readonly description?: string | null
  readonly metadata?: Metadata
  readonly usage?: SetupIntent['usage']
}

/** Makes a setup intent that waits for a payment method, and emits `setup_intent.created`. */
export function openSetupIntent(account: Account, wanted: NewSetupIntent): SetupIntent {
  const intent = account.store.setupIntents.save(newSetupIntent(account, wanted))
  account.emit('setup_intent.created', intent)
  return intent
}

/** Sets a method up for payments without the person, or asks them to authenticate first. */
export function confirmSetupIntent(
  account: Account,
  id: string,
  method: PaymentMethod,
  attempt: { readonly isAuthenticated?: boolean } = {},
): SetupIntent {
  const before = get(account.store.setupIntents, id)
  if (isExpired(account, method)) return failSetup(account, before, expiredCard, method)
  const card = findCard(method.internal.number)
  if (card !== undefined && attempt.isAuthenticated !== true && asksWhenSetUp(card)) {
    const changes = { next_action: authenticationPage(account, id), payment_method: method.id, status: 'requires_action' } as const
    const asking = account.store.setupIntents.save({ ...before, ...changes, last_setup_error: null })
    account.emit('setup_intent.requires_action', asking)
    return asking
  }
  account.store.paymentMethods.save({ ...method, internal: { ...method.internal, isSetUp: true } })
  const changes = { next_action: null, payment_method: method.id, status: 'succeeded' } as const
  const succeeded = account.store.setupIntents.save({ ...before, ...changes, last_setup_error: null })
  account.emit('setup_intent.succeeded', succeeded)
  finishPendingSetup(account, succeeded)
  return succeeded
}

/** Ends the 3-D Secure that a setup intent asks for. */
export function authenticateSetup(account: Account, id: string, isPassed: boolean): SetupIntent {
  const intent = get(account.store.setupIntents, id)
  const method = get(account.store.paymentMethods, intent.payment_method ?? '')
  if (isPassed) return confirmSetupIntent(account, id, method, { isAuthenticated: true })
  return failSetup(account, intent, failedAuthentication, method)
}

/** Gives up a setup that is no longer wanted. */
export function cancelSetupIntent(account: Account, id: string, reason: string | null): SetupIntent {
  const before = get(account.store.setupIntents, id)
  const changes = { cancellation_reason: reason, next_action: null, status: 'canceled' } as const
  const canceled = account.store.setupIntents.save({ ...before, ...changes })
  account.emit('setup_intent.canceled', canceled)
  return canceled
}

function failSetup(account: Account, before: SetupIntent, error: PaymentError, method: PaymentMethod): SetupIntent {
  const last_setup_error = shownError(account, error, method)
  const changes = { last_setup_error, next_action: null, payment_method: null, status: 'requires_payment_method' } as const
  const failed = account.store.setupIntents.save({ ...before, ...changes })
  account.emit('setup_intent.setup_failed', failed)
  return failed
}

/** A subscription that waited for this setup pays with the method from now on. */
function finishPendingSetup(account: Account, intent: SetupIntent): void {
  const subscription = account.store.subscriptions.find(intent.internal.subscription ?? '')
  if (subscription === undefined || subscription['pending_setup_intent'] !== intent.id) return
  const keeps = subscription.default_payment_method !== null
  changeSubscription(account, subscription.id, {
    pending_setup_intent: null,
    ...(!keeps && { default_payment_method: intent.payment_method }),
  })
}

function newSetupIntent(account: Account, wanted: NewSetupIntent): SetupIntent {
  const id = account.identifiers.next('seti')
  return {
    id,
    object: 'setup_intent',
    ...publishedNulls('setup_intent'),
    client_secret: `${id}_${account.identifiers.next('secret')}`,
    created: account.clock.seconds(),
    customer: wanted.customer,
    customer_account: null,
    description: wanted.description ?? null,
    flow_directions: null,
    last_setup_error: null,
    livemode: false,
    managed_payments: null,
    metadata: wanted.metadata ?? {},
    next_action: null,
    payment_method: null,
    payment_method_options: { card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' } },
    payment_method_types: ['card', 'us_bank_account'],
    status: 'requires_payment_method',
    usage: wanted.usage ?? 'off_session',
    internal: { subscription: wanted.subscription ?? null },
  }
}
