import type { Account } from '../../account.ts'
import { exclusiveParameters, invalidRequest, unsupported } from '../../errors.ts'
import type { Subscription } from '../../objects.ts'
import { periodEnd } from '../next-instant.ts'
import { cancellation } from './change-subscription.ts'

/** How a subscription's end is asked for. */
export interface EndRequest {
  /** An instant in seconds, the end of the first or last period to end, or null: no end at an instant. */
  readonly cancel_at?: number | 'min_period_end' | 'max_period_end' | 'max_billed_until' | null
  readonly cancel_at_period_end?: boolean
  readonly cancellation_details?: { readonly comment?: string | null; readonly feedback?: string | null }
}

/** What changes on a subscription when its end is scheduled or taken back. Empty when neither is asked for. */
export function planEnd(account: Account, subscription: Subscription, asked: EndRequest): Partial<Subscription> {
  const { cancel_at, cancel_at_period_end, cancellation_details } = asked
  const { schedule } = subscription
  if (typeof schedule === 'string' && (cancel_at !== undefined || cancel_at_period_end !== undefined)) {
    const message = `The subscription is managed by the subscription schedule \`${schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`
    throw invalidRequest(message, { param: cancel_at === undefined ? 'cancel_at_period_end' : 'cancel_at' })
  }
  if (cancel_at !== undefined && cancel_at !== null && cancel_at_period_end === true) {
    throw exclusiveParameters(['cancel_at', 'cancel_at_period_end'])
  }
  if (cancel_at_period_end === true) return scheduled(account, periodEnd(subscription), true, cancellation_details)
  if (cancel_at !== undefined && cancel_at !== null) {
    return scheduled(account, instantOf(account, subscription, cancel_at), false, cancellation_details)
  }
  const isTakenBack = cancel_at === null || (cancel_at_period_end === false && subscription.cancel_at_period_end)
  if (!isTakenBack) return {}
  return { cancel_at: null, cancel_at_period_end: false, canceled_at: null, cancellation_details: cancellation(null) }
}

function scheduled(
  account: Account,
  at: number,
  isPeriodEnd: boolean,
  said: EndRequest['cancellation_details'],
): Partial<Subscription> {
  return {
    cancel_at: at,
    cancel_at_period_end: isPeriodEnd,
    canceled_at: account.clock.seconds(),
    cancellation_details: cancellation('cancellation_requested', said),
  }
}

function instantOf(account: Account, subscription: Subscription, at: number | string): number {
  if (at === 'min_period_end') return periodEnd(subscription)
  if (at === 'max_period_end') return Math.max(...subscription.items.map((item) => item.current_period_end))
  if (typeof at !== 'number') throw unsupported(`cancel_at ${at}`, 'cancel_at')
  if (at <= account.clock.seconds()) {
    throw invalidRequest('`cancel_at` must be in the future.', { param: 'cancel_at' })
  }
  return at
}
