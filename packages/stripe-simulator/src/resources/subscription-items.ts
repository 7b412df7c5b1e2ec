import { missingResource } from '../errors.ts'
import { get } from '../get.ts'
import { invalidRequest } from '../errors.ts'
import type { PageParameters } from '../responses/paginate.ts'
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
      const limit = parameters.limit ?? 10
      if (limit < 1 || limit > 100) {
        throw invalidRequest('Invalid limit: must be between 1 and 100', { code: 'parameter_invalid_integer', param: 'limit' })
      }
      const ids = subscription.items.map((item) => item.id)
      const start = parameters.starting_after === undefined ? 0 : indexOf(ids, parameters.starting_after, 'starting_after') + 1
      const end = parameters.ending_before === undefined ? ids.length : indexOf(ids, parameters.ending_before, 'ending_before')
      const window = subscription.items.slice(start, end)
      const page = parameters.ending_before === undefined ? window.slice(0, limit) : window.slice(-limit)
      return {
        object: 'list',
        data: page.map((item) => renderSubscriptionItem(account.store, subscription, item)),
        has_more: window.length > page.length,
        url: '/v1/subscription_items',
      }
    },
  }),
}

function indexOf(ids: readonly string[], id: string, param: string): number {
  const index = ids.indexOf(id)
  if (index < 0) throw missingResource('subscription_item', id, param)
  return index
}
