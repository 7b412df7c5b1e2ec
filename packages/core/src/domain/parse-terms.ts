import { largestAmount } from './amount.ts'
import type { FeatureTerms } from './catalog.ts'
import type { Feature } from './feature.ts'
import { type Money, isMoney } from './money.ts'
import { usageIntervals } from './period.ts'
import { type Report, join, parseChoice, parseJson, parseObject, parseWhole } from './parse-value.ts'

/** What a plan says of one feature, checked and frozen, or `undefined` with its faults reported. */
export function parseTerms(feature: Feature, value: unknown, path: string, report: Report): FeatureTerms | undefined {
  switch (feature.kind) {
    case 'toggle':
      if (typeof value !== 'boolean') return report(path, 'Give true or false: this feature is a toggle')
      return Object.freeze({ kind: 'toggle', on: value })
    case 'setting':
      return Object.freeze({ kind: 'setting', value: parseJson(value, path, report) })
    case 'seats':
      return parseSeats(value, path, report)
    case 'metered':
      return parseMetered(value, path, report)
    default:
      return feature satisfies never
  }
}

function parseSeats(value: unknown, path: string, report: Report): FeatureTerms | undefined {
  if (value === 'paid') return Object.freeze({ kind: 'seats', amount: null, paid: true })
  if (isMeteredLike(value) && value.amount === null) return Object.freeze({ kind: 'seats', amount: null })
  if (typeof value !== 'number') return report(path, 'Give a number of seats, unlimited(), or \'paid\' for as many as are paid for')
  const amount = parseWhole(value, path, report, 0, largestAmount)
  return amount === undefined ? undefined : Object.freeze({ kind: 'seats', amount })
}

function parseMetered(value: unknown, path: string, report: Report): FeatureTerms | undefined {
  if (!isMeteredLike(value)) return report(path, 'Give allowance(amount).per(interval) or unlimited(): this feature is metered')
  const entries = parseObject(value, path, report)
  if (entries === undefined) return undefined
  const interval = parseChoice(entries.get('interval'), join(path, 'per'), report, usageIntervals)
  const given = entries.get('amount')
  const amount = given === null ? null : parseWhole(given, join(path, 'allowance'), report, 0, largestAmount)
  const overagePrice = parseOverage(entries.get('overagePrice') ?? null, join(path, 'overage'), report)
  if (overagePrice !== null && amount === null) report(join(path, 'overage'), 'There is nothing beyond an unlimited allowance')
  if (interval === undefined || amount === undefined || overagePrice === undefined) return undefined
  return Object.freeze({ kind: 'metered', amount, interval, overagePrice })
}

function parseOverage(value: unknown, path: string, report: Report): Money | null | undefined {
  if (value === null) return null
  if (!isMoney(value)) return report(path, 'Give the price of one unit, such as usd(\'0.10\')')
  if (!/[1-9]/.test(value.minor)) return report(path, 'Give a price above zero')
  return Object.freeze({ currency: value.currency, minor: value.minor })
}

function isMeteredLike(value: unknown): value is { readonly amount: unknown } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'metered' && 'amount' in value
}
