/**
 * What `farebox push` is made of: read what Stripe has, plan what to change, apply it step by step. For scripts that
 * push a catalog without a terminal.
 *
 * @example
 * ```ts
 * import type { Catalog } from '@farebox/core'
 * import { applyStep, planPush, readState } from 'farebox'
 * import type { Stripe } from 'stripe'
 *
 * export async function pushCatalog(stripe: Stripe, catalog: Catalog): Promise<void> {
 *   const prices = new Map<string, string>()
 *   for (const step of planPush(catalog, await readState(stripe, catalog))) await applyStep(stripe, step, prices)
 * }
 * ```
 *
 * @module
 */
export { type PriceIds, applyStep } from './apply-step.ts'
export {
  type PortalOffer, type PortalState, type PortalTarget, type PriceState, type PriceTarget, type ProductField, type ProductState, type ProductTarget,
  type PushState, type PushStep, type ReplacedPrice, isChange, planPush,
} from '@farebox/core/catalog'
export { readState } from './read-state.ts'
