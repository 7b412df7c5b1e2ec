import { type Money, chargeStep, isMoney, wholeMinorUnits } from './money.ts'
import type { Amounts, PlanPrice, PriceTier } from './price.ts'
import { type Report, join, parseChoice, parseObject, parseWhole } from './parse-value.ts'

/** Beyond any seat plan, and small enough that no product of it with a price loses digits. */
export const mostSeats = 1_000_000

/** What a plan costs at an interval, checked and frozen, or `undefined` with its faults reported. */
export function parsePrice(value: unknown, path: string, report: Report): PlanPrice | undefined {
  if (!isSeatPrice(value)) {
    const amounts = parseAmounts(value, path, report, 1)
    return amounts && Object.freeze({ amounts, perSeat: false, minimum: 1, tiers: null })
  }
  const minimum = parseWhole(value.minimum, join(path, 'minimum'), report, 1, mostSeats)
  const mode = value.mode === null ? null : parseChoice(value.mode, join(path, 'mode'), report, ['graduated', 'volume'])
  const steps = parseTiers(value.tiers, path, report, mode === null)
  const [first] = steps
  if (first === undefined || minimum === undefined || mode === undefined) return undefined
  return Object.freeze({
    amounts: first.amounts,
    perSeat: true,
    minimum,
    tiers: mode && Object.freeze({ mode, steps: Object.freeze(steps) }),
  })
}

function parseTiers(value: unknown, path: string, report: Report, isOne: boolean): PriceTier[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  let last = 0
  const steps = list.flatMap((tier, index): PriceTier[] => {
    const at = isOne ? path : join(path, `tiers.${index}`)
    const entries = parseObject(tier, at, report, ['upTo', 'each'])
    if (entries === undefined) return []
    const isLast = index === list.length - 1
    const end = entries.get('upTo')
    const upTo = isLast && end === null ? null : parseWhole(end, join(at, 'upTo'), report, last + 1, mostSeats)
    const amounts = parseAmounts(entries.get('each'), isOne ? at : join(at, 'each'), report, isOne ? 1 : 0)
    last = upTo ?? last
    if (isLast && typeof upTo === 'number') report(join(at, 'upTo'), 'The last tier has no end: give null')
    return upTo === undefined || amounts === undefined ? [] : [Object.freeze({ upTo, amounts })]
  })
  if (!steps.some(({ amounts }) => amounts[0].minor !== '0')) report(path, 'Give a tier that costs something')
  return steps
}

function parseAmounts(value: unknown, path: string, report: Report, least: number): Amounts | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const [first, ...others] = list.flatMap((item, index) => {
    return parseAmount(item, item === value ? path : join(path, `${index}`), report, least) ?? []
  })
  if (first === undefined) return list.length > 0 ? undefined : report(path, 'Give at least one price')
  const amounts: Amounts = [first, ...others]
  if (new Set(amounts.map(({ currency }) => currency)).size < amounts.length) report(path, 'Give each currency once')
  return Object.freeze(amounts)
}

function parseAmount(value: unknown, path: string, report: Report, least: number): Money | undefined {
  if (!isMoney(value)) return report(path, 'Give money, such as usd(\'29\')')
  const { currency, minor } = value
  const units = wholeMinorUnits(value) ?? -1
  const step = chargeStep(currency)
  if (units < least || units % step !== 0) {
    return report(path, `Give whole minor units above zero, of ${currency} in steps of ${step}; a free plan has no prices`)
  }
  return Object.freeze({ currency, minor })
}

function isSeatPrice(value: unknown): value is { readonly mode?: unknown; readonly tiers?: unknown; readonly minimum?: unknown } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'seat-price'
}
