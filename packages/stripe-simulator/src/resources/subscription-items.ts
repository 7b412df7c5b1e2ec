import { get } from '../get.ts'
import { listHeld, type PageParameters } from '../responses/paginate.ts'
import { renderSubscriptionItem } from '../responses/render.ts'
import { pageParameters, route, type Routes } from './route.ts'
import { ownerOf, showItem } from './subscription-item-changes.ts'

export const subscriptionItemRoutes: Routes = {
  'subscription-items.retrieve': route({
    handle: ({ account, id }) => showItem(account, ownerOf(account, id), id),
  }),
  'subscription-items.list': route<PageParameters & { readonly subscription: string }>({
    supports: [...pageParameters, 'subscription'],
    handle({ account, parameters, path }) {
      const subscription = get(account.store.subscriptions, parameters.subscription, 'subscription')
      const items = subscription.items.map((item) => renderSubscriptionItem(account.store, subscription, item))
      return listHeld(items, 'subscription_item', parameters, path)
    },
  }),
}
