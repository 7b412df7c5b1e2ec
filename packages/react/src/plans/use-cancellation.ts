import { type PlanLoss, derivePlanLosses, isSubscribed } from '@farebox/core/client'
import type { IsoInstant, PlanView } from '@farebox/core/protocol'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'
import { usePlans } from './use-plans.ts'

/** How a subscription would end, or does. */
export interface Cancellation {
  readonly planName: string
  readonly isSubscribed: boolean
  /** Whether the end is scheduled, and can be taken back. */
  readonly isLeaving: boolean
  readonly canManageBilling: boolean
  /** When it ends, or would; `null` without a subscription. */
  readonly at: IsoInstant | null
  /** The plan that everybody has who pays for none; `undefined` until it is known. */
  readonly next: PlanView | undefined
  /** Of what it gives less. */
  readonly losses: readonly PlanLoss[]
}

/** What ending the subscription means. `plans` is there as well, for what could not be read of the catalog. */
export function useCancellation(): { readonly cancellation: Reading<Cancellation>; readonly plans: Reading<unknown> } {
  const plans = usePlans()
  const next = plans.data?.plans.find((plan) => plan.default)
  const cancellation = useSnapshot((snapshot): Cancellation => {
    const { planName, status, subscription, notices, canManageBilling } = snapshot
    return {
      planName, canManageBilling, next,
      isSubscribed: isSubscribed(status),
      isLeaving: notices.some(({ kind }) => kind === 'cancellation-scheduled'),
      at: subscription && (subscription.cancelAt ?? subscription.currentPeriodEnd),
      losses: next ? derivePlanLosses(snapshot, next) : [],
    }
  })
  return { cancellation, plans }
}
