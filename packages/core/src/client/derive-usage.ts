import type { UsageView } from '../protocol/snapshot.ts'

/** How close usage is to its limit; `critical` from 95 % or when nothing is left, `over` beyond the limit. */
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
  const ratio = limit === null ? 0 : Math.min(1, limit === 0 ? 1 : total / limit)
  return { ...view, tone: toneOf(limit, remaining, total, ratio), ratio, total, isIncluded: limit !== 0 || total > 0 }
}

function toneOf(limit: number | null, remaining: number | null, total: number, ratio: number): UsageTone {
  if (limit === null) return 'unlimited'
  if (total > limit) return 'over'
  if (remaining === 0 || ratio >= criticalFrom) return 'critical'
  return ratio >= warnFrom ? 'warn' : 'ok'
}
