import { type OffersOf, derivePricingOffers } from '@farebox/core/client'
import type { PlansView } from '@farebox/core/protocol'
import type * as React from 'react'
import { usePlans } from './use-plans.ts'

/** Props of {@link PricingOffers}. */
export type PricingOffersProps = OffersOf & {
  /** What the server rendered with; search engines need it there. */
  readonly plans?: PlansView | undefined
  /** For a content security policy that asks for one. */
  readonly nonce?: string | undefined
}

/** Tells search engines what is for sale, as JSON-LD. Shows nothing. */
export function PricingOffers({ plans: given, nonce, ...of }: PricingOffersProps): React.ReactElement | null {
  const { data } = usePlans(given)
  if (!data) return null
  // Nothing that a catalog says can end the element.
  const json = JSON.stringify(derivePricingOffers(data, of)).replaceAll('<', String.raw`\u003c`)
  return <script type="application/ld+json" nonce={nonce} dangerouslySetInnerHTML={{ __html: json }} />
}
