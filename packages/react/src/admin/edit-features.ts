import type { CatalogData } from '@farebox/core/catalog'
import type { FeatureKind } from './catalog-messages.ts'
import { withTerms } from './edit-catalog.ts'
import { withEntry, withPack } from './edit-rules.ts'

export type FeatureData = CatalogData['features'][string]

/** What a feature is without further words. What one of a metered feature is called is still to be said. */
export const firstFeature: Readonly<Record<FeatureKind, FeatureData>> = {
  metered: { kind: 'metered', onError: 'deny', unit: '', anchor: 'customer', acceptLossy: false, lease: null },
  seats: { kind: 'seats', onError: 'deny', acceptLossy: false },
  toggle: { kind: 'toggle', onError: 'deny' },
  setting: { kind: 'setting', onError: 'deny' },
}

/** The catalog with one feature changed where it is, or added at the end. */
export function withFeature(data: CatalogData, key: string, feature: FeatureData): CatalogData {
  return { ...data, features: withEntry(data.features, key, feature) }
}

/** The catalog without a feature: what plans say of it, its gates and what packs give of it go along. */
export function withoutFeature(data: CatalogData, key: string): CatalogData {
  const plans = Object.fromEntries(Object.entries(data.plans).map(([name, plan]) => [name, withTerms(plan, key, undefined)]))
  const packs = Object.entries(data.packs ?? {}).filter(([, { grants }]) => grants[key] !== undefined)
  return packs.reduce(
    (rest, [name, pack]) => withPack(rest, name, { ...pack, grants: withEntry(pack.grants, key, undefined) }),
    { ...data, features: withEntry(data.features, key, undefined), plans },
  )
}
