import type { ProrationBehavior } from '../billing-objects.ts'
import { invalidRequest } from '../errors.ts'
import { get } from '../get.ts'
import { pauseSubscription, requirePausable, type PauseCredit } from '../lifecycle/subscriptions/pause-subscription.ts'
import { resumeSubscription } from '../lifecycle/subscriptions/resume-subscription.ts'
import { render } from '../responses/render.ts'
import { route, type Routes } from './route.ts'

interface Pause {
  readonly bill_for?: {
    readonly outstanding_usage_through?: { readonly type: 'none' | 'now' }
    readonly unused_time_from?: { readonly type: PauseCredit['from'] }
  }
  readonly invoicing_behavior?: PauseCredit['on']
  readonly type?: 'subscription'
}

interface Resume {
  readonly billing_cycle_anchor?: { readonly type: 'now' | 'unchanged' }
  readonly payment_behavior?: 'resume_on_payment_attempt' | 'resume_on_payment_success'
  readonly proration_behavior?: ProrationBehavior
}

export const subscriptionPauseRoutes: Routes = {
  'subscriptions.pause': route<Pause>({
    supports: ['bill_for.outstanding_usage_through', 'bill_for.unused_time_from', 'invoicing_behavior', 'type'],
    handle({ account, id, parameters }) {
      requirePausable(get(account.store.subscriptions, id))
      const from = parameters.bill_for?.unused_time_from?.type ?? 'now'
      const credit = { from, on: parameters.invoicing_behavior ?? 'pending_invoice_item' }
      return render(account.store, pauseSubscription(account, id, 'pause_requested', { credit }))
    },
  }),
  'subscriptions.resume': route<Resume>({
    supports: ['billing_cycle_anchor.type', 'payment_behavior', 'proration_behavior'],
    handle({ account, id, parameters }) {
      const before = get(account.store.subscriptions, id)
      if (before.status !== 'paused') {
        throw invalidRequest('Only subscriptions with a status of `paused` can be resumed.')
      }
      if (before.internal.resumption !== undefined) {
        throw invalidRequest('The subscription is being resumed already: its latest invoice waits for payment.')
      }
      const resumed = resumeSubscription(account, id, {
        anchor: parameters.billing_cycle_anchor?.type ?? 'now',
        prorations: parameters.proration_behavior ?? 'create_prorations',
        on: parameters.payment_behavior === 'resume_on_payment_success' ? 'success' : 'attempt',
      })
      return render(account.store, resumed)
    },
  }),
}
