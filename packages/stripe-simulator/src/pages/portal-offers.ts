import type { Account } from '../account.ts'
import { findPriceIn, findScheduleOf, getPrice, getPriceIn } from '../get.ts'
import { priceAmount } from '../lifecycle/amounts/money.ts'
import type { Interval, Price, Subscription, SubscriptionItem } from '../objects.ts'
import type { PauseLength, PortalConfiguration, PortalQuantity } from '../portal-objects.ts'

/** What a customer may do with a subscription now: what is not offered is refused. */
export interface PortalOffers {
  /** Prices to switch to, in the currency of the subscription. */
  readonly switches: readonly Price[]
  /** The bounds of its quantity; undefined: it stays. */
  readonly quantity: PortalQuantity | undefined
  readonly takesPromotionCode: boolean
  readonly canCancel: boolean
  readonly canKeep: boolean
  /** Lengths of a pause; `indefinite` lasts until it is resumed. */
  readonly pauses: readonly (PauseLength | 'indefinite')[]
  readonly canUnpause: boolean
  /** Whether a change that waits for the end of the period can be taken back. */
  readonly canDropChange: boolean
}

/** An item as the customer wants it. */
export type WantedChange = Pick<SubscriptionItem, 'price' | 'quantity'>

const days: Readonly<Record<Interval, number>> = { day: 1, week: 7, month: 30, year: 365 }

/** What the configuration lets a customer do, as far as the state of the subscription allows it. */
export function offersFor(account: Account, configuration: PortalConfiguration, subscription: Subscription): PortalOffers {
  const { subscription_cancel, subscription_pause, subscription_update } = configuration.features
  const isManaged = typeof subscription['schedule'] === 'string'
  const isEnding = subscription.cancel_at !== null
  const isRunning = ['active', 'past_due', 'trialing'].includes(subscription.status)
  const [item, ...others] = subscription.items
  const canChange = subscription_update.enabled && isRunning && !isEnding && !isManaged && others.length === 0
  const allowed = canChange ? subscription_update.default_allowed_updates : []
  const canPause = subscription_pause.enabled && subscription.status === 'active' && !isEnding && !isManaged
  const { interval_options, type } = subscription_pause.duration
  const isPausing = subscription.status === 'paused' && subscription.internal.resumption === undefined
  return {
    switches: allowed.includes('price') && item !== undefined ? switchablePrices(account, configuration, subscription, item) : [],
    quantity: allowed.includes('quantity') && item !== undefined ? quantityOf(account, configuration, item) : undefined,
    takesPromotionCode: allowed.includes('promotion_code'),
    canCancel: subscription_cancel.enabled && !isEnding && !isManaged,
    canKeep: subscription_cancel.enabled && isEnding && !isManaged,
    pauses: !canPause || subscription.pending_update !== null ? [] : type === 'indefinite' ? [type] : interval_options,
    canUnpause: subscription_pause.enabled && isPausing,
    canDropChange: subscription_update.enabled && scheduledChange(account, subscription) !== undefined,
  }
}

/**
 * Whether a change waits for the end of the period: one of the configuration's conditions is true of it. Amounts are
 * compared as the item is billed, whatever its interval
 * (https://docs.stripe.com/api/customer_portal/configurations/object, `schedule_at_period_end`).
 */
export function isScheduledChange(
  account: Account,
  configuration: PortalConfiguration,
  subscription: Subscription,
  item: SubscriptionItem,
  wanted: WantedChange,
): boolean {
  const amountOf = ({ price, quantity }: WantedChange): number =>
    priceAmount(getPriceIn(account.store, price, subscription.currency), quantity)
  return configuration.features.subscription_update.schedule_at_period_end.conditions.some(({ type }) => {
    switch (type) {
      case 'decreasing_item_amount':
        return amountOf(wanted) < amountOf(item)
      case 'shortening_interval':
        return lengthOf(account, wanted) < lengthOf(account, item)
    }
  })
}

/** What a schedule changes a subscription to, and when. */
export function scheduledChange(
  account: Account,
  subscription: Subscription,
): { readonly at: number; readonly items: readonly WantedChange[] } | undefined {
  const schedule = findScheduleOf(account.store, subscription)
  if (schedule === undefined || schedule.status !== 'active') return undefined
  const next = schedule.phases.find((phase) => phase.start_date > account.clock.seconds())
  return next === undefined ? undefined : { at: next.start_date, items: next.items }
}

function switchablePrices(
  account: Account,
  configuration: PortalConfiguration,
  subscription: Subscription,
  item: SubscriptionItem,
): Price[] {
  return (configuration.features.subscription_update.products ?? [])
    .flatMap(({ prices }) => prices)
    .map((id) => findPriceIn(account.store, id, subscription.currency))
    .filter((price) => price !== undefined)
    .filter((price) => price.active && price.id !== item.price)
}

function quantityOf(account: Account, configuration: PortalConfiguration, item: SubscriptionItem): PortalQuantity | undefined {
  const price = getPrice(account.store, item.price)
  if (price.recurring?.usage_type === 'metered') return undefined
  const listed = configuration.features.subscription_update.products?.find(({ product }) => product === price.product)
  return listed?.adjustable_quantity.enabled === true ? listed.adjustable_quantity : undefined
}

function lengthOf(account: Account, { price }: WantedChange): number {
  const { recurring } = getPrice(account.store, price)
  return recurring === null ? 0 : days[recurring.interval] * recurring.interval_count
}
