import type { ChangeRequest } from '@farebox/core/client'
import type { ChangeView } from '@farebox/core/protocol'
import type * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { useBillingContext } from '../provider/billing-context.ts'
import { CancelForm, type CancelFormProps } from './cancel-form.tsx'
import { cancelEnglish } from './cancel-messages.ts'
import { changeEnglish } from './change-messages.ts'
import { closing } from './modal.tsx'
import { ChangePreview, lossesPart } from './plan-change-preview.tsx'
import { PlanLosses } from './plan-losses.tsx'

const Losses = /* @__PURE__ */ lossesPart(PlanLosses)

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
    onDone()
    setTimeout(announce, closing, changeDone(change, planName, format))
  }
  return isEnd ? <CancelForm onDone={done} onBack={props.onBack} /> : <ChangePreview level={2} losses={<Losses />} onDone={done} {...props} />
}

/** Props of {@link CancelDialog}. */
export type CancelDialogProps = CancelFormProps & { readonly planName: string }

/** What stands in the dialog in which a subscription is ended. Tells people who listen when it ends. */
export function CancelDialog({ planName, onDone, ...props }: CancelDialogProps): React.ReactElement {
  const { format, announce } = useBillingContext()
  const { endsOn } = useMessages(cancelEnglish)
  const done = (change: ChangeView): void => {
    onDone(change)
    if (change.kind === 'scheduled') setTimeout(announce, closing, endsOn(planName, format.date(change.at)))
  }
  return <CancelForm onDone={done} {...props} />
}
