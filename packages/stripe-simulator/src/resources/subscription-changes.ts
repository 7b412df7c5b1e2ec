import type { Account } from '../account.ts'
import { invalidRequest, unsupported } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { readDiscounts, redemptionOf } from '../lifecycle/discounts/coupon-validity.ts'
import { replaceDiscounts } from '../lifecycle/discounts/redeem-coupons.ts'
import { renew } from '../lifecycle/due/renew.ts'
import { outcomeOf } from '../lifecycle/invoices/pay-invoice.ts'
import { trialReminderAt } from '../lifecycle/next-instant.ts'
import { asksWhenSetUp, findCard } from '../lifecycle/payments/cards.ts'
import { followChange } from '../lifecycle/schedules/run-schedule.ts'
import { hasEnded } from '../lifecycle/subscription-status.ts'
import { changeItems, type ChangeOptions } from '../lifecycle/subscriptions/change-items.ts'
import { changeSubscription, remindOfTrialEnd } from '../lifecycle/subscriptions/change-subscription.ts'
import { requirePaid } from '../lifecycle/subscriptions/require-paid.ts'
import { planEnd } from '../lifecycle/subscriptions/scheduled-end.ts'
import { confirmSetupIntent, openSetupIntent } from '../lifecycle/subscriptions/setup-intents.ts'
import { startTrial } from '../lifecycle/subscriptions/start-trial.ts'
import type { PaymentMethod, Subscription } from '../objects.ts'
import type { Presence } from '../payment-objects.ts'
import { changeMetadata } from '../requests/metadata.ts'
import { render } from '../responses/render.ts'
import { resolvePaymentMethod } from './payment-methods.ts'
import { route, type Routes } from './route.ts'
import { createSubscription } from './subscription-creation.ts'
import {
  readCollection,
  readPauseCollection,
  readTrialEnd,
  refuseUnmodelled,
  sharedFields,
  type SubscriptionFields,
} from './subscription-fields.ts'
import { readItems } from './subscription-requests.ts'
import { readTaxes } from './tax-rates.ts'

interface Update extends SubscriptionFields {
  readonly pause_collection?: Parameters<typeof readPauseCollection>[1]
}

/** What can wait for its invoice to be paid: https://docs.stripe.com/billing/subscriptions/pending-updates-reference. */
const pendable: readonly string[] = [
  'billing_cycle_anchor',
  'items',
  'off_session',
  'payment_behavior',
  'proration_behavior',
  'proration_date',
  'trial_end',
]

export const subscriptionChangeRoutes: Routes = {
  'subscriptions.create': route<SubscriptionFields & { readonly customer?: string }>({
    supports: [...sharedFields, 'billing_mode.type', 'currency', 'customer', 'trial_period_days'],
    handle: ({ account, parameters }) => render(account.store, createSubscription(account, parameters)),
  }),
  'subscriptions.update': route<Update>({
    supports: [
      ...sharedFields,
      'billing_cycle_anchor.type',
      'cancellation_details.comment',
      'cancellation_details.feedback',
      'items.deleted',
      'items.id',
      'pause_collection.behavior',
      'pause_collection.resumes_at',
      'proration_behavior',
      'proration_date',
    ],
    handle: ({ account, id, parameters }) => render(account.store, updateSubscription(account, id, parameters)),
  }),
}

function updateSubscription(account: Account, id: string, given: Update): Subscription {
  refuseUnmodelled(given)
  const before = get(account.store.subscriptions, id)
  refuseImpossible(before, given)
  const presence = given.off_session === true ? 'off-session' : 'on-session'
  const patch: Partial<Subscription> = {
    metadata: changeMetadata(before.metadata, given.metadata),
    ...readCollection(given, before),
    ...(given.description !== undefined && { description: given.description }),
    ...readTaxes(account, given),
    ...planEnd(account, before, given),
    ...(given.pause_collection !== undefined && { pause_collection: readPauseCollection(account, given.pause_collection) }),
    ...methodPatch(account, before, given, presence),
    ...settingsPatch(before, given),
    ...discountPatch(account, before, given.discounts),
  }
  const startsOver = given.billing_cycle_anchor?.type === 'now'
  const wanted = given.items === undefined && !startsOver ? undefined : readItems(account, before, given.items ?? [])
  if (wanted !== undefined) {
    const options = { declines: declines[given.payment_behavior ?? 'allow_incomplete'], presence, patch } as const
    const behavior = given.proration_behavior ?? 'create_prorations'
    const trialEnd = given.trial_end === undefined ? undefined : (readTrialEnd(account, given) ?? ('now' as const))
    const reckoning = { behavior, prorationDate: given.proration_date, startsOver, trialEnd }
    followChange(account, changeItems(account, id, wanted, reckoning, options))
    return typeof trialEnd === 'number' ? remindAnew(account, id) : get(account.store.subscriptions, id)
  }
  if (given.trial_end === undefined) return changeSubscription(account, id, patch)
  if (before.status === 'trialing') return moveTrialEnd(account, before, given, patch, presence)
  const trialEnd = readTrialEnd(account, given)
  if (trialEnd === null) return changeSubscription(account, id, patch)
  account.store.subscriptions.save({ ...before, ...patch })
  return startTrial(account, id, trialEnd, given.proration_behavior ?? 'create_prorations', before)
}

function refuseImpossible(before: Subscription, given: Update): void {
  if (hasEnded(before.status)) {
    if (Object.keys(given).some((name) => name !== 'metadata' && name !== 'cancellation_details')) {
      throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.')
    }
  }
  if (given.payment_behavior === 'pending_if_incomplete') {
    const other = Object.keys(given).find((name) => !pendable.includes(name))
    if (other !== undefined) {
      const message = `When \`payment_behavior\` is set to \`pending_if_incomplete\`, you can only pass supported parameters. \`${other}\` is not supported.`
      throw invalidRequest(message, { param: other })
    }
    if (before.collection_method === 'send_invoice') {
      // https://docs.stripe.com/billing/subscriptions/pending-updates
      const message = '`pending_if_incomplete` can only be used where `collection_method` is `charge_automatically`.'
      throw invalidRequest(message, { param: 'payment_behavior' })
    }
    if (given.trial_end !== undefined && given.items === undefined) throw unsupported('a pending end of a trial without items', 'trial_end')
  }
  if (given.trial_end === undefined) return
  if (!['active', 'past_due', 'trialing'].includes(before.status)) {
    throw unsupported(`a trial for a subscription with a status of ${before.status}`, 'trial_end')
  }
  if (given.items !== undefined && before.status !== 'trialing') throw unsupported('a trial that begins with other items', 'trial_end')
}

const declines: Readonly<Record<NonNullable<Update['payment_behavior']>, ChangeOptions['declines']>> = {
  allow_incomplete: 'past-due',
  default_incomplete: 'confirm',
  error_if_incomplete: 'refuse',
  pending_if_incomplete: 'hold',
}

/** A new method that asks for authentication when it is set up leaves a setup intent for the person. */
function methodPatch(account: Account, before: Subscription, given: Update, presence: Presence): Partial<Subscription> {
  if (given.default_payment_method === undefined) return {}
  const customer = getCustomer(account.store, before.customer)
  const method = resolvePaymentMethod(account, given.default_payment_method, customer, 'default_payment_method')
  const patch = { default_payment_method: method.id }
  if (presence === 'off-session' || !asks(method)) return patch
  const intent = openSetupIntent(account, { customer: customer.id, subscription: before.id })
  return { ...patch, pending_setup_intent: confirmSetupIntent(account, intent.id, method).id }
}

function asks(method: PaymentMethod): boolean {
  const card = findCard(method.internal.number)
  return card !== undefined && asksWhenSetUp(card) && !method.internal.isSetUp
}

function discountPatch(account: Account, before: Subscription, given: Update['discounts']): Partial<Subscription> {
  if (given === undefined) return {}
  const redemption = redemptionOf(account, before.customer, before.items, before.currency)
  return { discounts: replaceDiscounts(account, before, readDiscounts(account, given ?? [], redemption)) }
}

function settingsPatch(before: Subscription, given: Update): Partial<Subscription> {
  const saves = given.payment_settings?.save_default_payment_method
  const missing = given.trial_settings?.end_behavior.missing_payment_method
  const end_behavior = { billing_cycle_anchor: null, missing_payment_method: missing }
  return {
    ...(saves !== undefined && { payment_settings: { ...before.payment_settings, save_default_payment_method: saves } }),
    ...(missing !== undefined && {
      trial_settings: { end_behavior },
      internal: { ...before.internal, missingPaymentMethod: missing },
    }),
  }
}

/** Ends a trial at another instant, or now. When fewer than three days are left, that is announced at once. */
function moveTrialEnd(
  account: Account,
  before: Subscription,
  given: Update,
  patch: Partial<Subscription>,
  presence: Presence,
): Subscription {
  const { id } = before
  const trialEnd = readTrialEnd(account, given)
  const end = trialEnd ?? account.clock.seconds()
  changeSubscription(account, id, {
    ...patch,
    trial_end: end,
    billing_cycle_anchor: end,
    items: before.items.map((item) => ({ ...item, current_period_end: end })),
    internal: { ...before.internal, ...patch.internal },
  })
  const moved = remindAnew(account, id)
  if (trialEnd !== null) return moved
  renew(account, get(account.store.subscriptions, id), { presence, attempts: 'scheduled' })
  const ended = get(account.store.subscriptions, id)
  const invoice = account.store.invoices.find(ended.latest_invoice ?? '')
  if (given.payment_behavior === 'error_if_incomplete' && invoice !== undefined) {
    requirePaid(account, invoice, outcomeOf(account, invoice), 'subscription')
  }
  return ended
}

/** A trial with another end is announced anew. */
function remindAnew(account: Account, id: string): Subscription {
  const moved = get(account.store.subscriptions, id)
  const waiting = account.store.subscriptions.save({ ...moved, internal: { ...moved.internal, trialReminderSent: false } })
  if ((trialReminderAt(waiting) ?? Infinity) <= account.clock.seconds()) remindOfTrialEnd(account, id)
  return get(account.store.subscriptions, id)
}
