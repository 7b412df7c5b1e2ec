import { missingResource } from '../errors.ts'
import { get } from '../get.ts'
import { pageOfHeld, type PageParameters } from '../responses/paginate.ts'
import { renderSubscriptionItem, type Rendered } from '../responses/render.ts'
import { pageParameters, route, type Routes } from './route.ts'

export const subscriptionItemRoutes: Routes = {
  'subscription-items.retrieve': route({
    answers: 'subscription_item',
    handle({ account, id }): Rendered {
      for (const subscription of account.store.subscriptions.oldestFirst()) {
        const item = subscription.items.find((candidate) => candidate.id === id)
        if (item !== undefined) return renderSubscriptionItem(account.store, subscription, item)
      }
      throw missingResource('subscription_item', id)
    },
  }),
  'subscription-items.list': route<PageParameters & { readonly subscription: string }>({
    answers: 'subscription_item',
    supports: [...pageParameters, 'subscription'],
    handle({ account, parameters }): Rendered {
      const subscription = get(account.store.subscriptions, parameters.subscription, 'subscription')
      const { data, has_more } = pageOfHeld(subscription.items, 'subscription_item', parameters)
      const items = data.map((item) => renderSubscriptionItem(account.store, subscription, item))
      return { object: 'list', data: items, has_more, url: '/v1/subscription_items' }
    },
  }),
}
