import { minorDigitsOf } from '../domain/minor-digits.ts'
import type { PlansView } from '../protocol/snapshot.ts'

/** What search engines are told of the app that is sold. */
export interface OffersOf {
  readonly name: string
  readonly description?: string | undefined
  /** The address of the page that shows the prices. */
  readonly url?: string | undefined
}

/** Codes of UN/CEFACT: a month and a year. */
const units = { month: 'MON', year: 'ANN' } as const

/**
 * The catalog as a search engine reads it: a `Product` with an `Offer` for each plan, interval and currency
 * (https://schema.org/Offer). Plans with tiers are offered at the price of the first. Pure.
 */
export function derivePricingOffers({ plans }: PlansView, { name, description, url }: OffersOf): object {
  const offers = plans.flatMap((plan) =>
    (['month', 'year'] as const).flatMap((interval) =>
      (plan.prices[interval]?.options ?? []).map(({ amount, currency }) => {
        const digits = minorDigitsOf(currency)
        const price = (amount / 10 ** digits).toFixed(digits)
        const priceCurrency = currency.toUpperCase()
        return {
          '@type': 'Offer', name: plan.name, description: plan.description ?? undefined, url, price, priceCurrency,
          priceSpecification: {
            '@type': 'UnitPriceSpecification', price, priceCurrency, billingDuration: 1, unitCode: units[interval],
          },
        }
      }),
    ),
  )
  return { '@context': 'https://schema.org', '@type': 'Product', name, description, url, offers }
}
