import { type Subscription, hasEnded } from './subscription.ts'

/** Whether a subscription stands in the way of another: also one of unknown status, or ours whose plan cannot be told. */
export function isLive(subscription: Subscription): boolean {
  return subscription.ours && subscription.endedAt === null && !hasEnded(subscription)
}
