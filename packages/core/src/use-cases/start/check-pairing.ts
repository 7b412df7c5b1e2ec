import type { Catalog } from '../../domain/catalog.ts'
import type { Given } from '../../domain/parse-value.ts'
import type { Payments } from '../../ports/payments.ts'
import type { Store } from '../../ports/store.ts'

/**
 * Collects what does not go together: a catalog that sells without a return address, or without records; money counted, or
 * seats kept, on a lossy store.
 */
export function checkPairing(
  catalog: Catalog,
  store: Store,
  payments: Payments | null,
  appUrl: string | null,
  given: Given,
): void {
  if (payments !== null && appUrl === null) {
    given.fault('Give the URL of your app, where Stripe sends people back to', 'appUrl')
  }
  if (payments !== null && store.records.label === 'best-effort') {
    given.fault('Payments must be recorded: give a record store too, such as postgresStore({ client }).records', 'store.records')
  }
  for (const [key, feature] of Object.entries(catalog.features)) {
    const place = placeOf(catalog, key)
    if (place === null || store[place].label === 'linearizable' || ('acceptLossy' in feature && feature.acceptLossy)) continue
    const message = `Money depends on this count, and \`store.${place}\` is ${store[place].label}: take a linearizable one or say acceptLossy`
    given.fault(message, `catalog.features.${key}`)
  }
}

/** Where that is kept which money depends on: seats are records, overage and what was bought are counted. */
function placeOf(catalog: Catalog, feature: string): 'usage' | 'records' | null {
  if (catalog.features[feature]?.kind === 'seats') return 'records'
  const isBought = Object.values(catalog.packs).some(({ grants }) => Object.hasOwn(grants, feature))
  return isBought || hasOverage(catalog, feature) ? 'usage' : null
}

/** Whether a plan of the catalog sells more of a feature than it holds. */
export function hasOverage(catalog: Catalog, feature: string): boolean {
  return catalog.planList.some((plan) => {
    const terms = plan.features[feature]
    return terms?.kind === 'metered' && terms.overagePrice !== null
  })
}
