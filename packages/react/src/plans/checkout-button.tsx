import type * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { useSnapshot } from '../provider/use-snapshot.ts'
import { type ActionButtonProps, actionButton } from './action-button.tsx'
import { actionEnglish } from './action-messages.ts'
import { type Purchase, useCheckout } from './use-checkout.ts'

/** Props of {@link CheckoutButton}. */
export type CheckoutButtonProps = ActionButtonProps & Purchase

/** Starts the checkout of a plan. For who subscribes already the server refuses it: let them change the plan. */
export function CheckoutButton(props: CheckoutButtonProps): React.ReactElement {
  const { plan, interval, quantity, currency, promotionCode, successUrl, cancelUrl, ...rest } = props
  const { choosePlan } = useMessages(actionEnglish)
  const { data: name } = useSnapshot(({ plans }) => plans[plan]?.name)
  const checkout = useCheckout()
  const run = () => checkout.run({ plan, interval, quantity, currency, promotionCode, successUrl, cancelUrl })
  return actionButton(rest, 'checkout-button', { of: checkout, run, text: choosePlan(name ?? plan) })
}
