import * as React from 'react'
import { type OnDemand, onDemand } from '../parts/on-demand.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import type { CancelDialogProps, ChangeDialogProps } from './change-dialog.tsx'

const loading = (): React.ReactElement => <Skeleton lines={9} />

/** What stands in the dialog in which a change is looked at before it is made. Most visitors never open it. */
export const ChangeContent: OnDemand<ChangeDialogProps> = /* @__PURE__ */ onDemand(
  async () => (await import('./change-dialog.tsx')).ChangeDialog, loading,
)

/** What stands in the dialog in which a subscription is ended. */
export const CancelContent: OnDemand<CancelDialogProps> = /* @__PURE__ */ onDemand(
  async () => (await import('./change-dialog.tsx')).CancelDialog, loading,
)
