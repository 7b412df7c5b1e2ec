import { minorDigitsOf } from '../domain/minor-digits.ts'
import type { PriceView } from '../protocol/snapshot.ts'

/** A price in words of a locale: `$29`, `29,50 €`. Whole amounts carry no decimals. The locale is never the runtime's. */
export function formatPrice({ amount, currency }: PriceView, locale: string): string {
  const digits = minorDigitsOf(currency)
  const options = { style: 'currency', currency, minimumFractionDigits: digits, trailingZeroDisplay: 'stripIfInteger' } as const
  return new Intl.NumberFormat(locale, options).format(amount / 10 ** digits)
}
