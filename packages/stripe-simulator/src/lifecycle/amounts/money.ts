import type { PriceTier } from '../../amount-objects.ts'
import type { Price } from '../../objects.ts'

const decimalPlaces = 12
const scale = 10n ** BigInt(decimalPlaces)

/** Formats are costly to make and every invoice line needs one. There are as many as there are currencies. */
const formats = new Map<string, Intl.NumberFormat>()

/** What the amount of a price depends on. */
export type Amounts = Pick<Price, 'unit_amount_decimal'> & Partial<Pick<Price, 'internal' | 'tiers_mode' | 'transform_quantity'>>

/**
 * What `quantity` of a price costs, in whole smallest units; a half is rounded away from zero. Exact throughout: tiers
 * are added up before anything is rounded (https://docs.stripe.com/products-prices/pricing-models).
 */
export function priceAmount(price: Amounts, quantity: number): number {
  const units = billedUnits(price, quantity)
  const { tiers } = price.internal ?? {}
  if (tiers === undefined) return roundScaled(scaledDecimal(price.unit_amount_decimal ?? '0') * units, scale)
  return roundScaled(price.tiers_mode === 'volume' ? volumeAmount(tiers, units) : graduatedAmount(tiers, units), scale)
}

/** `amount * part / whole`, rounded half away from zero. Exact throughout. */
export function shareOf(amount: number, part: number, whole: number): number {
  return roundScaled(BigInt(amount) * BigInt(part), BigInt(whole))
}

/** `percent` of an amount, rounded half away from zero; a percentage has at most two decimal places. */
export function percentOf(amount: number, percent: number): number {
  return shareOf(amount, Math.round(percent * 100), 10_000)
}

/** A decimal in its shortest form: `2900.50` is `2900.5`, `2900.0` is `2900`. */
export function shortestDecimal(decimal: string): string {
  const [whole = '0', fraction = ''] = decimal.split('.')
  const kept = fraction.replace(/0+$/, '')
  const number = whole.replace(/^(-?)0+(?=\d)/, '$1')
  return kept === '' ? number : `${number}.${kept}`
}

/** What amounts come to together. */
export function sum(amounts: readonly number[]): number {
  return amounts.reduce((whole, amount) => whole + amount, 0)
}

/** What entries with amounts come to together; the fields of stored objects that hold such entries are of no known type. */
export function sumOf(entries: unknown): number {
  return Array.isArray(entries) ? sum(entries.map(({ amount }: { readonly amount: number }) => amount)) : 0
}

/** The amount for people, such as `$29.00`. */
export function displayAmount(amount: number, currency: string): string {
  const format = formats.get(currency) ?? new Intl.NumberFormat('en-US', { style: 'currency', currency })
  formats.set(currency, format)
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amount / 10 ** digits)
}

function billedUnits(price: Amounts, quantity: number): bigint {
  const transform = price.transform_quantity ?? null
  if (transform === null) return BigInt(quantity)
  const packages = quantity / transform.divide_by
  return BigInt(transform.round === 'up' ? Math.ceil(packages) : Math.floor(packages))
}

/** Each unit costs what its own tier says; the flat amount of a tier is due once the tier is reached. */
function graduatedAmount(tiers: readonly PriceTier[], units: bigint): bigint {
  let total = 0n
  let below = 0n
  for (const [index, tier] of tiers.entries()) {
    if (index > 0 && units <= below) break
    const upTo = tier.up_to === null ? units : BigInt(tier.up_to)
    const within = (units < upTo ? units : upTo) - below
    total += tierAmount(tier, within)
    below = upTo
  }
  return total
}

/** All units cost what the tier says that the quantity falls into. */
function volumeAmount(tiers: readonly PriceTier[], units: bigint): bigint {
  const tier = tiers.find(({ up_to }) => up_to === null || units <= BigInt(up_to))
  return tier === undefined ? 0n : tierAmount(tier, units)
}

function tierAmount(tier: PriceTier, units: bigint): bigint {
  return scaledDecimal(tier.unit_amount_decimal ?? '0') * units + scaledDecimal(tier.flat_amount_decimal ?? '0')
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
