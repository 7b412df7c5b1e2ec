import { type FeatureTerms, type Plan, type PriceInterval, priceIntervals } from './catalog.ts'
import type { Gate } from './gate.ts'
import type { FeatureLookup } from './parse-feature.ts'
import { parseGate } from './parse-gate.ts'
import { parsePrice } from './parse-price.ts'
import { parseTerms } from './parse-terms.ts'
import type { PlanPrice } from './price.ts'
import {
  type Report, frozenRecord, join, parseFlag, parseObject, parseText, parseWhole,
} from './parse-value.ts'

const settings = [
  'name', 'description', 'default', 'prices', 'trialDays', 'trialRequiresCard', 'recommended', 'contactSales', 'features',
  'gates',
]

/** The longest trial that Stripe takes: https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-subscription_data-trial_period_days */
const longestTrial = 730

/** A plan, checked and frozen, or `undefined` with its faults reported. */
export function parsePlan(
  key: string,
  rank: number,
  value: unknown,
  features: FeatureLookup,
  report: Report,
): Plan | undefined {
  const path = join('plans', key)
  const entries = parseObject(value, path, report, settings)
  if (entries === undefined) return undefined
  const at = (name: string): [unknown, string, Report] => [entries.get(name), join(path, name), report]
  const plan: Plan = {
    key,
    name: parseText(...at('name'), 250) ?? '',
    description: entries.has('description') ? (parseText(...at('description'), 1000) ?? null) : null,
    isDefault: parseFlag(...at('default')),
    rank,
    prices: parsePrices(...at('prices')),
    trialDays: entries.has('trialDays') ? (parseWhole(...at('trialDays'), 0, longestTrial) ?? 0) : 0,
    trialRequiresCard: entries.has('trialRequiresCard') ? parseFlag(...at('trialRequiresCard')) : true,
    recommended: parseFlag(...at('recommended')),
    contactSales: parseFlag(...at('contactSales')),
    features: parseFeatures(...at('features'), features),
    gates: parseGates(...at('gates'), features),
  }
  checkTogether(plan, path, report)
  return Object.freeze(plan)
}

function parsePrices(value: unknown, path: string, report: Report): Plan['prices'] {
  const prices: Partial<Record<PriceInterval, PlanPrice>> = {}
  const entries = value === undefined ? undefined : parseObject(value, path, report, priceIntervals)
  for (const interval of priceIntervals) {
    const price = entries?.has(interval) === true ? parsePrice(entries.get(interval), join(path, interval), report) : undefined
    if (price !== undefined) prices[interval] = price
  }
  return frozenRecord(prices)
}

function parseFeatures(value: unknown, path: string, report: Report, features: FeatureLookup): Plan['features'] {
  const terms: Record<string, FeatureTerms> = {}
  for (const [name, given] of parseObject(value, path, report) ?? []) {
    const feature = features.get(name)
    if (!features.has(name)) report(join(path, name), 'There is no such feature in the catalog')
    if (feature === undefined) continue
    const checked = parseTerms(feature, given, join(path, name), report)
    if (checked !== undefined) terms[name] = checked
  }
  return frozenRecord(terms)
}

function parseGates(value: unknown, path: string, report: Report, features: FeatureLookup): Plan['gates'] {
  if (value === undefined) return frozenRecord({})
  const gates: Record<string, readonly Gate[]> = {}
  for (const [name, given] of parseObject(value, path, report) ?? []) {
    if (features.get(name)?.kind !== 'metered') {
      report(join(path, name), 'Only a metered feature of the catalog can have gates')
    } else if (!Array.isArray(given)) {
      report(join(path, name), 'Give a list of gates, such as [\'100/minute\']')
    } else {
      gates[name] = Object.freeze(parseGateList(given, join(path, name), report))
    }
  }
  return frozenRecord(gates)
}

function parseGateList(given: readonly unknown[], path: string, report: Report): Gate[] {
  const gates: Gate[] = []
  for (const [index, item] of given.entries()) {
    const gate = parseGate(item)
    if ('fault' in gate) report(join(path, String(index)), gate.fault)
    else if (gates.some(({ id }) => id === gate.id)) report(join(path, String(index)), `The gate ${gate.id} is there twice`)
    else gates.push(Object.freeze(gate))
  }
  return gates
}

/** What is right by itself but wrong together. */
function checkTogether(plan: Plan, path: string, report: Report): void {
  const prices = Object.values(plan.prices)
  const terms = Object.entries(plan.features)
  if (plan.isDefault && prices.length > 0) report(join(path, 'prices'), 'The default plan has no prices: nobody chose to pay for it')
  if (plan.isDefault && plan.contactSales) report(join(path, 'contactSales'), 'Everybody has the default plan')
  if (plan.trialDays > 0 && prices.length === 0) report(join(path, 'trialDays'), 'A trial needs a price that follows it')
  const amounts = prices.flatMap((price) => [price.amounts, ...(price.tiers?.steps.map((step) => step.amounts) ?? [])])
  const overages = terms.flatMap(([, given]) => (given.kind === 'metered' && given.overagePrice !== null ? [[given.overagePrice]] : []))
  const currencies = new Set([...amounts, ...overages].map((list) => list.map(({ currency }) => currency).join('+')))
  if (currencies.size > 1) report(path, `Use the same currencies in the same order throughout a plan; here are ${[...currencies].join(', ')}`)
  for (const [name, given] of terms) {
    if (given.kind === 'seats' && given.paid === true && !(prices.length > 0 && prices.every(({ perSeat }) => perSeat))) {
      report(join(path, `features.${name}`), 'Seats are paid for where all prices of the plan are perSeat(...) or tiers(...)')
    }
  }
  for (const name of Object.keys(plan.gates)) {
    if (!Object.hasOwn(plan.features, name)) {
      report(join(path, `gates.${name}`), 'The plan does not have this feature, so nothing would pass the gate')
    }
  }
}
