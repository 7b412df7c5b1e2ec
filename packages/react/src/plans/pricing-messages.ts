import type { PricingPlan } from '@farebox/core/client'
import { joinMessages } from '../messages/join-messages.ts'
import { type ActionMessages, actionEnglish } from './action-messages.ts'
import { type PriceMessages, priceEnglish } from './price-messages.ts'
import { type TermsMessages, termsEnglish } from './terms-messages.ts'

/** Texts of a pricing table. */
export interface PricingMessages extends PriceMessages {
  readonly pricingTitle: string
  readonly recommended: string
  /** What the button of a plan says, also where there is nothing to do. */
  readonly planAction: (plan: PricingPlan) => string
  readonly columnFeatures: string
}

/** The default words. */
export const pricingEnglish: typeof priceEnglish & TermsMessages & ActionMessages & PricingMessages = /* @__PURE__ */ joinMessages(
  /* @__PURE__ */ joinMessages(/* @__PURE__ */ joinMessages(priceEnglish, termsEnglish), actionEnglish),
  {
    pricingTitle: 'Plans',
    recommended: 'Recommended',
    planAction: ({ plan, action, standing, trialDays, interval }: PricingPlan) => {
      if (action === 'resume') return `Keep ${plan.name}`
      if (standing === 'current') return 'Current plan'
      if (standing === 'scheduled') return 'Scheduled'
      if (action === 'contact') return 'Contact us'
      if (action === 'ask') return actionEnglish.askManager
      if (action === 'checkout' || standing === 'available') return trialDays ? 'Start free trial' : actionEnglish.choosePlan(plan.name)
      if (standing === 'quantity') return 'Change seats'
      if (standing === 'interval') return `Change to ${interval === 'year' ? 'yearly' : 'monthly'}`
      if (action === 'none') return plan.name
      return `${standing === 'upgrade' ? 'Upgrade' : 'Downgrade'} to ${plan.name}`
    },
    columnFeatures: 'What you get',
  },
)
