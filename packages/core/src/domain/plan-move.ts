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

/** The rule of each kind of move, and those of single pairs of plans, by plan left and plan taken. */
export interface MovePolicy extends Readonly<Record<MoveKind, MoveRule>> {
  readonly pairs: Readonly<Record<string, Readonly<Record<string, MoveRule>>>>
}

/** What a catalog may say of moves. What it leaves out is as in a catalog that says nothing of them. */
export interface MovesInput<PlanKey extends string = string> extends Readonly<Partial<Record<MoveKind, Partial<MoveRule>>>> {
  readonly pairs?: { readonly [From in PlanKey]?: { readonly [To in PlanKey]?: Partial<MoveRule> } }
}

/** Who takes more pays now and has it now; who takes less keeps what was paid for until its end. */
export const defaultMoves: MovePolicy = defaultPolicy()

function defaultPolicy(): MovePolicy {
  const now: MoveRule = Object.freeze({ when: 'now', proration: 'invoice' })
  const later: MoveRule = Object.freeze({ when: 'period-end', proration: 'none' })
  return Object.freeze({
    upgrade: now, downgrade: later, longerInterval: now, shorterInterval: later, moreQuantity: now, lessQuantity: later,
    pairs: Object.freeze({}),
  })
}
