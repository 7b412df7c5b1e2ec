import { get } from '../get.ts'
import type { SubscriptionStatus } from '../objects.ts'
import { isWithin, listPage, type InstantFilter, type PageParameters } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { cancellation, endSubscription } from '../lifecycle/change-subscription.ts'
import { invalidRequest, unsupported } from '../errors.ts'
import { periodEnd } from '../lifecycle/next-instant.ts'
import { hasEnded } from '../lifecycle/subscription-status.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface SubscriptionFilter extends PageParameters {
  readonly created?: InstantFilter
  readonly current_period_end?: InstantFilter
  readonly customer?: string
  readonly price?: string
  readonly status?: SubscriptionStatus | 'all' | 'ended'
}

interface Cancel {
  readonly cancellation_details?: { readonly comment?: string | null; readonly feedback?: string | null }
  readonly invoice_now?: boolean
  readonly prorate?: boolean
}

export const subscriptionRoutes: Routes = {
  'subscriptions.retrieve': route({
    answers: 'subscription',
    handle: ({ account, id }) => render(account.store, get(account.store.subscriptions, id)),
  }),
  'subscriptions.list': route<SubscriptionFilter>({
    answers: 'subscription',
    supports: [...pageParameters, 'created', 'current_period_end', 'customer', 'price', 'status'],
    handle({ account, parameters }) {
      const { subscriptions } = account.store
      const { created, current_period_end, customer, price, status } = parameters
      const matches = (customer === undefined ? subscriptions.newestFirst() : subscriptions.ofCustomer(customer))
        .filter((subscription) => hasStatus(subscription.status, status))
        .filter((subscription) => isWithin(subscription.created, created))
        .filter((subscription) => isWithin(periodEnd(subscription), current_period_end))
        .filter((subscription) => price === undefined || subscription.items.some((item) => item.price === price))
      return { ...listPage(account.store, subscriptions, matches, parameters, '/v1/subscriptions') }
    },
  }),
  'subscriptions.cancel': route<Cancel>({
    answers: 'subscription',
    supports: ['cancellation_details.comment', 'cancellation_details.feedback', 'invoice_now', 'prorate'],
    handle({ account, id, parameters }) {
      if (parameters.invoice_now === true) throw unsupported('a final invoice at cancellation', 'invoice_now')
      if (parameters.prorate === true) throw unsupported('a credit at cancellation', 'prorate')
      const before = get(account.store.subscriptions, id)
      if (hasEnded(before.status)) {
        throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.')
      }
      const details = cancellation('cancellation_requested', parameters.cancellation_details)
      return render(account.store, endSubscription(account, id, details))
    },
  }),
}

/** Without a status all but canceled subscriptions are listed. */
function hasStatus(status: SubscriptionStatus, wanted: SubscriptionFilter['status']): boolean {
  if (wanted === undefined) return status !== 'canceled'
  if (wanted === 'all') return true
  if (wanted === 'ended') return hasEnded(status)
  return status === wanted
}
