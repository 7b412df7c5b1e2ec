import { type PlanLoss, derivePlanLosses } from '@farebox/core/client'
import type { PlanView } from '@farebox/core/protocol'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'
import { type Ending, endingOf } from './use-ending.ts'
import { usePlans } from './use-plans.ts'

/** How a subscription would end, or does, and what there is then. */
export interface Cancellation extends Ending {
  /** The plan that everybody has who pays for none; `undefined` until it is known. */
  readonly next: PlanView | undefined
  /** Of what it gives less. */
  readonly losses: readonly PlanLoss[]
}

/** What ending the subscription means. `plans` is there as well, for what could not be read of the catalog. */
export function useCancellation(): { readonly cancellation: Reading<Cancellation>; readonly plans: Reading<unknown> } {
  const plans = usePlans()
  const next = plans.data?.plans.find((plan) => plan.default)
  const cancellation = useSnapshot((snapshot): Cancellation => ({
    ...endingOf(snapshot), next, losses: next ? derivePlanLosses(snapshot, next) : [],
  }))
  return { cancellation, plans }
}
