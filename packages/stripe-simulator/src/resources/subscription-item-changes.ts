import type { Account } from '../account.ts'
import type { ProrationBehavior } from '../billing-objects.ts'
import { invalidRequest, missingParameter, missingResource } from '../errors.ts'
import { get } from '../get.ts'
import { followChange } from '../lifecycle/schedules/run-schedule.ts'
import { hasEnded } from '../lifecycle/subscription-status.ts'
import { changeItems } from '../lifecycle/subscriptions/change-items.ts'
import type { Subscription } from '../objects.ts'
import type { MetadataChange } from '../requests/metadata.ts'
import { renderSubscriptionItem, type Rendered } from '../responses/render.ts'
import { route, type Routes } from './route.ts'
import { readItems, type GivenItem } from './subscription-requests.ts'

interface ItemFields {
  readonly metadata?: MetadataChange | null
  readonly payment_behavior?: 'allow_incomplete' | 'default_incomplete' | 'error_if_incomplete' | 'pending_if_incomplete'
  readonly price?: string
  readonly proration_behavior?: ProrationBehavior
  readonly proration_date?: number
  readonly quantity?: number
}

const how = ['payment_behavior', 'proration_behavior', 'proration_date']

export const subscriptionItemChangeRoutes: Routes = {
  'subscription-items.create': route<ItemFields & { readonly subscription: string }>({
    supports: [...how, 'metadata', 'price', 'quantity', 'subscription'],
    handle({ account, parameters }) {
      if (parameters.price === undefined) throw missingParameter('price')
      const before = get(account.store.subscriptions, parameters.subscription, 'subscription')
      const after = changeOne(account, before, fieldsOf(parameters), parameters)
      const made = after.items.find((item) => !before.items.some((other) => other.id === item.id))
      return showItem(account, after, made?.id ?? '')
    },
  }),
  'subscription-items.update': route<ItemFields>({
    supports: [...how, 'metadata', 'price', 'quantity'],
    handle({ account, id, parameters }) {
      const before = ownerOf(account, id)
      const after = changeOne(account, before, { id, ...fieldsOf(parameters) }, parameters)
      return showItem(account, after, id)
    },
  }),
  'subscription-items.del': route<Omit<ItemFields, 'metadata' | 'price' | 'quantity'>>({
    supports: how,
    handle({ account, id, parameters }) {
      changeOne(account, ownerOf(account, id), { id, deleted: true }, parameters)
      return { id, object: 'subscription_item', deleted: true }
    },
  }),
}

/** The subscription that an item belongs to. */
/** The subscription that an item belongs to. */
export function ownerOf(account: Account, id: string): Subscription {
  for (const subscription of account.store.subscriptions.oldestFirst()) {
    if (subscription.items.some((item) => item.id === id)) return subscription
  }
  throw missingResource('subscription_item', id)
}

function changeOne(account: Account, before: Subscription, item: GivenItem, given: ItemFields): Subscription {
  if (hasEnded(before.status)) throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.')
  const reckoning = { behavior: given.proration_behavior ?? 'create_prorations', prorationDate: given.proration_date }
  const declines = given.payment_behavior === 'error_if_incomplete' ? 'refuse' : given.payment_behavior === 'pending_if_incomplete' ? 'hold' : 'past-due'
  followChange(account, changeItems(account, before.id, readItems(account, before, [item]), reckoning, { declines }))
  return get(account.store.subscriptions, before.id)
}

function fieldsOf({ metadata, price, quantity }: ItemFields): GivenItem {
  return {
    ...(metadata !== undefined && { metadata }),
    ...(price !== undefined && { price }),
    ...(quantity !== undefined && { quantity }),
  }
}

/** An item as it is answered. */
export function showItem(account: Account, subscription: Subscription, id: string): Rendered {
  const item = subscription.items.find((candidate) => candidate.id === id)
  if (item === undefined) throw missingResource('subscription_item', id)
  return renderSubscriptionItem(account.store, subscription, item)
}
