import type { Catalog, FeatureTerms, Plan } from './catalog.ts'
import { entryOf } from './entry-of.ts'

const plansByFeature = new WeakMap<Catalog, Map<string, readonly string[]>>()

/** The plans that have a feature, cheapest rank first. Every decision names them, so they are worked out once. */
export function plansWith(catalog: Catalog, feature: string): readonly string[] {
  const known = plansByFeature.get(catalog)?.get(feature)
  if (known !== undefined) return known
  const plans = Object.freeze(catalog.planList.filter((plan) => hasFeature(plan, feature)).map((plan) => plan.key))
  plansByFeature.set(catalog, (plansByFeature.get(catalog) ?? new Map<string, readonly string[]>()).set(feature, plans))
  return plans
}

/** Whether terms hold `needed` of a feature by themselves, grants apart. `undefined` terms hold nothing. */
export function holds(terms: FeatureTerms | undefined, needed: number): boolean {
  switch (terms?.kind) {
    case undefined:
      return false
    case 'toggle':
      return terms.on
    case 'setting':
      return true
    case 'seats':
      return terms.amount === null || terms.amount >= needed
    case 'metered':
      return terms.amount === null || terms.amount >= needed || terms.overagePrice !== null
    default:
      return terms satisfies never
  }
}

/** Whether a plan has a feature at all, however little of it. */
export function hasFeature(plan: Plan, feature: string): boolean {
  return holds(termsOf(plan, feature), 1)
}

/** What a plan says of a feature, if anything. */
export function termsOf(plan: Plan, feature: string): FeatureTerms | undefined {
  return entryOf(plan.features, feature)
}
