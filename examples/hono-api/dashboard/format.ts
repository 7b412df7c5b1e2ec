import type { IsoInstant } from '@farebox/core/protocol'

const locale = 'en'

/** An amount in minor currency units, as people write it: `2900`, `usd` is $29.00. */
export function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

/** The day of an instant, in UTC as the rest of the page. */
export function day(instant: IsoInstant): string {
  return new Date(instant).toLocaleDateString(locale, { dateStyle: 'medium', timeZone: 'UTC' })
}
