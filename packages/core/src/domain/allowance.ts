import type { Money } from './money.ts'
import type { UsageInterval } from './period.ts'

/** What a plan says of a metered feature. `amount: null` means unlimited. */
export interface MeteredTerms {
  readonly kind: 'metered'
  readonly amount: number | null
  readonly interval: UsageInterval
  /** The price of one unit beyond the allowance; `null` where nothing beyond it is allowed. */
  readonly overagePrice: Money | null
}

/** An allowance that still needs its interval. */
export interface AllowanceWithoutInterval {
  per(interval: UsageInterval): AllowanceTerms
}

/** An allowance; `.overage()` allows and bills what goes beyond it. */
export interface AllowanceTerms extends MeteredTerms {
  overage(pricePerUnit: Money): MeteredTerms
}

/** `allowance(500).per('month')` includes 500 in each usage period, in the feature's whole units. */
export function allowance(amount: number): AllowanceWithoutInterval {
  return {
    per: (interval) => {
      // A limit that is missing in JSON is `null`, and must not become none.
      const terms: MeteredTerms = { kind: 'metered', amount: amount ?? Number.NaN, interval, overagePrice: null }
      return { ...terms, overage: (pricePerUnit) => ({ ...terms, overagePrice: pricePerUnit }) }
    },
  }
}

/** Terms without a limit. */
export interface UnlimitedTerms extends MeteredTerms {
  readonly amount: null
  readonly overagePrice: null
}

/** No limit; usage is counted per interval all the same. Seats without a limit are `unlimited()` too. */
export function unlimited(interval: UsageInterval = 'month'): UnlimitedTerms {
  return { kind: 'metered', amount: null, interval, overagePrice: null }
}
