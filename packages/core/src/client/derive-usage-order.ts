import type { UsageView } from '../protocol/snapshot.ts'
import { type UsageTone, deriveUsage } from './derive-usage.ts'

/** How meters follow each other: as the catalog names them, or those that are nearest to their limit first. */
export type UsageOrder = 'catalog' | 'pressing'

const tones: readonly UsageTone[] = ['over', 'critical', 'warn', 'ok', 'unlimited']

/**
 * The metered features that a customer has, in order. Pure. `pressing` goes by tone and not by share, so that meters change
 * places only when a threshold is crossed; those of one tone stay as the catalog names them.
 */
export function deriveUsageOrder(usage: Readonly<Record<string, UsageView>>, order: UsageOrder = 'catalog'): readonly string[] {
  const meters = Object.entries(usage).map(([feature, view]) => ({ feature, ...deriveUsage(view) }))
  const included = meters.filter(({ isIncluded }) => isIncluded)
  const byTone = (tone: UsageTone): typeof meters => included.filter((meter) => meter.tone === tone)
  return (order === 'pressing' ? tones.flatMap(byTone) : included).map(({ feature }) => feature)
}
