import { entryOf } from '../../domain/entry-of.ts'
import { isLive } from '../../domain/is-live.ts'
import { isFareboxError } from '../../errors/error.ts'
import { type PlanCheckoutRequest, startPlanCheckout } from '../checkout/start-plan-checkout.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { tooManyAtOnce } from '../customers/ensure-customer.ts'
import { loadCustomer } from '../customers/load-customer.ts'
import { type PreviewedChangeRequest, changePlan, usualInterval } from './change-plan.ts'
import { type ChangeOutcome } from './change-subscription.ts'

/**
 * What a customer shall have, and where pages lead back to. `interval` and `quantity` left out: as they are. `prorationDate`: of
 * the preview of a change, so that it costs what was shown; a checkout has no use for it.
 */
export type SubscribeRequest<PlanKey extends string = string> =
  Omit<PlanCheckoutRequest<PlanKey>, 'interval'> & Pick<PreviewedChangeRequest, 'interval' | 'prorationDate'>

/** What became of it: a page on which the first payment is made, or what became of the change. */
export type SubscribeOutcome = { readonly kind: 'checkout'; readonly url: string } | ChangeOutcome

/** Who has a subscription one moment and none the next is asked again so often. */
const mostAttempts = 5

/**
 * The one path to a plan: it looks at what is there and makes the right calls. Without a subscription a checkout begins; with
 * one it is changed in place, as the catalog's moves say, in the currency that it has. A promotion code counts either way.
 * However often it is asked for, there is one subscription.
 *
 * @throws FareboxError `invalid-request`, `already-subscribed` where the subscription cannot be changed, `payments-failed`,
 * `unavailable`, `not-found` without payments.
 */
export async function subscribe(context: Context, request: SubscribeRequest): Promise<SubscribeOutcome> {
  const customer = checkId(request.customer, 'customer')
  const plan = entryOf(context.catalog.plans, request.plan)
  const interval = usualInterval(plan, request)
  // Nobody buys the default plan, but a subscription that only Stripe knows of may stand in its way.
  let isSubscribed = plan?.isDefault === true || (await loadCustomer(context, customer)).records.subscriptions.some(isLive)
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    try {
      if (isSubscribed) return await changePlan(context, request)
      if (plan?.isDefault === true) return { kind: 'unchanged', plan: plan.key }
      return { kind: 'checkout', ...(await startPlanCheckout(context, { ...request, interval })) }
    } catch (error) {
      if (!isElsewhere(error, isSubscribed)) throw error
      isSubscribed = !isSubscribed
    }
  }
  throw tooManyAtOnce()
}

/** Stripe knew better than the records whether there is a subscription. */
function isElsewhere(error: unknown, isSubscribed: boolean): boolean {
  if (!isFareboxError(error)) return false
  return isSubscribed ? error.code === 'not-found' : error.code === 'already-subscribed'
}
