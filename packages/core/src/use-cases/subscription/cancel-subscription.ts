import { invalidRequest } from '../../errors/error.ts'
import type { Context } from '../context.ts'
import { convergencesOf } from '../converging/coalesce-convergence.ts'
import { checkId } from '../customers/check-id.ts'
import { type ChangeOutcome, changeSubscription } from './change-subscription.ts'

/** Whose subscription ends, and when: at the end of what was paid for, unless said otherwise. */
export interface CancelRequest {
  readonly customer: string
  readonly when?: 'period-end' | 'now'
}

/**
 * Ends a subscription: at the end of its period, by Stripe itself, or now, without giving money back; what was put off to the
 * next invoice is billed then. What has not begun, or is paused as a whole, ends now. Who has none gets `unchanged`. A scheduled
 * change of plan is dropped.
 *
 * @throws FareboxError `invalid-request`, `already-subscribed` (`several-subscriptions`), `payments-failed`, `unavailable`.
 */
export async function cancelSubscription(context: Context, request: CancelRequest): Promise<ChangeOutcome> {
  const customer = checkId(request.customer, 'customer')
  const { when = 'period-end' } = request
  if (when !== 'now' && when !== 'period-end') {
    throw invalidRequest('The cancellation is not valid', 'when', 'Give period-end or now')
  }
  return convergencesOf(context).share(JSON.stringify(['cancel', customer, when]), () =>
    changeSubscription(context, customer, (subscription) => {
      if (subscription === undefined) return { kind: 'unchanged' }
      // What never began, or is paused as a whole, has no period that could end.
      const isIdle = subscription.status === 'incomplete' || subscription.status === 'paused'
      return { kind: 'intend', subscription, intent: { kind: 'cancel', when: isIdle ? 'now' : when } }
    }),
  )
}
