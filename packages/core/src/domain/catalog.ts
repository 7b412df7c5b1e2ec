import type { MeteredTerms, UnlimitedTerms } from './allowance.ts'
import type { ByName } from './by-name.ts'
import type { Feature, MeteredFeature, SeatsFeature, SettingFeature, ToggleFeature } from './feature.ts'
import type { Gate, GateInput } from './gate.ts'
import type { LifecycleInput, LifecyclePolicy } from './lifecycle.ts'
import type { MovePolicy, MovesInput } from './plan-move.ts'
import type { Pack, PackInput } from './pack.ts'
import type { PlanPrice, PriceInput } from './price.ts'

/** Features by their keys. */
export type FeatureMap = Readonly<Record<string, Feature>>

/** How often a plan is paid. */
export type PriceInterval = 'month' | 'year'

export const priceIntervals: readonly PriceInterval[] = ['month', 'year']

/** The value a plan gives for a feature of kind `F`. Seats that are `'paid'` are as many as the subscription's quantity. */
export type TermsInput<F extends Feature> = F extends ToggleFeature
  ? boolean
  : F extends MeteredFeature
    ? MeteredTerms
    : F extends SeatsFeature
      ? number | 'paid' | UnlimitedTerms
      : F extends SettingFeature<infer Value>
        ? Value
        : never

/** Names of the features of `Features` that are of kind `F`. */
export type FeaturesOfKind<Features extends FeatureMap, F extends Feature> = {
  [Key in keyof Features]: Features[Key] extends F ? Key : never
}[keyof Features] &
  string

/** Names of the metered features of `Features`; any name where nobody knows them before it runs. */
type MeteredIn<Features extends FeatureMap> = string extends keyof Features ? string : FeaturesOfKind<Features, MeteredFeature>

/** A plan as it is written in the catalog file. A feature that is left out is not part of the plan. */
export interface PlanInput<Features extends FeatureMap> {
  readonly name: string
  readonly description?: string
  /** The plan of a customer who has no other. Exactly one plan is the default. */
  readonly default?: boolean
  /**
   * Whole minor units above zero: `usd('29')`, in several currencies `[usd('29'), eur('27')]`, by seat `perSeat(usd('12'))` or
   * `tiers(...)`. A plan has the same currencies at every interval; the first is the usual one.
   */
  readonly prices?: Readonly<Partial<Record<PriceInterval, PriceInput>>>
  /** Whole days, from 0 to 730. */
  readonly trialDays?: number
  /** Whether a trial begins with a card, which is the default. A trial without one ends by itself. */
  readonly trialRequiresCard?: boolean
  readonly recommended?: boolean
  /** Not for sale on the pricing table, nor over HTTP: the customer is asked to get in touch. The app's own code sells it. */
  readonly contactSales?: boolean
  readonly features: { readonly [Key in keyof Features]?: TermsInput<Features[Key]> }
  readonly gates?: ByName<MeteredIn<Features>, readonly GateInput[]>
}

/** The catalog as it is written in its file. The order of the plans is their rank, lowest first. */
export interface CatalogInput<Features extends FeatureMap, PlanKey extends string, PackKey extends string = never> {
  readonly features: Features
  readonly plans: Readonly<Record<PlanKey, PlanInput<NoInfer<Features>>>>
  /** Extra amounts that are paid once, beside any plan. */
  readonly packs?: Readonly<Record<PackKey, PackInput<MeteredIn<NoInfer<Features>>>>>
  readonly lifecycle?: LifecycleInput
  /** How customers move between plans and intervals. */
  readonly moves?: MovesInput<NoInfer<PlanKey>>
}

/** What a plan says of one feature, after parsing. */
export type FeatureTerms =
  | { readonly kind: 'toggle'; readonly on: boolean }
  | { readonly kind: 'setting'; readonly value: unknown }
  /** `paid`: as many as the subscription's quantity. */
  | { readonly kind: 'seats'; readonly amount: number | null; readonly paid?: true }
  | MeteredTerms

/** A plan, checked and frozen. `rank` is its place in the catalog: later plans are higher. */
export interface Plan {
  readonly key: string
  readonly name: string
  readonly description: string | null
  readonly isDefault: boolean
  readonly rank: number
  readonly prices: Readonly<Partial<Record<PriceInterval, PlanPrice>>>
  readonly trialDays: number
  readonly trialRequiresCard: boolean
  readonly recommended: boolean
  readonly contactSales: boolean
  readonly features: Readonly<Record<string, FeatureTerms>>
  readonly gates: Readonly<Record<string, readonly Gate[]>>
}

/** All features and plans of an app, checked and frozen. Made by `defineCatalog`. */
export interface Catalog<Features extends FeatureMap = FeatureMap, PlanKey extends string = string, PackKey extends string = string> {
  readonly features: Features
  readonly plans: Readonly<Record<PlanKey, Plan>>
  /** In catalog order, lowest rank first. */
  readonly planList: readonly Plan[]
  readonly defaultPlan: Plan
  readonly packs: Readonly<Record<PackKey, Pack>>
  readonly lifecycle: LifecyclePolicy
  readonly moves: MovePolicy
}

/** The keys of a catalog's plans. */
export type PlanKeyOf<C extends Catalog> = keyof C['plans'] & string
/** The keys of a catalog's packs. */
export type PackKeyOf<C extends Catalog> = keyof C['packs'] & string
/** The keys of a catalog's features, of whatever kind. */
export type FeatureKeyOf<C extends Catalog> = keyof C['features'] & string
/** The keys of a catalog's features that are seats. */
export type SeatsKeyOf<C extends Catalog> = FeaturesOfKind<C['features'], SeatsFeature>
/** The keys of a catalog's metered features. */
export type MeteredKeyOf<C extends Catalog> = FeaturesOfKind<C['features'], MeteredFeature>
