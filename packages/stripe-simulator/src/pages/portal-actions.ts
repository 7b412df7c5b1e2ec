import type { Account } from '../account.ts'
import { invalidRequest } from '../errors.ts'
import { get } from '../get.ts'
import { findRedeemableCode, redemptionOf } from '../lifecycle/discounts/coupon-validity.ts'
import { replaceDiscounts } from '../lifecycle/discounts/redeem-coupons.ts'
import { setCard } from '../lifecycle/people/set-card.ts'
import { changeAtPeriodEnd } from '../lifecycle/schedules/adopt-subscription.ts'
import { releaseSchedule } from '../lifecycle/schedules/run-schedule.ts'
import { endOfDuration } from '../lifecycle/schedules/schedule-object.ts'
import { changeItems } from '../lifecycle/subscriptions/change-items.ts'
import { cancellation, changeSubscription, endSubscription } from '../lifecycle/subscriptions/change-subscription.ts'
import { pauseSubscription } from '../lifecycle/subscriptions/pause-subscription.ts'
import { resumeSubscription } from '../lifecycle/subscriptions/resume-subscription.ts'
import { planEnd } from '../lifecycle/subscriptions/scheduled-end.ts'
import type { Subscription } from '../objects.ts'
import type { PortalConfiguration, PortalSession } from '../portal-objects.ts'
import { isScheduledChange, offersFor, type PortalOffers, type WantedChange } from './portal-offers.ts'

/** Does what a form of the portal page asks for, as far as the configuration lets the customer do it. */
export function runPortalAction(account: Account, session: PortalSession, form: URLSearchParams): void {
  const configuration = get(account.store.portalConfigurations, session.configuration)
  if (form.get('action') === 'card' && configuration.features.payment_method_update.enabled) {
    setCard(account, session.customer, form.get('card') ?? '')
    return
  }
  const subscription = get(account.store.subscriptions, form.get('subscription') ?? '', 'subscription')
  if (subscription.customer !== session.customer) throw notOffered()
  manage(account, configuration, subscription, form)
}

function manage(account: Account, configuration: PortalConfiguration, subscription: Subscription, form: URLSearchParams): void {
  const offers = offersFor(account, configuration, subscription)
  const action = form.get('action')
  if (action === 'switch') switchPrice(account, configuration, subscription, offers, form.get('price') ?? '')
  else if (action === 'quantity') changeQuantity(account, configuration, subscription, offers, Number(form.get('quantity')))
  else if (action === 'promotion' && offers.takesPromotionCode) redeemCode(account, subscription, form.get('code') ?? '')
  else if (action === 'cancel' && offers.canCancel) cancel(account, subscription, configuration.features.subscription_cancel.mode)
  else if (action === 'resume' && offers.canKeep) keep(account, subscription)
  else if (action === 'pause') pause(account, subscription, offers, Number(form.get('length') ?? 0))
  else if (action === 'unpause' && offers.canUnpause) {
    resumeSubscription(account, subscription.id, { anchor: 'now', prorations: 'create_prorations', on: 'success' })
  } else if (action === 'drop-change' && offers.canDropChange) {
    releaseSchedule(account, get(account.store.subscriptionSchedules, String(subscription['schedule'])), { keepsEnd: false })
  } else throw notOffered()
}

function switchPrice(
  account: Account,
  configuration: PortalConfiguration,
  subscription: Subscription,
  offers: PortalOffers,
  id: string,
): void {
  const price = offers.switches.find((offered) => offered.id === id)
  if (price === undefined) throw notOffered()
  changeItem(account, configuration, subscription, { price: price.id, quantity: subscription.items[0]?.quantity ?? 1 })
}

function changeQuantity(
  account: Account,
  configuration: PortalConfiguration,
  subscription: Subscription,
  { quantity: bounds }: PortalOffers,
  quantity: number,
): void {
  if (bounds === undefined) throw notOffered()
  const most = bounds.maximum ?? 999_999
  if (!Number.isInteger(quantity) || quantity < bounds.minimum || quantity > most) {
    const upTo = bounds.maximum === null ? `at least ${bounds.minimum}` : `from ${bounds.minimum} to ${bounds.maximum}`
    throw invalidRequest(`The quantity must be a whole number, ${upTo}.`, { param: 'quantity' })
  }
  const price = subscription.items[0]?.price
  if (price !== undefined) changeItem(account, configuration, subscription, { price, quantity })
}

function changeItem(
  account: Account,
  configuration: PortalConfiguration,
  subscription: Subscription,
  wanted: WantedChange,
): void {
  const [item] = subscription.items
  if (item === undefined) throw notOffered()
  const { billing_cycle_anchor, proration_behavior: behavior, trial_update_behavior } = configuration.features.subscription_update
  const items = [{ id: item.id, metadata: item.metadata, ...wanted }]
  if (isScheduledChange(account, configuration, subscription, item, wanted)) {
    changeAtPeriodEnd(account, subscription, items)
    return
  }
  // https://docs.stripe.com/changelog/clover/2025-09-30/customer-portal-trial-behavior
  const trialEnd = trial_update_behavior === 'end_trial' ? ('now' as const) : undefined
  const reckoning = { behavior, startsOver: billing_cycle_anchor === 'now', trialEnd }
  changeItems(account, subscription.id, items, reckoning, { declines: 'refuse' })
}

/** A promotion code takes the place of the discounts that run. */
function redeemCode(account: Account, subscription: Subscription, entered: string): void {
  const redemption = redemptionOf(account, subscription.customer, subscription.items, subscription.currency)
  const code = findRedeemableCode(account, entered.trim(), redemption, 'code')
  const discounts = replaceDiscounts(account, subscription, [{ coupon: null, discount: null, promotion_code: code.id }])
  changeSubscription(account, subscription.id, { discounts })
}

function pause(account: Account, subscription: Subscription, { pauses }: PortalOffers, index: number): void {
  const length = pauses[index]
  if (length === undefined) throw notOffered()
  const credit = { from: 'now', on: 'pending_invoice_item' } as const
  const now = account.clock.seconds()
  const end = length === 'indefinite' ? {} : { resumesAt: endOfDuration(now, length.interval, length.interval_count) }
  pauseSubscription(account, subscription.id, 'pause_requested', { credit, ...end })
}

/** In the flexible billing mode the portal sets `cancel_at` and leaves `cancel_at_period_end` false. */
function cancel(account: Account, subscription: Subscription, mode: 'at_period_end' | 'immediately'): void {
  if (mode === 'immediately') {
    endSubscription(account, subscription.id, cancellation('cancellation_requested'))
    return
  }
  changeSubscription(account, subscription.id, planEnd(account, subscription, { cancel_at: 'min_period_end' }))
}

function keep(account: Account, subscription: Subscription): void {
  changeSubscription(account, subscription.id, planEnd(account, subscription, { cancel_at: null }))
}

function notOffered(): Error {
  return invalidRequest('This change is not offered here.')
}
