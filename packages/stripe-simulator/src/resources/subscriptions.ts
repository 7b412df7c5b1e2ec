import { invalidRequest, unsupported } from '../errors.ts'
import { get } from '../get.ts'
import { periodEnd } from '../lifecycle/next-instant.ts'
import { hasEnded } from '../lifecycle/subscription-status.ts'
import { cancellation, endSubscription } from '../lifecycle/subscriptions/change-subscription.ts'
import { endBilled } from '../lifecycle/subscriptions/end-billed.ts'
import type { SubscriptionStatus } from '../objects.ts'
import { isWithin, type InstantFilter } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'

interface SubscriptionFilter {
  readonly current_period_end?: InstantFilter
  readonly price?: string
  readonly status?: SubscriptionStatus | 'all' | 'ended'
}

interface Cancel {
  readonly cancellation_details?: { readonly comment?: string | null; readonly feedback?: string | null }
  readonly invoice_now?: boolean
  readonly prorate?: boolean
}

export const subscriptionRoutes: Routes = {
  'subscriptions.retrieve': retrieveRoute('subscriptions'),
  'subscriptions.list': listRoute('subscriptions', {
    fields: ['created', 'customer'],
    supports: ['current_period_end', 'price', 'status'],
    shows: (subscription, { current_period_end, price, status }: SubscriptionFilter) =>
      hasStatus(subscription.status, status) &&
      isWithin(periodEnd(subscription), current_period_end) &&
      (price === undefined || subscription.items.some((item) => item.price === price)),
  }),
  'subscriptions.cancel': route<Cancel>({
    supports: ['cancellation_details.comment', 'cancellation_details.feedback', 'invoice_now', 'prorate'],
    handle({ account, id, parameters }) {
      if (parameters.prorate === true) throw unsupported('a credit at cancellation', 'prorate')
      const before = get(account.store.subscriptions, id)
      if (hasEnded(before.status)) {
        throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.')
      }
      const details = cancellation('cancellation_requested', parameters.cancellation_details)
      const end = parameters.invoice_now === true ? endBilled : endSubscription
      return render(account.store, end(account, id, details))
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
