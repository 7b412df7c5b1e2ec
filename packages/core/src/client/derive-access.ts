import type { Snapshot } from '../protocol/snapshot.ts'

/**
 * Whether the customer has a feature at all, however little of it is left: by the plan, or by a grant. Pure, and for display
 * only: the server decides.
 */
export function deriveAccess({ entitlements, usage }: Pick<Snapshot, 'entitlements' | 'usage'>, feature: string): boolean {
  const view = usage[feature]
  const terms = entitlements[feature]?.terms
  if (view) return view.limit !== 0 || view.remaining !== 0
  switch (terms?.kind) {
    case undefined:
      return false
    case 'toggle':
      return terms.on
    case 'setting':
      return true
    case 'seats':
    case 'metered':
      return terms.limit !== 0
    default:
      return terms satisfies never
  }
}
