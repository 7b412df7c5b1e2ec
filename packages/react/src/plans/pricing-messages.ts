import type { PricingPlan } from '@farebox/core/client'
import type { PriceInterval } from '@farebox/core/protocol'
import type { Format } from '../messages/format.ts'
import { joinMessages } from '../messages/join-messages.ts'
import { type ActionMessages, actionEnglish } from './action-messages.ts'
import { type SeatMessages, seatEnglish } from './seat-messages.ts'
import { type TermsMessages, termsEnglish } from './terms-messages.ts'

/** A price in words. */
export interface PriceText {
  /** What is large. */
  readonly amount: string
  /** What is small beside it. */
  readonly per: string
  /** Below both. */
  readonly note: string
}

/** Texts of a pricing table and a pricing calculator. */
export interface PricingMessages {
  readonly pricingTitle: string
  readonly noPlans: string
  readonly intervalLabel: string
  readonly intervalName: (interval: PriceInterval) => string
  /** What paying by year saves at most: a percentage that is written already. */
  readonly saving: (percent: string) => string
  readonly currencyLabel: string
  readonly planLabel: string
  readonly price: (plan: PricingPlan, format: Format) => PriceText
  readonly recommended: string
  /** What the button of a plan says, also where there is nothing to do. */
  readonly planAction: (plan: PricingPlan) => string
  readonly columnFeatures: string
  /** Below a price that was worked out. */
  readonly beforeTax: string
}

/** The default words. */
export const pricingEnglish: ActionMessages & TermsMessages & SeatMessages & PricingMessages = /* @__PURE__ */ joinMessages<
  ActionMessages & TermsMessages & SeatMessages, PricingMessages
>(
  /* @__PURE__ */ joinMessages(/* @__PURE__ */ joinMessages(termsEnglish, seatEnglish), actionEnglish),
  {
    pricingTitle: 'Plans',
    noPlans: 'No plans are offered.',
    intervalLabel: 'Billing interval',
    intervalName: (interval) => (interval === 'year' ? 'Yearly' : 'Monthly'),
    saving: (percent) => `save up to ${percent}`,
    currencyLabel: 'Currency',
    planLabel: 'Plan',
    price: ({ plan, price, monthly, interval, quantity, trialDays }, { money, number }) => {
      if (!price || !monthly) return { amount: plan.contactSales ? 'Custom' : 'Free', per: '', note: '' }
      const written = [price, monthly].map((each) => money(each, { trailingZeroDisplay: 'stripIfInteger' }))
      const isPerSeat = interval && plan.prices[interval]?.perSeat
      const note = [
        isPerSeat && (quantity === 1 ? 'for 1 seat' : `for ${number(quantity)} seats`),
        interval === 'year' && `${written[0]} billed yearly`,
        trialDays && `${number(trialDays)} days free`,
      ]
      return { amount: written[1] ?? '', per: 'a month', note: note.filter(Boolean).join(', ') }
    },
    recommended: 'Recommended',
    planAction: ({ plan, action, standing, trialDays, interval }) => {
      if (action === 'resume') return `Keep ${plan.name}`
      if (standing === 'current') return 'Current plan'
      if (standing === 'scheduled') return 'Scheduled'
      if (action === 'contact') return 'Contact us'
      if (action === 'ask') return actionEnglish.askManager
      if (action === 'checkout') return trialDays ? 'Start free trial' : actionEnglish.choosePlan(plan.name)
      if (standing === 'quantity') return 'Change seats'
      if (standing === 'interval') return `Change to ${interval === 'year' ? 'yearly' : 'monthly'}`
      if (action === 'none') return plan.name
      return `${standing === 'upgrade' ? 'Upgrade' : 'Downgrade'} to ${plan.name}`
    },
    columnFeatures: 'What you get',
    beforeTax: 'Before tax and discounts.',
  },
)
