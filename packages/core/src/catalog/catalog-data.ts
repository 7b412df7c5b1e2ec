import type { FeatureMap, PlanInput } from '../domain/catalog.ts'
import type { Feature } from '../domain/feature.ts'
import type { GateInput } from '../domain/gate.ts'
import type { LifecycleInput } from '../domain/lifecycle.ts'
import type { Money } from '../domain/money.ts'
import type { PackInput } from '../domain/pack.ts'
import type { MovesInput } from '../domain/plan-move.ts'
import type { AmountInput } from '../domain/price.ts'

/** A catalog as plain data: JSON carries it without loss, and `defineCatalog` takes it as it takes a catalog file's. */
export interface CatalogData {
  readonly features: Readonly<Record<string, Feature>>
  /** Lowest rank first. */
  readonly plans: Readonly<Record<string, PlanData>>
  readonly packs?: Readonly<Record<string, PackData>>
  readonly lifecycle?: LifecycleInput
  readonly moves?: MovesInput
}

/** A plan as plain data. */
export interface PlanData extends Omit<PlanInput<FeatureMap>, 'features' | 'gates'> {
  /**
   * By feature: `true` or `false` of a toggle, any JSON of a setting, a number, `'paid'` or {@link MeteredData} of seats,
   * {@link MeteredData} of what is metered.
   */
  readonly features: Readonly<Record<string, unknown>>
  readonly gates?: Readonly<Record<string, readonly GateInput[]>>
}

/** What a plan says of a metered feature; seats without a limit are one without an `amount` too. */
export interface MeteredData {
  readonly kind: 'metered'
  /** `null` is unlimited. */
  readonly amount: number | null
  readonly interval: string
  readonly overagePrice: Money | null
}

/** A pack as plain data. */
export interface PackData extends Omit<PackInput<never>, 'grants' | 'price'> {
  readonly price: AmountInput
  readonly grants: Readonly<Record<string, number>>
}
