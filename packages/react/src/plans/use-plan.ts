import type { Snapshot } from '@farebox/core/protocol'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'

/** The plan that the customer has, and how it is paid. */
export type CurrentPlan = Pick<Snapshot, 'plan' | 'planName' | 'status' | 'subscription' | 'trial' | 'canManageBilling'>

/** The plan that the customer has. For display only: the server decides on every request. */
export function usePlan(): Reading<CurrentPlan> {
  return useSnapshot(({ plan, planName, status, subscription, trial, canManageBilling }) => ({
    plan, planName, status, subscription, trial, canManageBilling,
  }))
}
