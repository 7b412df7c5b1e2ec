import type { IsoInstant, PriceView } from '@farebox/core/protocol'
import { minorDigitsOf } from '@farebox/core/client'

/** Writes values for people, in the locale and time zone of the provider: never in the runtime's. */
export interface Format {
  readonly locale: string
  readonly number: (value: number, options?: Intl.NumberFormatOptions) => string
  /** `2026-11-21T…` as `Nov 21, 2026`, unless options say otherwise. */
  readonly date: (instant: IsoInstant, options?: Intl.DateTimeFormatOptions) => string
  /** Minor currency units as people write them: `{ amount: 2900, currency: 'usd' }` as `$29.00`. */
  readonly money: (price: PriceView, options?: Intl.NumberFormatOptions) => string
}

/** Formatters are kept: making one takes longer than all of a meter. */
export function createFormat(locale: string, timeZone: string): Format {
  const numberOf = kept((options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options))
  const dateOf = kept((options?: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options }))
  // In Arabic `US$` would come apart at the end of what runs from right to left: a mark keeps its sign beside its letters.
  const number: Format['number'] = (value, options) => numberOf(options).format(value).replace(/^\u200F.*[A-Z]\p{Sc}$/u, '$&\u200E')
  return {
    locale,
    number,
    date: (instant, options = { dateStyle: 'medium' }) => dateOf(options).format(new Date(instant)),
    money({ amount, currency }, options) {
      const digits = minorDigitsOf(currency)
      return number(amount / 10 ** digits, { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits, ...options })
    },
  }
}

function kept<Options, Formatter>(create: (options?: Options) => Formatter): (options?: Options) => Formatter {
  const known = new Map<string, Formatter>()
  return (options) => {
    const key = JSON.stringify(options)
    const formatter = known.get(key) ?? create(options)
    known.set(key, formatter)
    return formatter
  }
}
