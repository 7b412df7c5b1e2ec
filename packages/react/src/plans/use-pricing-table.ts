import type { ChangeRequest, PricingPlan } from '@farebox/core/client'
import * as React from 'react'
import type { Format } from '../messages/format.ts'
import { useMessages } from '../messages/use-messages.ts'
import { useBillingContext } from '../provider/billing-context.ts'
import { type ActionState, useAction } from '../provider/use-action.ts'
import { type PricingMessages, pricingEnglish } from './pricing-messages.ts'
import type { SeatMessages } from './seat-messages.ts'
import type { TermsMessages } from './terms-messages.ts'
import { type PricingSelection, type PricingStart, usePricing } from './use-pricing.ts'

/** How a pricing table sells. */
export interface PricingSale extends PricingStart {
  /** Where somebody who is not signed in goes first. */
  readonly signInUrl?: string | undefined
  /** Where to ask for a plan that has no price: a page, or `mailto:`. */
  readonly contactUrl?: string | undefined
  /** As people know it: counts for what is bought and changed here. */
  readonly promotionCode?: string | undefined
  /** Where checkout returns to when it is paid; the server allows its own origins only. */
  readonly successUrl?: string | undefined
  /** Where one returns to who leaves the checkout. */
  readonly cancelUrl?: string | undefined
}

/** What the parts of a pricing table know. */
export interface PricingTableState extends PricingSelection {
  readonly words: PricingMessages & TermsMessages & SeatMessages
  readonly format: Format
  readonly labelOf: (feature: string) => string
  readonly sale: PricingSale
  /** Buys the plan, asks before it changes to it, or takes back what was scheduled: whatever the plan's action is. */
  readonly take: (plan: PricingPlan) => void
  /** The plan that a change to is being looked at. */
  readonly asked: PricingPlan | undefined
  /** Ends the look at a change. */
  readonly close: () => void
  /** How the last attempt to get this plan went. */
  readonly attemptOf: (plan: PricingPlan) => ActionState<unknown>
  /** What is sent to buy a plan or to change to it. The server knows how many seats that is, unless a number was chosen. */
  readonly wishOf: (plan: PricingPlan) => ChangeRequest
}

/** Everything that a pricing table does. */
export function usePricingTable(sale: PricingSale): PricingTableState {
  const { client, format, labelOf } = useBillingContext()
  const words = useMessages<PricingTableState['words']>(pricingEnglish)
  const selection = usePricing(sale)
  const checkout = useAction(client.checkout)
  const resume = useAction(client.resume)
  const [asked, ask] = React.useState<PricingPlan>()
  const [last, setLast] = React.useState<string>()
  const { promotionCode, successUrl, cancelUrl } = sale

  function wishOf({ plan, interval, sold, quantity }: PricingPlan): ChangeRequest {
    const isChosen = sold?.perSeat && selection.choice.quantity !== undefined
    return { plan: plan.key, interval, quantity: isChosen ? quantity : undefined, promotionCode }
  }
  function take(chosen: PricingPlan): void {
    const { action, interval, price, plan } = chosen
    setLast(plan.key)
    if (action === 'checkout' && interval) {
      const { currency } = selection.choice
      void checkout.run({ ...wishOf(chosen), interval, currency: currency && price?.currency, successUrl, cancelUrl })
    } else if (action === 'change' || action === 'cancel') ask(chosen)
    else if (action === 'resume') void resume.run()
  }
  return {
    ...selection, words, format, labelOf, sale, take, asked, wishOf,
    // An answer that comes late does not end the look at another change.
    close: () => ask((now) => (now === asked ? undefined : now)),
    attemptOf: ({ plan, action }) => (plan.key !== last ? { status: 'idle' } : action === 'resume' ? resume : checkout),
  }
}
