import { isSubscribed } from '@farebox/core/client'
import type { IsoInstant, Snapshot } from '@farebox/core/protocol'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'

/** When a subscription would end, or does. */
export interface Ending {
  readonly planName: string
  readonly isSubscribed: boolean
  /** Whether the end is scheduled, and can be taken back. */
  readonly isLeaving: boolean
  readonly canManageBilling: boolean
  /** When it ends, or would; `null` without a subscription. */
  readonly at: IsoInstant | null
}

/** Of what is known of the customer. */
export function endingOf({ planName, status, subscription, notices, canManageBilling }: Snapshot): Ending {
  return {
    planName, canManageBilling,
    isSubscribed: isSubscribed(status),
    isLeaving: notices.some(({ kind }) => kind === 'cancellation-scheduled'),
    at: subscription && (subscription.cancelAt ?? subscription.currentPeriodEnd),
  }
}

/** Reads nothing of the catalog: what comes after it is asked for by who wants to end it. */
export function useEnding(): Reading<Ending> {
  return useSnapshot(endingOf)
}
