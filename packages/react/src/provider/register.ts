import type { Catalog, FeatureKeyOf, MeteredKeyOf, PlanKeyOf, SeatsKeyOf } from '@farebox/core/protocol'

/**
 * Tells hooks and components the app's catalog, so that a wrong feature name does not compile. Declared once, by the
 * app: `declare module '@farebox/react' { interface Register { catalog: typeof catalog } }`.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- apps add to it
export interface Register {}

/** A feature of the registered catalog; any string while none is registered. */
export type FeatureName = Register extends { catalog: infer Registered extends Catalog } ? FeatureKeyOf<Registered> : string

/** A metered feature of the registered catalog; any string while none is registered. */
export type MeteredName = Register extends { catalog: infer Registered extends Catalog } ? MeteredKeyOf<Registered> : string

/** A feature of the registered catalog that is counted in seats; any string while none is registered. */
export type SeatsName = Register extends { catalog: infer Registered extends Catalog } ? SeatsKeyOf<Registered> : string

/** A plan of the registered catalog; any string while none is registered. */
export type PlanName = Register extends { catalog: infer Registered extends Catalog } ? PlanKeyOf<Registered> : string
