import type { UsageView } from '../protocol/snapshot.ts'

/** How close usage is to its limit; `warn` from 80 %, `critical` from 95 % or when nothing is left, `over` beyond it. */
export type UsageTone = 'unlimited' | 'ok' | 'warn' | 'critical' | 'over'

/** Usage of a metered feature as a meter shows it. */
export interface Usage extends UsageView {
  readonly tone: UsageTone
  /** The filled part, reservations included, from 0 to 1; 0 where there is no limit. */
  readonly ratio: number
  /** Usage, reservations and overage together; may be above the limit. */
  readonly total: number
  /** False when the plan does not have the feature and nothing else gives it. */
  readonly isIncluded: boolean
}

const warnFrom = 0.8
const criticalFrom = 0.95

/** What a meter needs to know. Pure; `ratio` never leaves 0 to 1, and `tone` is never milder for more usage. */
export function deriveUsage(view: UsageView): Usage {
  const { limit, remaining } = view
  const total = view.used + view.reserved + view.overage
  const part = limit ? total / limit : Number(limit === 0 && total > 0)
  const near = part >= warnFrom ? 'warn' : 'ok'
  const within = (remaining === 0 && part > 0) || part >= criticalFrom ? 'critical' : near
  const tone = limit === null ? 'unlimited' : total > limit ? 'over' : within
  return { ...view, tone, ratio: Math.min(1, part), total, isIncluded: limit !== 0 || total > 0 }
}
