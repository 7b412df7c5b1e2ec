import { type OnDemand, onDemand } from '../parts/on-demand.tsx'
import type { CancelFormProps } from './cancel-form.tsx'
import type { ChangeDialogProps } from './change-dialog.tsx'

// What most visitors never open is loaded when it is opened, or when somebody is about to.

/** What stands in the dialog in which a change is looked at before it is made. */
export const ChangeContent: OnDemand<ChangeDialogProps> = /* @__PURE__ */ onDemand(
  async () => (await import('./change-dialog.tsx')).ChangeDialog, 9,
)

/** What stands in the dialog in which a subscription is ended. */
export const CancelContent: OnDemand<CancelFormProps> = /* @__PURE__ */ onDemand(
  async () => (await import('./cancel-form.tsx')).CancelForm, 9,
)
