import type { SubscriptionStatus } from '../objects.ts'

/** Whether a status is final. */
export function hasEnded(status: SubscriptionStatus): boolean {
  return status === 'canceled' || status === 'incomplete_expired'
}
