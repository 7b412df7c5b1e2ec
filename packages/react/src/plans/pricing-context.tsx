import type { PricingPlan } from '@farebox/core/client'
import { type PartContext, createPartContext } from '../parts/create-part.tsx'
import type { PricingTableState } from './use-pricing-table.ts'

/** What the parts of one plan know. */
export interface PricingPlanState {
  readonly table: PricingTableState
  readonly offer: PricingPlan
}

export const PricingContext: PartContext<PricingTableState> = /* @__PURE__ */ createPartContext<PricingTableState>()
export const PlanContext: PartContext<PricingPlanState> = /* @__PURE__ */ createPartContext<PricingPlanState>()
