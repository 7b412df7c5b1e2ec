import type { Catalog } from '../domain/catalog.ts'
import type { Fault } from '../errors/error.ts'
import type { Payments } from '../ports/payments.ts'
import type { Store } from '../ports/store.ts'

/**
 * Collects what does not go together: a catalog that sells without a return address, or without records; money counted on a
 * lossy store.
 */
export function checkPairing(
  catalog: Catalog,
  store: Store,
  payments: Payments | null,
  appUrl: string | null,
  faults: Fault[],
): void {
  if (payments !== null && appUrl === null) {
    faults.push({ path: 'appUrl', message: 'Give the URL of your app, where Stripe sends people back to' })
  }
  if (payments !== null && store.records.label === 'best-effort') {
    faults.push({ path: 'store.records', message: 'Payments must be recorded: give a record store too, such as postgresStore({ client }).records' })
  }
  if (store.usage.label === 'linearizable') return
  for (const [key, feature] of Object.entries(catalog.features)) {
    const isCounted = feature.kind === 'seats' || (feature.kind === 'metered' && hasOverage(catalog, key))
    if (isCounted && !feature.acceptLossy) {
      const message = `Money depends on this count, and the store is ${store.usage.label}: take a linearizable one or say acceptLossy`
      faults.push({ path: `catalog.features.${key}`, message })
    }
  }
}

/** Whether a plan of the catalog sells more of a feature than it holds. */
export function hasOverage(catalog: Catalog, feature: string): boolean {
  return catalog.planList.some((plan) => {
    const terms = plan.features[feature]
    return terms?.kind === 'metered' && terms.overagePrice !== null
  })
}
