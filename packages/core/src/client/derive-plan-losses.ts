import type { PlanView, Snapshot, TermsView } from '../protocol/snapshot.ts'

/** A feature of which another plan gives less than the customer has. */
export interface PlanLoss {
  readonly feature: string
  /** What there is now. */
  readonly before: TermsView
  /** What there would be; `undefined` where the other plan does not have it. */
  readonly after: TermsView | undefined
  /** What is used now, where that is more than there would be: it is refused from then on. */
  readonly over: number | undefined
}

/** What a customer would lose with another plan, in the order of what there is. Pure; what is held in seats is not known here. */
export function derivePlanLosses(
  { entitlements, usage }: Pick<Snapshot, 'entitlements' | 'usage'>,
  { features }: Pick<PlanView, 'features'>,
): readonly PlanLoss[] {
  return Object.entries(entitlements).flatMap(([feature, { terms: before }]) => {
    const after = features[feature]
    if (!isLess(before, after)) return []
    const used = usage[feature]?.used ?? 0
    return [{ feature, before, after, over: used > limitOf(after) ? used : undefined }]
  })
}

function isLess(before: TermsView, after: TermsView | undefined): boolean {
  switch (before.kind) {
    case 'toggle':
      return before.on && !(after?.kind === 'toggle' && after.on)
    case 'setting':
      return !isWithin(before.value, after?.kind === 'setting' ? after.value : undefined)
    case 'seats':
    case 'metered':
      return limitOf(after) < limitOf(before)
    default:
      return before satisfies never
  }
}

/** Whether a setting still holds: in the very same, in a larger number, and each of its values in those that there would be. */
function isWithin(before: unknown, after: unknown): boolean {
  return (
    before === false ||
    (typeof before === 'number' && Number(after) >= before) ||
    JSON.stringify(before) === JSON.stringify(after) ||
    [before].flat().every((value) => [after].flat().includes(value))
  )
}

function limitOf(terms: TermsView | undefined): number {
  if (terms?.kind !== 'seats' && terms?.kind !== 'metered') return 0
  return terms.limit ?? Number.POSITIVE_INFINITY
}
