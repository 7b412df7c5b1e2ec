import type * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type ActionButtonProps, actionButton } from './action-button.tsx'
import { actionEnglish } from './action-messages.ts'
import { usePortal } from './use-portal.ts'

/** Props of {@link PortalButton}. */
export type PortalButtonProps = ActionButtonProps & {
  /** Where the portal returns to; the server allows its own origins only. */
  readonly returnUrl?: string | undefined
}

/** Opens the portal of the payment service, for payment methods, addresses and invoices. */
export function PortalButton({ returnUrl, ...props }: PortalButtonProps): React.ReactElement {
  const { manageBilling } = useMessages(actionEnglish)
  const portal = usePortal()
  return actionButton(props, 'portal-button', { of: portal, run: () => portal.run({ returnUrl }), text: manageBilling, kind: '' })
}
