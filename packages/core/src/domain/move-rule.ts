import type { Plan, PriceInterval } from './catalog.ts'
import type { MoveKind, MovePolicy, MoveRule } from './plan-move.ts'

/** What a customer has, or wants. */
export interface MoveEnd {
  readonly plan: Pick<Plan, 'key' | 'rank'>
  readonly interval: PriceInterval | null
  readonly quantity: number
}

/** Of which kind a move is; `null` where nothing changes. */
export function moveKindOf(from: MoveEnd, to: MoveEnd): MoveKind | null {
  if (from.plan.key !== to.plan.key) return to.plan.rank > from.plan.rank ? 'upgrade' : 'downgrade'
  if (from.interval !== to.interval) return to.interval === 'year' ? 'longerInterval' : 'shorterInterval'
  if (from.quantity !== to.quantity) return to.quantity > from.quantity ? 'moreQuantity' : 'lessQuantity'
  return null
}

/** How a move is made; `null` where nothing changes. */
export function moveRuleOf(policy: MovePolicy, from: MoveEnd, to: MoveEnd): MoveRule | null {
  const kind = moveKindOf(from, to)
  if (kind === null) return null
  const pair = policy.pairs[from.plan.key]?.[to.plan.key]
  return pair ?? policy[kind]
}
