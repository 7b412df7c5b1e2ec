import { type Plan, priceIntervals } from './catalog.ts'
import type { FeatureLookup } from './parse-feature.ts'
import { parseGates } from './parse-gate.ts'
import { parsePrice } from './parse-price.ts'
import { parseTerms } from './parse-terms.ts'
import { type Given, recordOf } from './parse-value.ts'

const settings = [
  'name', 'description', 'default', 'prices', 'trialDays', 'trialRequiresCard', 'recommended', 'contactSales', 'features',
  'gates',
]

/** The longest trial that Stripe takes: https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-subscription_data-trial_period_days */
const longestTrial = 730

/** A plan, checked and frozen; its faults are reported. */
export function parsePlan(given: Given, key: string, rank: number, features: FeatureLookup): Plan {
  given.names(settings)
  const plan: Plan = {
    key,
    name: given.at('name').text(250),
    description: given.at('description').text(1000, null),
    isDefault: given.at('default').flag(),
    rank,
    prices: parsePrices(given.at('prices', {})),
    trialDays: given.at('trialDays').whole(0, longestTrial, 0),
    trialRequiresCard: given.at('trialRequiresCard').flag(true),
    recommended: given.at('recommended').flag(),
    contactSales: given.at('contactSales').flag(),
    features: parseFeatures(given.at('features'), features),
    gates: parsePlanGates(given.at('gates', {}), features),
  }
  checkTogether(plan, given)
  return Object.freeze(plan)
}

function parsePrices(given: Given): Plan['prices'] {
  const known = given.names(priceIntervals)
  const prices = priceIntervals.flatMap((interval) => {
    const price = known.includes(interval) ? parsePrice(given.at(interval)) : undefined
    return price === undefined ? [] : [[interval, price] as const]
  })
  return recordOf(prices)
}

function parseFeatures(given: Given, features: FeatureLookup): Plan['features'] {
  const terms = given.names().flatMap((name) => {
    const feature = features.get(name)
    if (!features.has(name)) given.fault('There is no such feature in the catalog', name)
    const checked = feature && parseTerms(feature, given.at(name))
    return checked === undefined ? [] : [[name, checked] as const]
  })
  return recordOf(terms)
}

function parsePlanGates(given: Given, features: FeatureLookup): Plan['gates'] {
  const gates = given.names().flatMap((name) => {
    const list = given.at(name)
    const isMetered = features.get(name)?.kind === 'metered'
    const own = isMetered ? parseGates(list) : list.fault('Only a metered feature of the catalog can have gates')
    return own === undefined ? [] : [[name, own] as const]
  })
  return recordOf(gates)
}

/** What is right by itself but wrong together. */
function checkTogether(plan: Plan, given: Given): void {
  const prices = Object.values(plan.prices)
  const terms = Object.entries(plan.features)
  if (plan.isDefault && prices.length > 0) given.fault('The default plan has no prices: nobody chose to pay for it', 'prices')
  if (plan.isDefault && plan.contactSales) given.fault('Everybody has the default plan', 'contactSales')
  if (plan.trialDays > 0 && prices.length === 0) given.fault('A trial needs a price that follows it', 'trialDays')
  const amounts = prices.flatMap((price) => [price.amounts, ...(price.tiers?.steps.map((step) => step.amounts) ?? [])])
  const overages = terms.flatMap(([, part]) => (part.kind === 'metered' && part.overagePrice !== null ? [[part.overagePrice]] : []))
  const currencies = new Set([...amounts, ...overages].map((list) => list.map(({ currency }) => currency).join('+')))
  if (currencies.size > 1) given.fault(`Use the same currencies in the same order throughout a plan; here are ${[...currencies].join(', ')}`)
  for (const [name, part] of terms) {
    if (part.kind === 'seats' && part.paid === true && !(prices.length > 0 && prices.every(({ perSeat }) => perSeat))) {
      given.fault('Seats are paid for where all prices of the plan are perSeat(...) or tiers(...)', `features.${name}`)
    }
  }
  for (const name of Object.keys(plan.gates)) {
    if (!Object.hasOwn(plan.features, name)) given.fault('The plan does not have this feature, so nothing would pass the gate', `gates.${name}`)
  }
}
