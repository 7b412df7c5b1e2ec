/**
 * Farebox for Next.js. A guard wraps the resource itself, a route handler, a page or a server action, and never
 * matches paths: whichever way a request finds the resource, it passes the guard.
 *
 * @example
 * ```ts
 * // app/api/quote/route.ts
 * import { allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
 * import { memoryStore } from '@farebox/core/drivers/memory'
 * import { withMeter } from '@farebox/next'
 *
 * const catalog = defineCatalog({
 *   features: { apiCalls: metered({ unit: 'call' }) },
 *   plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
 * })
 * const farebox = createFarebox({ catalog, store: memoryStore() })
 *
 * export const GET = withMeter(farebox, 'apiCalls', (request, context, { decision }) =>
 *   Response.json({ quote: 'Everything flows.', remaining: decision.remaining }),
 * )
 * ```
 *
 * @module
 */
export { type RouteHandlers, createRouteHandlers } from './create-route-handlers.ts'

// Around a route handler: a refusal is a problem document.
export {
  type GuardedRoute, type RouteHandler, requireAuth, requireFeature, requirePlan, withMeter, withMeterForAnyone,
} from './guard-route.ts'

// Around a page: a refusal leads to where it can be mended.
export {
  type GuardedPage, type Page, type PageOptions, requireAuthOnPage, requireFeatureOnPage, requirePlanOnPage, withMeterOnPage,
} from './guard-page.ts'

// Around a server action: a refusal is a value.
export {
  type Action, type ActionRefusal, type GuardedAction, requireAuthInAction, requireFeatureInAction, requirePlanInAction,
  withMeterInAction,
} from './guard-action.ts'

// In a server component: what is behind a closed gate is not rendered.
export { type GateProps, type Gates, createGates } from './create-gates.tsx'
export { findSnapshot } from './find-snapshot.ts'
export type { AuthOptions, MeterOptions } from './check.ts'
