/**
 * A catalog as data, and what pushing it does. Pure and without a server, for editors in the browser as for programs.
 *
 * @example
 * ```ts
 * import { type Catalog, defineCatalog } from '@farebox/core'
 * import { changesOf, checkCatalogData, compareCatalogs, describeCatalog } from '@farebox/core/catalog'
 *
 * export function rename(catalog: Catalog, plan: string, name: string): number {
 *   const data = describeCatalog(catalog)
 *   const known = data.plans[plan]
 *   const edited = known === undefined ? data : { ...data, plans: { ...data.plans, [plan]: { ...known, name } } }
 *   if (checkCatalogData(edited).length > 0) return 0
 *   return changesOf(compareCatalogs(catalog, defineCatalog(edited))).length
 * }
 * ```
 *
 * @module
 */

// A catalog as data.
export type { Catalog } from '../domain/catalog.ts'
export { defineCatalog } from '../domain/define-catalog.ts'
export type { GateInput, GateUnit } from '../domain/gate.ts'
export {
  type AccessRule, type LifecycleInput, type SubscriptionStatus, closedStatuses, defaultLifecycle, subscriptionStatuses,
} from '../domain/lifecycle.ts'
export { minorDigitsOf } from '../domain/minor-digits.ts'
export { money } from '../domain/money.ts'
export type { UsageInterval } from '../domain/period.ts'
export { type MoveKind, type MoveRule, type MovesInput, defaultMoves } from '../domain/plan-move.ts'
export type { TiersMode } from '../domain/price.ts'
export type { Fault } from '../errors/error.ts'
export type { CatalogData, MeteredData, PackData, PlanData } from './catalog-data.ts'
export { checkCatalogData } from './check-catalog-data.ts'
export { describeCatalog } from './describe-catalog.ts'

// What pushing it does.
export { compareCatalogs } from './compare-catalogs.ts'
export { changesOf, planPush } from './plan-push.ts'
export { pushedState } from './pushed-state.ts'
export type { PortalOffer, PortalState, PriceAmount, PriceState, ProductState, PushState } from './push-state.ts'
export {
  type PackStep, type PackTarget, type PortalTarget, type PriceTarget, type ProductField, type ProductTarget, type PushStep, type ReplacedPrice,
  isChange,
} from './push-step.ts'

// For those who apply it: what tells our own things in a Stripe account.
export {
  type Installation, isOwnedPortal, ownedPack, ownedPlan, packMetadataOf, portalMetadataOf, priceMetadataOf, productMetadataOf,
} from './stripe-metadata.ts'
