import { entryOf } from '../../domain/entry-of.ts'
import { type Instant, day } from '../../domain/instant.ts'
import type { Subscription } from '../../domain/subscription.ts'
import { invalidRequest } from '../../errors/error.ts'
import { checkInstant } from '../check-instant.ts'
import type { Context } from '../context.ts'
import { convergencesOf } from '../converging/coalesce-convergence.ts'
import { checkId } from '../customers/check-id.ts'
import { getBegun } from './change-plan.ts'
import { type ChangeOutcome, changeSubscription } from './change-subscription.ts'

/** Whose subscription rests, and until when; without `until` until it is resumed. */
export interface PauseRequest {
  readonly customer: string
  /** Within two years. */
  readonly until?: Instant | null
}

/** A pause ends within this. */
const longest = 2 * 365 * day

/**
 * Lets a subscription rest: no invoices are collected, and access is what the catalog's lifecycle gives to `paused`, which is
 * none unless said otherwise. Without `until` Stripe pauses the subscription itself, and credits the time that is left unless the
 * plan has a metered feature, whose allowance may be used up by then. With `until`, and where a change of plan is scheduled, Stripe
 * voids the invoices until then and goes on by itself; access comes back with a period that is paid for.
 *
 * @throws FareboxError `not-found` where there is no subscription, `invalid-request`, `already-subscribed`
 * (`several-subscriptions`, `incomplete`), `payments-failed`, `unavailable`.
 */
export async function pauseSubscription(context: Context, request: PauseRequest): Promise<ChangeOutcome> {
  const customer = checkId(request.customer, 'customer')
  const until = request.until === undefined || request.until === null ? null : checkInstant(request.until, 'until')
  return convergencesOf(context).share(JSON.stringify(['pause', customer, until]), () =>
    changeSubscription(context, customer, (live, _records, now) => {
      if (until !== null && (until <= now || until > now + longest)) {
        throw invalidRequest('The pause is not valid', 'until', 'Give an instant in the future, within two years')
      }
      const subscription = getBegun(live)
      return { kind: 'intend', subscription, intent: { kind: 'pause', until, credits: isLastingIn(context, subscription) } }
    }),
  )
}

/** Whether a part of the period is a part of what is paid for. What a plan holds of a metered feature may be used up on its first day. */
function isLastingIn({ catalog }: Context, { plan }: Subscription): boolean {
  const features = entryOf(catalog.plans, plan)?.features
  return features !== undefined && Object.values(features).every(({ kind }) => kind !== 'metered')
}
