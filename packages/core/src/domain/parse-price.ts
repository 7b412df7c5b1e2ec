import { type Money, chargeStep, isMoney, wholeMinorUnits } from './money.ts'
import type { Given } from './parse-value.ts'
import type { Amounts, PlanPrice, PriceTier } from './price.ts'

/** Beyond any seat plan, and small enough that no product of it with a price loses digits. */
export const mostSeats = 1_000_000

/** What something costs, checked and frozen, or `undefined` with its faults reported. */
export function parsePrice(given: Given): PlanPrice | undefined {
  if (given.at('kind').value !== 'seat-price') {
    const amounts = parseAmounts(given, 1)
    return amounts && Object.freeze({ amounts, perSeat: false, minimum: 1, tiers: null })
  }
  given.names(['kind', 'mode', 'tiers', 'minimum'])
  const minimum = given.at('minimum').whole(1, mostSeats)
  const mode = given.at('mode').value === null ? null : given.at('mode').choice(['graduated', 'volume'])
  const steps = parseTiers(given, mode === null)
  const amounts = steps[0]?.amounts
  const tiers = mode && Object.freeze({ mode, steps: Object.freeze(steps) })
  return amounts && Object.freeze({ amounts, perSeat: true, minimum, tiers })
}

function parseTiers(given: Given, isOne: boolean): PriceTier[] {
  const tiers = given.at('tiers')
  const list: readonly unknown[] = Array.isArray(tiers.value) ? tiers.value : []
  let last = 0
  const steps = list.flatMap((_, index): PriceTier[] => {
    const tier = tiers.at(index)
    tier.names(['upTo', 'each'])
    const isLast = index === list.length - 1
    const end = tier.at('upTo')
    if (isLast && end.value !== null) end.fault('The last tier has no end: give null')
    const upTo = isLast ? null : end.whole(last + 1, mostSeats)
    last = upTo ?? last
    const each = tier.at('each')
    const amounts = parseAmounts(isOne ? given.of(null, each.value) : each, isOne ? 1 : 0)
    return amounts === undefined ? [] : [Object.freeze({ upTo, amounts })]
  })
  if (!steps.some(({ amounts }) => amounts[0].minor !== '0')) given.fault('Give a tier that costs something')
  return steps
}

function parseAmounts(given: Given, least: number): Amounts | undefined {
  const { value } = given
  const list = Array.isArray(value) ? value.map((_, index) => given.at(index)) : [given]
  const [first, ...others] = list.flatMap((item) => parseAmount(item, least) ?? [])
  if (first === undefined) return list.length > 0 ? undefined : given.fault('Give at least one price')
  const amounts: Amounts = [first, ...others]
  if (new Set(amounts.map(({ currency }) => currency)).size < amounts.length) given.fault('Give each currency once')
  return Object.freeze(amounts)
}

function parseAmount(given: Given, least: number): Money | undefined {
  const { value } = given
  if (!isMoney(value)) return given.fault('Give money, such as usd(\'29\')')
  const { currency, minor } = value
  const units = wholeMinorUnits(value) ?? -1
  const step = chargeStep(currency)
  if (units >= least && units % step === 0) return Object.freeze({ currency, minor })
  return given.fault(`Give whole minor units above zero, of ${currency} in steps of ${step}; a free plan has no prices`)
}
