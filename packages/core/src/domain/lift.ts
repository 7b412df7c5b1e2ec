import type { Bucket } from './bucket.ts'
import type { Catalog, FeatureTerms, Plan } from './catalog.ts'
import type { BucketState, Lift } from './decision.ts'
import { holds, termsOf } from './plans-with.ts'
import type { PlanPrice } from './price.ts'

/**
 * The cheapest plan under which the request would have been allowed, or `undefined` where no plan that can be had would.
 * Plans are compared by what a month costs; plans that one has to ask for come last. The default plan is nobody's upgrade.
 *
 * @param present the plan that refused
 * @param needed for a metered feature, the allowance that the request needs, as {@link neededAllowance} says; for seats,
 *   how many; otherwise 1
 */
export function liftOf(catalog: Catalog, present: Plan, feature: string, needed: number): Lift | undefined {
  for (const { terms, lift } of offersOf(catalog, feature)) {
    if (lift.plan !== present.key && holds(terms, needed)) return lift
  }
  return undefined
}

/** A plan for sale, and what it holds of a feature. */
interface Offer {
  readonly terms: FeatureTerms
  readonly lift: Lift
}

const offersByFeature = new WeakMap<Catalog, Map<string, readonly Offer[]>>()

/** What is for sale of a feature, cheapest first. Refusals name one of them, and come in numbers: it is worked out once. */
function offersOf(catalog: Catalog, feature: string): readonly Offer[] {
  const features = offersByFeature.get(catalog) ?? new Map<string, readonly Offer[]>()
  const known = features.get(feature)
  if (known !== undefined) return known
  const offers = catalog.planList.filter(isForSale).toSorted(byCost).flatMap((plan): Offer[] => {
    const terms = termsOf(plan, feature)
    return terms === undefined ? [] : [{ terms, lift: Object.freeze({ plan: plan.key, limit: limitOf(terms) }) }]
  })
  if (Object.hasOwn(catalog.features, feature)) offersByFeature.set(catalog, features.set(feature, offers))
  return offers
}

/**
 * The allowance under which `amount` would have been allowed, given the counters: a plan move keeps what was used, so a
 * plan that holds the amount but not what was used before it would refuse as well. Grants help on every plan.
 */
export function neededAllowance(buckets: readonly Bucket[], states: readonly BucketState[], amount: number): number {
  let needed = amount
  for (const bucket of buckets) {
    const state = states.find((item) => item.id === bucket.id)
    const taken = state === undefined ? 0 : state.used + state.reserved
    if (bucket.kind === 'allowance') needed += taken
    if (bucket.kind === 'grant' && bucket.limit !== null) needed -= Math.max(0, bucket.limit - taken)
  }
  return Math.max(1, needed)
}

/** A plan without prices that nobody can ask for is given by override alone. */
function isForSale(plan: Plan): boolean {
  return plan.contactSales || priceOf(plan) !== undefined
}

function limitOf(terms: FeatureTerms | undefined): number | null {
  return terms?.kind === 'metered' || terms?.kind === 'seats' ? terms.amount : null
}

/** By what a month costs; amounts of two currencies cannot be compared, so there rank decides. */
function byCost(first: Plan, second: Plan): number {
  const [one, other] = [priceOf(first), priceOf(second)]
  const comparable = !first.contactSales && !second.contactSales && one?.amounts[0].currency === other?.amounts[0].currency
  return (
    Number(first.contactSales) - Number(second.contactSales) ||
    (comparable ? monthlyCost(first) - monthlyCost(second) : 0) ||
    first.rank - second.rank
  )
}

/** The price that stands for a plan. */
function priceOf({ prices }: Plan): PlanPrice | undefined {
  return prices.month ?? prices.year
}

/** Of the fewest seats that are sold, each at the price of the first. */
function monthlyCost(plan: Plan): number {
  const { amounts, minimum } = priceOf(plan) ?? { amounts: [{ minor: '0' }] as const, minimum: 0 }
  return (Number(amounts[0].minor) * minimum) / (plan.prices.month === undefined ? 12 : 1)
}
