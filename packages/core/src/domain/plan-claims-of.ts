import type { Catalog } from './catalog.ts'
import type { Entitlements } from './entitlement.ts'
import { second } from './instant.ts'
import type { PlanClaims } from './plan-claims.ts'

/** The claims that say what `entitlements` say. An end within a second is rounded down, never up. */
export function planClaimsOf(entitlements: Entitlements, isPartial: boolean): PlanClaims {
  return {
    plan: entitlements.plan.key,
    ev: entitlements.version,
    anchor: Math.floor(entitlements.anchor / second),
    until: entitlements.validUntil === null ? null : Math.floor(entitlements.validUntil / second),
    g: isPartial,
  }
}

/**
 * Whether a plan's name alone is not the whole truth: there are grants (`hasExtras`), an override, a debt, usage that is
 * counted from the subscription's billing cycle, or seats as many as are paid for.
 */
export function needsRecords(catalog: Catalog, entitlements: Entitlements, hasExtras: boolean): boolean {
  const anchored = Object.values(catalog.features).some(
    (feature) => feature.kind === 'metered' && feature.anchor === 'subscription',
  )
  const hasPaidSeats = Object.values(entitlements.plan.features).some((terms) => terms.kind === 'seats' && terms.paid)
  return hasExtras || entitlements.source === 'override' || entitlements.pastDue !== null || anchored || hasPaidSeats
}
