import type { Context } from '../context.ts'
import { convergencesOf } from '../converging/coalesce-convergence.ts'
import { checkId } from '../customers/check-id.ts'
import { type ChangeOutcome, changeSubscription } from './change-subscription.ts'

/**
 * Takes back what would change a subscription or keeps it from running: a scheduled end, a pause; where it does not rest, a scheduled
 * change of plan. Who has none of these, or no subscription, gets `unchanged`: what has ended is bought anew. Who rested over a renewal pays for
 * a new period, which begins now. What that costs may have to be paid or confirmed first: then the answer is `action-required`.
 *
 * @throws FareboxError `invalid-request`, `already-subscribed` (`several-subscriptions`), `payments-failed`, `unavailable`.
 */
export async function resumeSubscription(context: Context, request: { readonly customer: string }): Promise<ChangeOutcome> {
  const customer = checkId(request.customer, 'customer')
  return convergencesOf(context).share(JSON.stringify(['resume', customer]), () =>
    changeSubscription(context, customer, (subscription) =>
      subscription === undefined ? { kind: 'unchanged' } : { kind: 'intend', subscription, intent: { kind: 'resume' } },
    ),
  )
}
