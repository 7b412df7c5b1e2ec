import { largestAmount } from './amount.ts'
import type { FeatureTerms } from './catalog.ts'
import type { Feature } from './feature.ts'
import { type Money, isMoney } from './money.ts'
import type { Given } from './parse-value.ts'
import { usageIntervals } from './period.ts'

/** What a plan says of one feature, checked and frozen, or `undefined` with its faults reported. */
export function parseTerms({ kind }: Feature, given: Given): FeatureTerms | undefined {
  const { value } = given
  switch (kind) {
    case 'toggle':
      if (typeof value !== 'boolean') return given.fault('Give true or false: this feature is a toggle')
      return Object.freeze({ kind, on: value })
    case 'setting':
      return Object.freeze({ kind, value: given.json() })
    case 'seats':
      if (value === 'paid') return Object.freeze({ kind, amount: null, paid: true })
      if (isMetered(given) && given.at('amount').value === null) return Object.freeze({ kind, amount: null })
      if (typeof value === 'number') return Object.freeze({ kind, amount: given.whole(0, largestAmount) })
      return given.fault('Give a number of seats, unlimited(), or \'paid\' for as many as are paid for')
    case 'metered':
      if (!isMetered(given)) return given.fault('Give allowance(amount).per(interval) or unlimited(): this feature is metered')
      return parseMetered(given)
    default:
      return kind satisfies never
  }
}

function parseMetered(given: Given): FeatureTerms {
  const amount = given.at('amount').value
  const overagePrice = parseOverage(given.of('overage', given.at('overagePrice').value ?? null))
  if (overagePrice !== null && amount === null) given.fault('There is nothing beyond an unlimited allowance', 'overage')
  return Object.freeze({
    kind: 'metered',
    amount: amount === null ? null : given.of('allowance', amount).whole(0, largestAmount),
    interval: given.of('per', given.at('interval').value).choice(usageIntervals),
    overagePrice,
  })
}

function parseOverage(given: Given): Money | null {
  const { value } = given
  if (value === null) return null
  if (!isMoney(value)) return given.fault('Give the price of one unit, such as usd(\'0.10\')') ?? null
  if (!/[1-9]/.test(value.minor)) given.fault('Give a price above zero')
  return Object.freeze({ currency: value.currency, minor: value.minor })
}

function isMetered(given: Given): boolean {
  return given.at('kind').value === 'metered'
}
