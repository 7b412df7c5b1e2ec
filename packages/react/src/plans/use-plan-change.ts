import {
  type BillingClient, type ChangeRequest, type Outcome, type PlanChangePreviewed, type PreviewedChangeRequest, createResourceStore, derivePlanChange,
} from '@farebox/core/client'
import type { ChangeView } from '@farebox/core/protocol'
import * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import type { PlanName } from '../provider/register.ts'
import { type Action, useAction } from '../provider/use-action.ts'
import type { Reading } from '../provider/use-snapshot.ts'
import { usePlan } from './use-plan.ts'

/** What the subscription shall become, of the registered catalog; what is left out stays as it is. */
export type PlanWish = ChangeRequest & { readonly plan: PlanName }

/** A change of the subscription, before it is made and while it is. */
export interface PlanChange<Wish = PlanWish> {
  /**
   * What the wish would come to, as the payment service says; pending while there is no wish. Asked for anew when the customer's
   * subscription is another, such as by another tab: what was shown is no longer what it costs.
   */
  readonly preview: Reading<PlanChangePreviewed>
  /** Whether it was, so that there are other amounts to look at. */
  readonly isRenewed: boolean
  /**
   * Changes the subscription. With the preview's `prorationDate` it costs what was shown, or is refused with a fault at that path.
   * Goes to the page where something has to be paid or confirmed.
   */
  readonly change: Action<[wish: Wish & Pick<PreviewedChangeRequest, 'prorationDate'>], ChangeView>
  /** Ends the subscription with its period, unless said otherwise. */
  readonly cancel: Action<Parameters<BillingClient['cancel']>, ChangeView>
  /** Takes back a scheduled end, a scheduled change or a pause. */
  readonly resume: Action<[], ChangeView>
}

/** Changes, ends and takes back. @param wish what to preview; nothing is asked for without one. */
export function usePlanChange(wish?: PlanWish): PlanChange {
  const { client } = useBillingContext()
  return { ...useChangeRequest(wish), cancel: useAction(client.cancel), resume: useAction(client.resume) }
}

/** The same for a plan that the server named. */
export function useChangeRequest(wish?: ChangeRequest): Pick<PlanChange<ChangeRequest>, 'preview' | 'isRenewed' | 'change'> {
  const { client } = useBillingContext()
  const key = JSON.stringify(wish)
  const subject = React.useMemo(() => ({ client, key }), [client, key])
  const change = useAction(client.change, subject)
  // Not its version, which rises whenever the payment service is read, as for a preview.
  const paid = JSON.stringify(usePlan().data)
  const begin = (isRenewed: boolean) => ({
    subject, paid, isRenewed,
    store: createResourceStore(async (): Promise<Outcome<PlanChangePreviewed>> => {
      const outcome = await client.previewChange(JSON.parse(key))
      // Who has nothing to change is shown something old.
      if (outcome.error?.status === 404) void client.refresh()
      return outcome.data ? { status: 'success', data: derivePlanChange(outcome.data) } : outcome
    }),
  })
  const [known, setKnown] = React.useState(() => begin(false))
  const { store, isRenewed } = known
  if (known.subject !== subject) setKnown(begin(false))
  // What the change itself brings about is no reason to look at it again.
  else if (known.paid !== paid && change.status !== 'pending' && !change.data) setKnown(known.paid ? begin(true) : { ...known, paid })
  const refetch = React.useCallback(() => key && store.refresh(), [store, key])
  React.useEffect(() => void refetch(), [refetch])
  const resource = React.useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot)
  return {
    preview: { ...resource, refetch },
    isRenewed, change,
  }
}
