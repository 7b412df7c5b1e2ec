import type { PlanStatus } from '../domain/entitlement.ts'

/** Whether there is a subscription that has neither ended nor failed to begin: a second checkout would double it. */
export function isSubscribed(status: PlanStatus): boolean {
  return !/^(none|canceled|incomplete)/.test(status)
}
