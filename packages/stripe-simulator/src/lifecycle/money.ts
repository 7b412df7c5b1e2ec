import type { Price } from '../objects.ts'

const decimalPlaces = 12
const scale = 10n ** BigInt(decimalPlaces)

/** Formats are costly to make and every invoice line needs one. There are as many as there are currencies. */
const formats = new Map<string, Intl.NumberFormat>()

/** What `quantity` of a price costs, in whole smallest units; a half is rounded away from zero. Exact throughout. */
export function priceAmount(price: Pick<Price, 'unit_amount_decimal'>, quantity: number): number {
  return roundScaled(scaledDecimal(price.unit_amount_decimal) * BigInt(quantity), scale)
}

/** `amount * part / whole`, rounded half away from zero. Exact throughout. */
export function shareOf(amount: number, part: number, whole: number): number {
  return roundScaled(BigInt(amount) * BigInt(part), BigInt(whole))
}

/** A decimal in its shortest form: `2900.50` is `2900.5`, `2900.0` is `2900`. */
export function shortestDecimal(decimal: string): string {
  const [whole = '0', fraction = ''] = decimal.split('.')
  const kept = fraction.replace(/0+$/, '')
  const number = whole.replace(/^(-?)0+(?=\d)/, '$1')
  return kept === '' ? number : `${number}.${kept}`
}

/** The amount for people, such as `$29.00`. */
export function displayAmount(amount: number, currency: string): string {
  const format = formats.get(currency) ?? new Intl.NumberFormat('en-US', { style: 'currency', currency })
  formats.set(currency, format)
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amount / 10 ** digits)
}

function scaledDecimal(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.')
  return BigInt(`${whole}${fraction.padEnd(decimalPlaces, '0')}`)
}

function roundScaled(value: bigint, divisor: bigint): number {
  const sign = value < 0n ? -1n : 1n
  const magnitude = value * sign
  return Number(sign * ((magnitude * 2n + divisor) / (divisor * 2n)))
}
