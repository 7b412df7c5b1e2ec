import type { Plan, PriceInterval } from './catalog.ts'

/** When a move takes effect. */
export type MoveTime = 'now' | 'period-end'

/**
 * What becomes of the time that was paid for: settled with an invoice at once, with the next invoice, or not at all.
 * What is due at the end of a period is never prorated.
 */
export type MoveProration = 'invoice' | 'next-invoice' | 'none'

/** How a move from one plan, interval or quantity to another is made. */
export interface MoveRule {
  readonly when: MoveTime
  readonly proration: MoveProration
}

/** The kinds of moves. A move to another plan counts by the plans' rank, whatever becomes of interval and quantity. */
export type MoveKind = 'upgrade' | 'downgrade' | 'longerInterval' | 'shorterInterval' | 'moreQuantity' | 'lessQuantity'

export const moveKinds: readonly MoveKind[] = [
  'upgrade', 'downgrade', 'longerInterval', 'shorterInterval', 'moreQuantity', 'lessQuantity',
]

/** The rule of each kind of move, and those of single pairs of plans, by plan left and plan taken. */
export interface MovePolicy extends Readonly<Record<MoveKind, MoveRule>> {
  readonly pairs: Readonly<Record<string, Readonly<Record<string, MoveRule>>>>
}

/** What a catalog may say of moves; the rest is {@link defaultMoves}. */
export interface MovesInput<PlanKey extends string = string> extends Readonly<Partial<Record<MoveKind, Partial<MoveRule>>>> {
  readonly pairs?: { readonly [From in PlanKey]?: { readonly [To in PlanKey]?: Partial<MoveRule> } }
}

const atOnce: MoveRule = Object.freeze({ when: 'now', proration: 'invoice' })
const atPeriodEnd: MoveRule = Object.freeze({ when: 'period-end', proration: 'none' })

/** Who takes more pays now and has it now; who takes less keeps what was paid for until its end. */
export const defaultMoves: MovePolicy = Object.freeze({
  upgrade: atOnce,
  downgrade: atPeriodEnd,
  longerInterval: atOnce,
  shorterInterval: atPeriodEnd,
  moreQuantity: atOnce,
  lessQuantity: atPeriodEnd,
  pairs: Object.freeze({}),
})

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
