/**
 * Farebox for Hono: gates that answer before a handler runs, and the billing routes. Refusals stay in the types of
 * Hono's RPC client.
 *
 * @example
 * ```ts
 * import { allowance, createFarebox, defineCatalog, metered, toggle } from '@farebox/core'
 * import { memoryStore } from '@farebox/core/drivers/memory'
 * import { billingRoutes, createGates } from '@farebox/hono'
 * import { Hono } from 'hono'
 *
 * const catalog = defineCatalog({
 *   features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
 *   plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
 * })
 * const farebox = createFarebox({ catalog, store: memoryStore() })
 * const { meter, requireFeature } = createGates(farebox)
 *
 * export const app = new Hono()
 *   .route('/api/billing', billingRoutes(farebox))
 *   .get('/api/quote', meter('apiCalls'), (c) => c.json({ used: c.var.farebox.decision.used }, 200))
 *   .get('/api/export', requireFeature('exports'), (c) => c.json({ customer: c.var.farebox.caller.customer }, 200))
 * ```
 *
 * @module
 */
export { billingRoutes } from './billing-routes.ts'
export { type GateOptions, type Gates, type MeterGateOptions, type RequireAuth, createGates } from './create-gates.ts'
export type { AnyoneEnv, Gate, GateEnv, MeterEnv } from './gate.ts'
export type { Refusal } from './refuse.ts'
