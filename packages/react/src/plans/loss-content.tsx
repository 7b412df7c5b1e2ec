import { type OnDemand, onDemand } from '../parts/on-demand.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import type { PlanLossesProps } from './plan-losses.tsx'

/** What becomes less with another plan, wherever that is told: before a change and before the end. */
export const LossContent: OnDemand<PlanLossesProps> = /* @__PURE__ */ onDemand(
  async () => (await import('./plan-losses.tsx')).PlanLosses, () => <Skeleton lines={2} />,
)
