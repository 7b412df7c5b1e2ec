import type { ChangeRequest } from '@farebox/core/client'
import * as React from 'react'
import { type PartProps, part } from '../parts/part.tsx'
import { pressOnce } from '../parts/press-once.ts'
import { useBillingContext, useRequired } from '../provider/billing-context.ts'
import { useAction } from '../provider/use-action.ts'
import { ActionNote } from './action-button.tsx'
import type { ChangeDialogProps } from './change-dialog.tsx'
import { Modal } from './modal.tsx'
import { ChangeContent } from './plan-dialogs.tsx'
import { PlanContext, type PricingPlanState } from './pricing-context.tsx'
import { useResume } from './use-resume.ts'

/**
 * The button of a plan: begins a checkout, asks before it changes to the plan, or takes back what was scheduled. Where there is nothing
 * to do it stays, and says so; where nobody is there to be asked it is left out.
 */
export function PlanButton(props: PartProps<PricingPlanState, 'button'>): React.ReactElement | null {
  const { client } = useBillingContext()
  const resume = useResume()
  const state = useRequired(PlanContext)
  // What is asked about stays what it was, whatever the plan comes to meanwhile.
  const [[label, asked], ask] = React.useState<[label: string, asked?: ChangeDialogProps]>([''])
  const { table: { words, isSignedIn, choice, sale }, offer } = state
  const { plan, action, interval, price, sold } = offer
  const { promotionCode, successUrl, cancelUrl } = sale
  // The server knows how many seats that is, unless a number was chosen.
  const quantity = sold?.perSeat && choice.quantity !== undefined ? offer.quantity : undefined
  const wish: ChangeRequest = { plan: plan.key, interval, quantity, promotionCode }
  const attempt = useAction<[], object>(() =>
    action === 'resume'
      ? resume()
      : client.checkout({ ...wish, interval: interval ?? 'month', currency: choice.currency && price?.currency, successUrl, cancelUrl }),
  )
  const back = (): void => ask([''])
  const url = action === 'contact' ? sale.contactUrl : isSignedIn === false ? sale.signInUrl : undefined
  if (action === 'contact' && !url && !props.onClick && !props.render && !props.asChild) return null
  const isChange = action === 'change' || action === 'cancel'
  const isIdle = /none|ask/.test(action)
  const text = words.planAction(offer)
  const press = (): void => {
    if (isChange) ask([text, { ...wish, planName: plan.name, isEnd: action === 'cancel', onDone: back, onBack: back }])
    else if (action !== 'contact') void attempt.run()
  }
  const own = {
    'data-slot': 'plan-action', 'data-button': /^(checkout|change|resume)$/.test(action) ? 'primary' : '', children: text,
    ...(url
      ? { href: url }
      : { ...(isChange && ChangeContent.near), ...pressOnce(press, isSignedIn === undefined || attempt.status === 'pending', isIdle) }),
  }
  return (
    <>
      {part(url ? 'a' : 'button', props, own, state)}
      <ActionNote of={attempt} />
      <Modal isOpen={!!asked} label={label} onClose={back}>{asked && <ChangeContent {...asked} />}</Modal>
    </>
  )
}
