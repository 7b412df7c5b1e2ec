import type { ChangeRequest } from '@farebox/core/client'
import * as React from 'react'
import type { PartProps } from '../parts/part.tsx'
import { useBillingContext, useRequired } from '../provider/billing-context.ts'
import { useAction } from '../provider/use-action.ts'
import { ActionNote } from './action-button.tsx'
import type { ChangeDialogProps } from './change-dialog.tsx'
import { Modal } from './modal.tsx'
import { ChangeContent } from './plan-dialogs.tsx'
import { PlanContext, type PricingPlanState, planButton } from './pricing-parts.tsx'

/** The button of a plan: begins a checkout, asks before it changes to the plan, or takes back what was scheduled. */
export function PlanButton(props: PartProps<PricingPlanState, 'button'>): React.ReactElement {
  const { client } = useBillingContext()
  const state = useRequired(PlanContext)
  // What is asked about stays what it was, whatever the plan comes to meanwhile.
  const [asked, ask] = React.useState<ChangeDialogProps>()
  const { table: { words, isSignedIn, choice, sale }, offer } = state
  const { plan, action, interval, price, sold } = offer
  const { promotionCode, successUrl, cancelUrl } = sale
  // The server knows how many seats that is, unless a number was chosen.
  const quantity = sold?.perSeat && choice.quantity !== undefined ? offer.quantity : undefined
  const wish: ChangeRequest = { plan: plan.key, interval, quantity, promotionCode }
  const attempt = useAction<[], object>(() =>
    action === 'resume'
      ? client.resume()
      : client.checkout({ ...wish, interval: interval ?? 'month', currency: choice.currency && price?.currency, successUrl, cancelUrl }),
  )
  const back = (): void => ask(undefined)
  const press = action === 'change' || action === 'cancel'
    ? { ...ChangeContent.near, onClick: () => ask({ ...wish, planName: plan.name, isEnd: action === 'cancel', onDone: back, onBack: back }) }
    : { onClick: () => void attempt.run() }
  return (
    <>
      {planButton(props, state, isSignedIn === undefined || attempt.status === 'pending', press)}
      <ActionNote of={attempt} />
      <Modal isOpen={asked !== undefined} label={words.planAction(offer)} onClose={back}>{asked && <ChangeContent {...asked} />}</Modal>
    </>
  )
}
