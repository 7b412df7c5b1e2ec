import type { PlanView, Snapshot, TermsView } from '../protocol/snapshot.ts'

/** A feature of which another plan gives less than the customer has. */
export interface PlanLoss {
  readonly feature: string
  /** What there is now. */
  readonly now: TermsView
  /** What there would be; `undefined` where the other plan does not have it. */
  readonly then: TermsView | undefined
  /** What is used now, where that is more than there would be: it is refused from then on. */
  readonly over: number | undefined
}

/** What a customer would lose with another plan, in the order of what there is. Pure; what is held in seats is not known here. */
export function derivePlanLosses(
  { entitlements, usage }: Pick<Snapshot, 'entitlements' | 'usage'>,
  { features }: Pick<PlanView, 'features'>,
): readonly PlanLoss[] {
  return Object.entries(entitlements).flatMap(([feature, { terms: now }]) => {
    const then = features[feature]
    if (!isLess(now, then)) return []
    const used = usage[feature]?.used ?? 0
    return [{ feature, now, then, over: used > limitOf(then) ? used : undefined }]
  })
}

function isLess(now: TermsView, then: TermsView | undefined): boolean {
  switch (now.kind) {
    case 'toggle':
      return now.on && !(then?.kind === 'toggle' && then.on)
    case 'setting':
      return !isWithin(now.value, then?.kind === 'setting' ? then.value : undefined)
    case 'seats':
    case 'metered':
      return limitOf(then) < limitOf(now)
    default:
      return now satisfies never
  }
}

/** Whether a setting still holds: one of several values as well as the very same. */
function isWithin(now: unknown, then: unknown): boolean {
  return JSON.stringify(now) === JSON.stringify(then) || (Array.isArray(now) && Array.isArray(then) && now.every((value) => then.includes(value)))
}

function limitOf(terms: TermsView | undefined): number {
  if (terms?.kind !== 'seats' && terms?.kind !== 'metered') return 0
  return terms.limit ?? Number.POSITIVE_INFINITY
}
