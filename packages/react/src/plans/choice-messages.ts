import type { PriceInterval } from '@farebox/core/protocol'
import { joinMessages } from '../messages/join-messages.ts'
import { type SeatMessages, seatEnglish } from './seat-messages.ts'

/** Texts about what prices depend on. */
export interface ChoiceMessages {
  readonly intervalLabel: string
  readonly intervalName: (interval: PriceInterval) => string
  /** What paying by year saves at most: a percentage that is written already. */
  readonly saving: (percent: string) => string
  readonly currencyLabel: string
  readonly planLabel: string
  /** Below a price that was worked out. */
  readonly beforeTax: string
}

/** The default words. */
export const choiceEnglish: SeatMessages & ChoiceMessages = /* @__PURE__ */ joinMessages<SeatMessages, ChoiceMessages>(seatEnglish, {
  intervalLabel: 'Billing interval',
  intervalName: (interval) => (interval === 'year' ? 'Yearly' : 'Monthly'),
  saving: (percent) => `save up to ${percent}`,
  currencyLabel: 'Currency',
  planLabel: 'Plan',
  beforeTax: 'Before tax and discounts.',
})
