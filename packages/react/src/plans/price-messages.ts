import type { PricingPlan } from '@farebox/core/client'
import type { PriceInterval } from '@farebox/core/protocol'
import type { Format } from '../messages/format.ts'
import { joinMessages } from '../messages/join-messages.ts'
import { type SeatMessages, seatEnglish } from './seat-messages.ts'

/** A price in words. */
export interface PriceText {
  /** What is large. */
  readonly amount: string
  /** What is small beside it. */
  readonly per: string
  /** Below both. */
  readonly note: string
}

/** Texts about prices, and the choices that they depend on. */
export interface PriceMessages {
  readonly noPlans: string
  readonly intervalLabel: string
  readonly intervalName: (interval: PriceInterval) => string
  /** What paying by year saves at most: a percentage that is written already. */
  readonly saving: (percent: string) => string
  readonly currencyLabel: string
  readonly planLabel: string
  readonly price: (plan: PricingPlan, format: Format) => PriceText
  /** Below a price that was worked out. */
  readonly beforeTax: string
}

/** The default words. */
export const priceEnglish: SeatMessages & PriceMessages = /* @__PURE__ */ joinMessages<SeatMessages, PriceMessages>(seatEnglish, {
  noPlans: 'No plans are offered.',
  intervalLabel: 'Billing interval',
  intervalName: (interval) => (interval === 'year' ? 'Yearly' : 'Monthly'),
  saving: (percent) => `save up to ${percent}`,
  currencyLabel: 'Currency',
  planLabel: 'Plan',
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
  beforeTax: 'Before tax and discounts.',
})
