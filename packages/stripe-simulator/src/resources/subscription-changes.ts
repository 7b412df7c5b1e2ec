import type { Account } from '../account.ts'
import { cardDeclined, invalidRequest, missingParameter, unsupported, type StripeError } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { changeItems, type ProrationBehavior } from '../lifecycle/change-items.ts'
import { changeSubscription } from '../lifecycle/change-subscription.ts'
import { renew } from '../lifecycle/fall-due.ts'
import { planEnd, type EndRequest } from '../lifecycle/scheduled-end.ts'
import { subscribe } from '../lifecycle/subscribe.ts'
import { followChange } from '../lifecycle/run-schedule.ts'
import { hasEnded } from '../lifecycle/subscription-status.ts'
import type { Subscription } from '../objects.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { render } from '../responses/render.ts'
import { resolvePaymentMethod } from './payment-methods.ts'
import { route, type Routes } from './route.ts'
import { readItems, type GivenItem } from './subscription-requests.ts'

interface Given extends EndRequest {
  readonly billing_cycle_anchor?: { readonly type: string }
  readonly billing_mode?: { readonly type: string }
  readonly collection_method?: string
  readonly default_payment_method?: string
  readonly description?: string | null
  readonly items?: readonly GivenItem[]
  readonly metadata?: MetadataChange | null
  readonly payment_behavior?: string
  readonly proration_behavior?: ProrationBehavior
  readonly proration_date?: number
  readonly trial_end?: number | 'now'
  readonly trial_period_days?: number
  readonly trial_settings?: { readonly end_behavior: { readonly missing_payment_method: string } }
}

const shared = [
  'cancel_at',
  'cancel_at_period_end',
  'collection_method',
  'default_payment_method',
  'description',
  'items.metadata',
  'items.price',
  'items.quantity',
  'metadata',
  'payment_behavior',
  'trial_end',
]
const missingMethod = 'trial_settings.end_behavior.missing_payment_method'
const twoYears = 730

export const subscriptionChangeRoutes: Routes = {
  'subscriptions.create': route<Given & { readonly customer?: string }>({
    answers: 'subscription',
    supports: [...shared, 'billing_mode.type', 'customer', 'trial_period_days', missingMethod],
    echoes: ['off_session'],
    handle: ({ account, parameters }) => render(account.store, createSubscription(account, parameters)),
  }),
  'subscriptions.update': route<Given>({
    answers: 'subscription',
    supports: [
      ...shared,
      'billing_cycle_anchor.type',
      'cancellation_details.comment',
      'cancellation_details.feedback',
      'items.deleted',
      'items.id',
      'proration_behavior',
      'proration_date',
    ],
    echoes: ['off_session'],
    handle: ({ account, id, parameters }) => render(account.store, updateSubscription(account, id, parameters)),
  }),
}

function createSubscription(account: Account, given: Given & { readonly customer?: string }): Subscription {
  refuseUnmodelled(given)
  if (given.customer === undefined) throw missingParameter('customer')
  if (given.items === undefined) throw missingParameter('items')
  if (given.trial_end !== undefined && given.trial_period_days !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: trial_end, trial_period_days.', {
      code: 'parameters_exclusive',
      param: 'trial_end',
    })
  }
  const customer = getCustomer(account.store, given.customer, 'customer')
  const items = readItems(account, undefined, given.items)
  const metadata = changeMetadata({}, given.metadata)
  const trialEnd = readTrialEnd(account, given)
  const wanted = given.default_payment_method
  const method = wanted === undefined ? undefined : resolvePaymentMethod(account, wanted, customer, 'default_payment_method')
  const payerId = method?.id ?? customer.invoice_settings.default_payment_method
  const payer = account.store.paymentMethods.find(payerId ?? '')
  const isFree = items.every((item) => get(account.store.prices, item.price).unit_amount === 0)
  if (trialEnd === null && !isFree && payer === undefined && given.payment_behavior !== 'default_incomplete') {
    const message = 'This customer has no attached payment source or default payment method. Please consider adding a default payment method.'
    throw invalidRequest(message, { code: 'resource_missing' })
  }
  const wouldFail = trialEnd === null && !isFree && payer?.internal.behaviour !== 'succeeds'
  if (given.payment_behavior === 'error_if_incomplete' && wouldFail) {
    throw cardDeclined('Your card was declined.', 'generic_decline')
  }
  const cancelAt = given.cancel_at
  if (typeof cancelAt === 'string') throw unsupported(`cancel_at ${cancelAt} on a new subscription`, 'cancel_at')
  return subscribe(account, {
    customer: customer.id,
    items,
    paymentMethod: method?.id ?? null,
    metadata,
    description: given.description ?? null,
    trialEnd,
    missingPaymentMethod:
      given.trial_settings?.end_behavior.missing_payment_method === 'cancel' ? 'cancel' : 'create_invoice',
    ...(cancelAt !== undefined && { cancelAt }),
    ...(given.cancel_at_period_end !== undefined && { cancelAtPeriodEnd: given.cancel_at_period_end }),
  })
}

function updateSubscription(account: Account, id: string, given: Given): Subscription {
  refuseUnmodelled(given)
  const before = get(account.store.subscriptions, id)
  if (hasEnded(before.status)) {
    if (Object.keys(given).some((name) => name !== 'metadata' && name !== 'cancellation_details')) {
      throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.')
    }
  }
  const customer = getCustomer(account.store, before.customer)
  const patch: Partial<Subscription> = {
    metadata: changeMetadata(before.metadata, given.metadata),
    ...(given.description !== undefined && { description: given.description }),
    ...planEnd(account, before, given),
  }
  const startsOver = given.billing_cycle_anchor?.type === 'now'
  const wanted = given.items === undefined && !startsOver ? undefined : readItems(account, before, given.items ?? [])
  const trialEnd = given.trial_end === undefined ? undefined : readTrialEnd(account, given)
  if (trialEnd !== undefined && before.status !== 'trialing') {
    throw unsupported('a trial for a subscription that is not on trial', 'trial_end')
  }
  if (trialEnd !== undefined && wanted !== undefined) throw unsupported('trial_end together with items', 'trial_end')
  if (given.default_payment_method !== undefined) {
    const method = resolvePaymentMethod(account, given.default_payment_method, customer, 'default_payment_method')
    Object.assign(patch, { default_payment_method: method.id })
  }
  if (wanted !== undefined) {
    const behavior = given.proration_behavior ?? 'create_prorations'
    const changed = changeItems(account, id, wanted, { behavior, prorationDate: given.proration_date, startsOver }, {
      declines: given.payment_behavior === 'error_if_incomplete' ? 'refuse' : 'past-due',
      patch,
    })
    followChange(account, changed)
    return get(account.store.subscriptions, id)
  }
  if (trialEnd === undefined) return changeSubscription(account, id, patch)
  const end = trialEnd ?? account.clock.seconds()
  const moved = changeSubscription(account, id, {
    ...patch,
    trial_end: end,
    billing_cycle_anchor: end,
    items: before.items.map((item) => ({ ...item, current_period_end: end })),
    internal: { ...before.internal, trialReminderSent: trialEnd === null },
  })
  if (trialEnd === null) renew(account, moved)
  return get(account.store.subscriptions, id)
}

function refuseUnmodelled(given: Given): void {
  if (given.collection_method === 'send_invoice') throw unsupported('invoices that are sent', 'collection_method')
  if (given.billing_mode?.type === 'classic') throw unsupported('the classic billing mode', 'billing_mode[type]')
  if (given.trial_settings?.end_behavior.missing_payment_method === 'pause') {
    throw unsupported('pausing', 'trial_settings[end_behavior][missing_payment_method]')
  }
  if (given.payment_behavior === 'pending_if_incomplete') throw unsupported('pending updates', 'payment_behavior')
}

/** The end of the trial in seconds; null: none, or at once. */
function readTrialEnd(account: Account, given: Given): number | null {
  const now = account.clock.seconds()
  if (given.trial_period_days !== undefined) {
    if (given.trial_period_days < 0 || given.trial_period_days > twoYears) throw badTrial('trial_period_days')
    return given.trial_period_days === 0 ? null : now + given.trial_period_days * 86_400
  }
  if (given.trial_end === undefined || given.trial_end === 'now') return null
  if (given.trial_end <= now || given.trial_end > now + twoYears * 86_400) throw badTrial('trial_end')
  return given.trial_end
}

function badTrial(param: string): StripeError {
  return invalidRequest('Invalid trial: it must end in the future, within two years.', {
    code: 'parameter_invalid_integer',
    param,
  })
}
