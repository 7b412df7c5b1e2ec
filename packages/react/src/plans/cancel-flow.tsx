import type { ChangeView } from '@farebox/core/protocol'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type PartProps, part } from '../parts/part.tsx'
import { ReadingText, readingProps } from '../parts/reading-part.tsx'
import { useFocusReturn } from '../parts/use-focus-return.ts'
import { useBillingContext } from '../provider/billing-context.ts'
import { useAction } from '../provider/use-action.ts'
import type { Reading } from '../provider/use-snapshot.ts'
import { actionButton } from './action-button.tsx'
import { cancelEnglish } from './cancel-messages.ts'
import { Modal } from './modal.tsx'
import { CancelContent } from './plan-dialogs.tsx'
import { type Ending, useEnding } from './use-ending.ts'
import { useResume } from './use-resume.ts'

/** Props of {@link CancelFlow}. Children stand in the dialog: what the app has to say about the customer's data. */
export type CancelFlowProps = PartProps<Reading<Ending>> & {
  /** Is told when the end is scheduled. */
  readonly onDone?: ((change: ChangeView) => void) | undefined
}

/**
 * Ends the subscription with its period, after a warning of what becomes less; where the end is scheduled, takes it back.
 */
export function CancelFlow({ onDone, children, ...props }: CancelFlowProps): React.ReactElement {
  const { format } = useBillingContext()
  const words = useMessages(cancelEnglish)
  const ending = useEnding()
  const resume = useAction(useResume())
  const [isAsked, ask] = React.useState(false)
  const { data } = ending
  const { planName = '', isLeaving, at } = { ...data }
  const back = (): void => ask(false)
  function done(change: ChangeView): void {
    back()
    onDone?.(change)
  }
  const text = !data?.isSubscribed ? words.notSubscribed : !data.canManageBilling ? words.askManager : undefined
  const content = (
    <>
      {isLeaving && at && <p data-quiet="">{words.endsOn(planName, format.date(at))}</p>}
      {data && !text && actionButton({}, 'cancel-button', {
        of: resume,
        kind: isLeaving ? 'primary' : 'critical',
        run: isLeaving ? resume.run : () => ask(true),
        text: isLeaving ? words.keepPlan(planName) : words.cancelPlan,
      })}
      {text && <p data-quiet="">{data ? text : <ReadingText of={ending} />}</p>}
      <Modal isOpen={isAsked} label={words.cancelTitle(planName)} onClose={back}>
        <CancelContent planName={planName} onDone={done} onBack={back}>{children}</CancelContent>
      </Modal>
    </>
  )
  const own = { ...readingProps(ending), ...CancelContent.near, onFocusCapture: useFocusReturn(isAsked || text), 'data-slot': 'cancel-flow', children: content }
  return part('div', props, own, ending)
}
