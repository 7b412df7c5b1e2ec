import type { Account } from '../account.ts'
import { invalidRequest } from '../errors.ts'
import { get } from '../get.ts'
import { changeItems } from '../lifecycle/change-items.ts'
import { cancellation, changeSubscription, endSubscription } from '../lifecycle/change-subscription.ts'
import { periodEnd } from '../lifecycle/next-instant.ts'
import { setCard } from '../lifecycle/set-card.ts'
import type { Subscription } from '../objects.ts'
import type { PortalSession } from '../portal-objects.ts'
import { switchablePrices } from './portal-page.ts'

/** Does what a form of the portal page asks for, as far as the configuration lets the customer do it. */
export function runPortalAction(account: Account, session: PortalSession, form: URLSearchParams): void {
  const { features } = get(account.store.portalConfigurations, session.configuration)
  const action = form.get('action')
  if (action === 'card' && features.payment_method_update.enabled) {
    setCard(account, session.customer, form.get('card') ?? '')
    return
  }
  const subscription = get(account.store.subscriptions, form.get('subscription') ?? '', 'subscription')
  if (subscription.customer !== session.customer) throw notOffered()
  if (action === 'switch') switchPrice(account, session, subscription, form.get('price') ?? '')
  else if (action === 'cancel' && features.subscription_cancel.enabled) {
    cancel(account, subscription, features.subscription_cancel.mode)
  } else if (action === 'resume' && features.subscription_cancel.enabled) resume(account, subscription)
  else throw notOffered()
}

function switchPrice(account: Account, session: PortalSession, subscription: Subscription, priceId: string): void {
  const configuration = get(account.store.portalConfigurations, session.configuration)
  const price = switchablePrices(account, configuration, subscription).find(({ id }) => id === priceId)
  const [item] = subscription.items
  if (price === undefined || item === undefined || subscription.items.length > 1) throw notOffered()
  const wanted = [{ id: item.id, price: price.id, quantity: item.quantity, metadata: item.metadata }]
  const behavior = configuration.features.subscription_update.proration_behavior
  changeItems(account, subscription.id, wanted, behavior, { declines: 'refuse' })
}

/** In the flexible billing mode the portal sets `cancel_at` and leaves `cancel_at_period_end` false. */
function cancel(account: Account, subscription: Subscription, mode: 'at_period_end' | 'immediately'): void {
  const details = cancellation('cancellation_requested')
  if (mode === 'immediately') {
    endSubscription(account, subscription.id, details)
    return
  }
  changeSubscription(account, subscription.id, {
    cancel_at: periodEnd(subscription),
    cancel_at_period_end: false,
    canceled_at: account.clock.seconds(),
    cancellation_details: details,
  })
}

function resume(account: Account, subscription: Subscription): void {
  changeSubscription(account, subscription.id, {
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: cancellation(null),
  })
}

function notOffered(): Error {
  return invalidRequest('This change is not offered here.')
}
