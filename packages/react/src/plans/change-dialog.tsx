import type { ChangeRequest } from '@farebox/core/client'
import type { ChangeView } from '@farebox/core/protocol'
import type * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { useBillingContext } from '../provider/billing-context.ts'
import { CancelForm } from './cancel-form.tsx'
import { changeEnglish } from './change-messages.ts'
import { ChangePreview } from './plan-change-preview.tsx'

/** Props of {@link ChangeDialog}. */
export type ChangeDialogProps = ChangeRequest & {
  readonly planName: string
  /** Whether to have that plan is to pay for none any more. */
  readonly isEnd?: boolean | undefined
  readonly onDone: () => void
  readonly onBack: () => void
}

/** What stands in the dialog in which a change is looked at before it is made. Tells people who listen what became of it. */
export function ChangeDialog({ planName, isEnd, onDone, ...props }: ChangeDialogProps): React.ReactElement {
  const { format, announce } = useBillingContext()
  const { changeDone } = useMessages(changeEnglish)
  const done = (change: ChangeView): void => {
    announce(changeDone(change, planName, format))
    onDone()
  }
  return isEnd ? <CancelForm onDone={done} onBack={props.onBack} /> : <ChangePreview onDone={done} {...props} />
}
