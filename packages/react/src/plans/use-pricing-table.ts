import type { Format } from '../messages/format.ts'
import { useMessages } from '../messages/use-messages.ts'
import type { HeadingLevel } from '../parts/reading-part.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { type PricingMessages, pricingEnglish } from './pricing-messages.ts'
import type { SeatMessages } from './seat-messages.ts'
import type { TermsMessages } from './terms-messages.ts'
import { type PricingSelection, type PricingStart, usePricing } from './use-pricing.ts'

/** How a pricing table sells. */
export interface PricingSale extends PricingStart {
  /** Of the plans' names; one below a section's of `BillingDashboard`, else 3, unless said otherwise. */
  readonly level?: HeadingLevel | undefined
  /** Where somebody who is not signed in goes first. */
  readonly signInUrl?: string | undefined
  /** Where to ask for a plan that has no price: a page, or `mailto:`. The provider's unless said otherwise. */
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
}

/** Everything that a pricing table shows. */
export function usePricingTable(sale: PricingSale): PricingTableState {
  const { format, labelOf, contactUrl } = useBillingContext()
  const words = useMessages<PricingTableState['words']>(pricingEnglish)
  return { ...usePricing(sale), words, format, labelOf, sale: { contactUrl, ...sale } }
}
