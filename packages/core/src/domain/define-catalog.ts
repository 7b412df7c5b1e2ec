import { type Fault, FareboxError } from '../errors/error.ts'
import type { Catalog, CatalogInput, FeatureMap, Plan } from './catalog.ts'
import { type FeatureLookup, parseFeature } from './parse-feature.ts'
import { parseLifecycle } from './parse-lifecycle.ts'
import { parseMoves } from './parse-moves.ts'
import { parsePacks } from './parse-pack.ts'
import { parsePlan } from './parse-plan.ts'
import { Given, recordOf } from './parse-value.ts'

/**
 * The catalog of an app, checked in full and deeply frozen: a catalog that exists is right. Names of features and plans
 * are inferred, so a typo does not compile; a file in plain JavaScript is checked as strictly when it runs.
 *
 * Plans are written lowest first: that order is their rank. Exactly one plan is the default, and it has no prices.
 *
 * @throws FareboxError `invalid-catalog` with all faults at once, each with its path, such as `plans.pro.prices.month`.
 *
 * @example
 * ```ts
 * import { allowance, defineCatalog, metered, toggle, usd } from '@farebox/core'
 *
 * export const catalog = defineCatalog({
 *   features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
 *   plans: {
 *     free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
 *     pro: {
 *       name: 'Pro',
 *       prices: { month: usd('29') },
 *       features: { apiCalls: allowance(500).per('month'), exports: true },
 *       gates: { apiCalls: ['100/minute'] },
 *     },
 *   },
 * })
 * ```
 */
export function defineCatalog<Features extends FeatureMap, PlanKey extends string, PackKey extends string = never>(
  input: CatalogInput<Features, PlanKey, PackKey>,
): Catalog<Features, PlanKey, PackKey>
export function defineCatalog(input: unknown): Catalog {
  const faults: Fault[] = []
  const given = new Given(input, '', faults)
  given.names(['features', 'plans', 'packs', 'lifecycle', 'moves'])
  const features = parseFeatures(given.at('features'), faults)
  const planList = parsePlans(given.at('plans'), features)
  const packs = parsePacks(given.at('packs', {}), features)
  const lifecycle = parseLifecycle(given.at('lifecycle', {}))
  const moves = parseMoves(given.at('moves', {}), planList.map(({ key }) => key))
  const defaultPlan = planList.find(({ isDefault }) => isDefault)
  if (faults.length > 0 || defaultPlan === undefined) {
    throw new FareboxError('invalid-catalog', 'The catalog is not valid', { faults })
  }
  return Object.freeze({
    features: recordOf([...features].flatMap(([key, feature]) => (feature === undefined ? [] : [[key, feature]]))),
    plans: recordOf(planList.map((plan) => [plan.key, plan])),
    planList: Object.freeze(planList),
    defaultPlan,
    packs,
    lifecycle,
    moves,
  })
}

/** What uses a faulty feature is not at fault for it. */
function parseFeatures(given: Given, faults: readonly Fault[]): FeatureLookup {
  return new Map(given.named().map(([key, part]) => {
    const before = faults.length
    const feature = parseFeature(part)
    return [key, faults.length > before ? undefined : feature]
  }))
}

function parsePlans(given: Given, features: FeatureLookup): readonly Plan[] {
  const plans = given.named().map(([key, plan], rank) => parsePlan(plan, key, rank, features))
  const defaults = plans.filter((plan) => plan.isDefault).map((plan) => plan.key)
  if (defaults.length === 0) given.fault('Mark one plan with default: true, for customers who have no other')
  if (defaults.length > 1) given.fault(`Only one plan can be the default; here are ${defaults.join(', ')}`)
  return plans
}
