import type { ChangeView } from '@farebox/core/protocol'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { ReadingBody } from '../parts/reading-body.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { useAction } from '../provider/use-action.ts'
import { actionButton } from './action-button.tsx'
import { cancelEnglish } from './cancel-messages.ts'
import { closing } from './modal.tsx'
import { PlanLosses } from './plan-losses.tsx'
import { useEnding } from './use-ending.ts'
import { usePlans } from './use-plans.ts'

/** Props of {@link CancelForm}. */
export interface CancelFormProps {
  readonly onDone: (change: ChangeView) => void
  readonly onBack: () => void
  /** What the app has to say about the customer's data. */
  readonly children?: React.ReactNode
}

/** What ending the subscription means, and the buttons that end it or leave everything as it is. */
export function CancelForm({ onDone, onBack, children }: CancelFormProps): React.ReactElement {
  const { client, format, announce } = useBillingContext()
  const words = useMessages(cancelEnglish)
  const { data } = useEnding()
  const plans = usePlans()
  const next = plans.data?.plans.find((plan) => plan.default)
  const cancel = useAction<[], ChangeView>(client.cancel)
  const { planName = '', at, isSubscribed } = { ...data }
  // What has ended meanwhile, such as in another tab, cannot be ended here.
  const isOver = !isSubscribed && cancel.status === 'idle'
  React.useEffect(() => {
    if (!isOver) return
    onBack()
    if (data) setTimeout(announce, closing, words.notSubscribed)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when it is over
  }, [isOver])
  async function run(): Promise<void> {
    const outcome = await cancel.run()
    if (outcome?.data) onDone(outcome.data)
  }
  return (
    <div data-slot="cancel-form">
      <h2 data-title="">{words.cancelTitle(planName)}</h2>
      <ReadingBody of={plans} lines={6}>
        {next && at && <p>{words.cancelThen(planName, next.name, format.date(at))}</p>}
        {next && <PlanLosses plan={next.key} level={2} />}
      </ReadingBody>
      {children}
      <div data-slot="actions">
        <button type="button" data-button="" onClick={onBack}>{words.keepPlan(planName)}</button>
        {actionButton({}, 'cancel-confirm', { of: cancel, run, text: words.confirmCancel, kind: 'critical' })}
      </div>
    </div>
  )
}
