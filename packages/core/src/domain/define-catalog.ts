import { type Fault, FareboxError } from '../errors/error.ts'
import type { Catalog, CatalogInput, FeatureMap, Plan } from './catalog.ts'
import type { Feature } from './feature.ts'
import { type FeatureLookup, parseFeature } from './parse-feature.ts'
import { parseLifecycle } from './parse-lifecycle.ts'
import { parseMoves } from './parse-moves.ts'
import { parsePacks } from './parse-pack.ts'
import { parsePlan } from './parse-plan.ts'
import { type Report, frozenRecord, join, parseName, parseObject } from './parse-value.ts'

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
  const report: Report = (path, message) => {
    faults.push({ path, message })
  }
  const entries = parseObject(input, '', report, ['features', 'plans', 'packs', 'lifecycle', 'moves'])
  const features = parseFeatures(entries?.get('features'), report)
  const planList = parsePlans(entries?.get('plans'), features, report)
  const packs = parsePacks(entries?.get('packs'), features, report)
  const lifecycle = parseLifecycle(entries?.get('lifecycle'), 'lifecycle', report)
  const moves = parseMoves(entries?.get('moves'), 'moves', report, planList.map(({ key }) => key))
  const [defaultPlan] = planList.filter((plan) => plan.isDefault)
  if (faults.length > 0 || defaultPlan === undefined) {
    throw new FareboxError('invalid-catalog', 'The catalog is not valid', { faults })
  }
  return Object.freeze({
    features: frozenRecord(Object.fromEntries(parsed(features))),
    plans: frozenRecord(Object.fromEntries(planList.map((plan) => [plan.key, plan]))),
    planList: Object.freeze(planList),
    defaultPlan,
    packs,
    lifecycle,
    moves,
  })
}

function parseFeatures(value: unknown, report: Report): FeatureLookup {
  const features = new Map<string, Feature | undefined>()
  for (const [key, given] of parseObject(value, 'features', report) ?? []) {
    const path = join('features', key)
    const name = parseName(key, path, report)
    features.set(key, name === undefined ? undefined : parseFeature(given, path, report))
  }
  return features
}

function parsed(features: FeatureLookup): readonly (readonly [string, Feature])[] {
  return [...features].flatMap(([key, feature]) => (feature === undefined ? [] : [[key, feature] as const]))
}

function parsePlans(value: unknown, features: FeatureLookup, report: Report): Plan[] {
  const entries = parseObject(value, 'plans', report)
  if (entries === undefined) return []
  const plans: Plan[] = []
  for (const [key, given] of entries) {
    if (parseName(key, join('plans', key), report) === undefined) continue
    const plan = parsePlan(key, plans.length, given, features, report)
    if (plan !== undefined) plans.push(plan)
  }
  const defaults = plans.filter((plan) => plan.isDefault).map((plan) => plan.key)
  if (defaults.length === 0) report('plans', 'Mark one plan with default: true, for customers who have no other')
  if (defaults.length > 1) report('plans', `Only one plan can be the default; here are ${defaults.join(', ')}`)
  return plans
}
