import type { UsageView } from '../protocol/snapshot.ts'

/** How close usage is to its limit; `warn` from 80 %, `critical` from 95 % or when nothing is left, `over` beyond it. */
export type UsageTone = 'unlimited' | 'ok' | 'warn' | 'critical' | 'over'

/** Usage of a metered feature as a meter shows it. */
export interface Usage extends UsageView {
  readonly tone: UsageTone
  /** The filled part, reservations included, from 0 to 1; 0 where there is no limit. It is the sum of the three below. */
  readonly ratio: number
  /** The part that is used, within the limit. */
  readonly usedRatio: number
  /** The part that is reserved, within the limit. */
  readonly reservedRatio: number
  /** The part beyond the limit: the whole is then what is used, and the limit stands where this part begins. */
  readonly overRatio: number
  /** Usage, reservations and overage together; may be above the limit. */
  readonly total: number
  /** False when the plan does not have the feature and nothing else gives it. */
  readonly isIncluded: boolean
}

const warnFrom = 0.8
const criticalFrom = 0.95

/** What a meter needs to know. Pure; `ratio` never leaves 0 to 1, and `tone` is never milder for more usage. */
export function deriveUsage(view: UsageView): Usage {
  const { limit, remaining, reserved } = view
  const total = view.used + reserved + view.overage
  const part = limit ? total / limit : Number(limit === 0 && total > 0)
  const near = part >= warnFrom ? 'warn' : 'ok'
  const within = (remaining === 0 && part > 0) || part >= criticalFrom ? 'critical' : near
  const tone = limit === null ? 'unlimited' : total > limit ? 'over' : within
  const ratio = Math.min(1, part)
  const overRatio = limit !== null && total > limit ? (total - limit) / total : 0
  const reservedRatio = limit ? Math.min(ratio - overRatio, reserved / Math.max(limit, total)) : 0
  const usedRatio = ratio - overRatio - reservedRatio
  return { ...view, tone, ratio, usedRatio, reservedRatio, overRatio, total, isIncluded: limit !== 0 || total > 0 }
}
