import { type BucketState, type Decision, type GateState, type Lift, totalsOf } from '../../domain/decision.ts'
import type { Gate } from '../../domain/gate.ts'
import { second } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { UsageGateState } from '../../ports/usage-store.ts'
import type { Question } from './question.ts'

/** What was decided, beside the numbers. */
export type Verdict = Pick<Decision, 'reason' | 'repeated' | 'drawn' | 'retryAt' | 'keyUntil'>

/** A decision that may still be told what would have allowed it. */
export type LiftableDecision = Omit<Decision, 'lift'> & { lift?: Lift }

/** Of a question, what its decision repeats. */
export type Framed = Pick<Question, 'feature'> & {
  readonly definition: Pick<Question['definition'], 'unit'>
  readonly period: { readonly end: Decision['resetsAt'] }
  readonly frame: Omit<Question['frame'], 'emptyReason'>
}

/** What the usage store saw when it decided. */
export interface Counted {
  readonly buckets: readonly BucketState[]
  readonly gates: readonly UsageGateState[]
}

/** Gates as a decision shows them. */
export function gateStatesOf(gates: readonly Gate[], states: readonly UsageGateState[]): readonly GateState[] {
  if (gates.length === 0) return noGates
  return gates.map(({ id, limit, period }, index) => {
    const state = states[index]
    if (state === undefined) throw new FareboxError('unavailable', 'The usage store left a gate without an answer')
    return { id, limit, window: period / second, remaining: state.remaining, resetsAt: state.resetsAt }
  })
}

export const noGates: readonly GateState[] = Object.freeze([])

/** The decision with the numbers that the store saw. */
export function whole(question: Question, seen: Counted, verdict: Verdict): LiftableDecision {
  const { limit, used, reserved, remaining, overage } = totalsOf(question.buckets, seen.buckets)
  const gates = gateStatesOf(question.gates, seen.gates)
  return written(question, limit, used, reserved, remaining, overage, gates, verdict)
}

/** A decision of which nothing can be told. */
export function untold(question: Framed): LiftableDecision {
  return written(question, 0, 0, 0, 0, 0, noGates, { reason: 'unavailable', repeated: false, drawn: [], retryAt: null, keyUntil: null })
}

/** Every request makes one, so it is written out rather than spread together. */
export function written(
  { feature, definition, period, frame }: Framed,
  limit: number | null,
  used: number,
  reserved: number,
  remaining: number | null,
  overage: number,
  gates: readonly GateState[],
  { reason, repeated, drawn, retryAt, keyUntil }: Verdict,
): LiftableDecision {
  return {
    allowed: reason === 'allowed',
    reason,
    feature,
    repeated,
    drawn,
    limit,
    used,
    reserved,
    remaining,
    overage,
    resetsAt: period.end,
    window: frame.window,
    unit: definition.unit,
    retryAt,
    gates,
    keyUntil,
    plan: frame.plan,
    requiredPlans: frame.requiredPlans,
    graceEndedAt: frame.graceEndedAt,
  }
}
