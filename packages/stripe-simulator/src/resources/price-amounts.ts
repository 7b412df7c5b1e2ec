import type { PriceTier } from '../amount-objects.ts'
import { exclusiveParameters, invalidInteger, invalidRequest, missingParameter } from '../errors.ts'
import { shortestDecimal } from '../lifecycle/amounts/money.ts'
import type { Price } from '../objects.ts'

export interface GivenTier {
  readonly flat_amount?: number
  readonly flat_amount_decimal?: string
  readonly unit_amount?: number
  readonly unit_amount_decimal?: string
  readonly up_to: number | 'inf'
}

/** How a request says what one price costs in one currency. */
export interface GivenAmounts {
  readonly tax_behavior?: string
  readonly tiers?: readonly GivenTier[]
  readonly unit_amount?: number
  readonly unit_amount_decimal?: string
}

/** What a price costs in one currency. */
export interface ReadAmounts extends Pick<Price, 'unit_amount' | 'unit_amount_decimal'> {
  readonly tiers: readonly PriceTier[] | undefined
}

const largestAmount = 999_999_999_999

/** The amounts of a price: one for each unit, or tiers. `path` leads to them, such as `currency_options[eur]`. */
export function readAmounts(given: GivenAmounts, isTiered: boolean, path = ''): ReadAmounts {
  if (isTiered) {
    if (given.unit_amount !== undefined || given.unit_amount_decimal !== undefined) {
      const param = within(path, given.unit_amount === undefined ? 'unit_amount_decimal' : 'unit_amount')
      throw invalidRequest('`unit_amount` cannot be set when `billing_scheme=tiered`.', { param })
    }
    if (given.tiers === undefined || given.tiers.length === 0) throw missingParameter(within(path, 'tiers'))
    return { unit_amount: null, unit_amount_decimal: null, tiers: readTiers(given.tiers, within(path, 'tiers')) }
  }
  if (given.tiers !== undefined) {
    throw invalidRequest('`tiers` can only be set when `billing_scheme=tiered`.', { param: within(path, 'tiers') })
  }
  const amount = readAmount(given, 'unit_amount', path)
  if (amount === undefined) throw missingParameter(within(path, 'unit_amount'))
  return { unit_amount: amount.whole, unit_amount_decimal: amount.decimal, tiers: undefined }
}

function readTiers(given: readonly GivenTier[], path: string): PriceTier[] {
  const tiers = given.map((tier, index): PriceTier => {
    const here = `${path}[${index}]`
    const flat = readAmount(tier, 'flat_amount', here)
    const unit = readAmount(tier, 'unit_amount', here)
    if (flat === undefined && unit === undefined) throw missingParameter(`${here}[unit_amount]`)
    return {
      flat_amount: flat?.whole ?? null,
      flat_amount_decimal: flat?.decimal ?? null,
      unit_amount: unit?.whole ?? null,
      unit_amount_decimal: unit?.decimal ?? null,
      up_to: tier.up_to === 'inf' ? null : tier.up_to,
    }
  })
  for (const [index, tier] of tiers.entries()) {
    const isLast = index === tiers.length - 1
    if (isLast !== (tier.up_to === null)) {
      throw invalidRequest('The last tier, and no other, must have `up_to` set to `inf`.', { param: `${path}[${index}][up_to]` })
    }
    const below = tiers[index - 1]?.up_to ?? 0
    if (tier.up_to !== null && tier.up_to <= below) {
      throw invalidRequest('Tiers must be in ascending order of `up_to`.', { param: `${path}[${index}][up_to]` })
    }
  }
  return tiers
}

function readAmount(
  given: Omit<GivenTier, 'up_to'>,
  name: 'flat_amount' | 'unit_amount',
  path: string,
): { whole: number | null; decimal: string } | undefined {
  const amount = given[name]
  const precise = given[`${name}_decimal`]
  if (amount !== undefined && precise !== undefined) {
    throw exclusiveParameters([name, `${name}_decimal`], within(path, name))
  }
  if (amount === undefined && precise === undefined) return undefined
  const decimal = shortestDecimal(precise ?? String(amount))
  const param = within(path, amount === undefined ? `${name}_decimal` : name)
  if (decimal.startsWith('-')) {
    throw invalidInteger('non-negative', param)
  }
  if (Number(decimal) > largestAmount) throw invalidRequest('Amount is too large', { code: 'amount_too_large', param })
  return { whole: decimal.includes('.') ? null : Number(decimal), decimal }
}

function within(path: string, name: string): string {
  return path === '' ? name : `${path}[${name}]`
}
