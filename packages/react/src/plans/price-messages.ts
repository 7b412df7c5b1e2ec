import type { PricingPlan } from '@farebox/core/client'
import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import type { Format } from '../messages/format.ts'
import { joinMessages } from '../messages/join-messages.ts'

/** A price in words. */
export interface PriceText {
  /** What is large. */
  readonly amount: string
  /** What is small beside it. */
  readonly per: string
  /** Below both. */
  readonly note: string
}

/** Texts about prices. */
export interface PriceMessages {
  readonly noPlans: string
  readonly price: (plan: PricingPlan, format: Format) => PriceText
}

/** The default words. */
export const priceEnglish: CommonMessages & PriceMessages = /* @__PURE__ */ joinMessages<CommonMessages, PriceMessages>(commonEnglish, {
  noPlans: 'No plans are offered.',
  price: ({ plan, sold, price, monthly, interval, quantity, trialDays }, { money, number }) => {
    if (!price || !monthly) return { amount: plan.contactSales ? 'Custom' : 'Free', per: '', note: '' }
    const [yearly, amount] = [price, monthly].map((each) => money(each, { trailingZeroDisplay: 'stripIfInteger' }))
    const note = [
      sold?.perSeat && (quantity === 1 ? 'for 1 seat' : `for ${number(quantity)} seats`),
      interval === 'year' && `${yearly} billed yearly`,
      trialDays && `${number(trialDays)} days free`,
    ]
    return { amount: amount ?? '', per: 'a month', note: note.filter(Boolean).join(', ') }
  },
})
