import { checkAmount, checkOptionalAmount, isWhole } from '../../domain/amount.ts'
import { bucketId } from '../../domain/bucket.ts'
import type { Decision } from '../../domain/decision.ts'
import { type Instant, type Milliseconds, day, hour, second } from '../../domain/instant.ts'
import type { PlanClaims } from '../../domain/plan-claims.ts'
import { invalidRequest } from '../../errors/error.ts'
import type { ReserveOperation } from '../../ports/usage-store.ts'
import type { Context } from '../context.ts'
import type { Question } from '../decisions/question.ts'
import type { MaybePromise } from '../maybe-promise.ts'
import { type ReleaseOutcome, releaseUsage } from './release-usage.ts'
import { type SettleOutcome, settleUsage } from './settle-usage.ts'
import { takeUsage } from './take-usage.ts'

/** What to hold until the true amount is known. */
export interface ReserveRequest<Feature extends string = string> {
  readonly customer: string
  readonly feature: Feature
  /** The upper bound that is held. */
  readonly atMost: number
  /** From a second to a day; an hour unless said otherwise. */
  readonly expiresIn?: Milliseconds
  /** What becomes of it when nobody ends it: given back (the default) or counted in full. */
  readonly onExpiry?: 'release' | 'settle'
  /** How far the true amount may go above the bound; 0 unless said otherwise. */
  readonly overdraft?: number
  readonly idempotencyKey?: string
  readonly planClaims?: PlanClaims | null
}

/** A decision and, where it allows, the hold: it ends exactly once, settled, released or expired. */
export interface Reservation extends Decision {
  /** `null` where the decision refuses, or allows only because the store could not be asked (`onError: 'allow'`). */
  readonly id: string | null
  readonly expiresAt: Instant | null
  /** Both throw `invalid-request` where the decision refuses, and answer `ended` where nothing could be held. */
  settle(amount: number): Promise<SettleOutcome>
  release(): Promise<ReleaseOutcome>
}

/** Holds an upper bound, so that nobody else can use it up meanwhile. @throws FareboxError `invalid-request` for what cannot be. */
export function reserveUsage(context: Context, request: ReserveRequest): MaybePromise<Reservation> {
  const overdraft = checkOptionalAmount(request.overdraft, 0, 'overdraft', 0)
  const expiresIn = checkExpiry(request.expiresIn)
  const take = {
    customer: request.customer,
    feature: request.feature,
    amount: checkAmount(request.atMost, 'atMost'),
    idempotencyKey: request.idempotencyKey ?? null,
    planClaims: request.planClaims ?? null,
  }
  const reservation = context.random.id()
  const onExpiry = checkEnding(request.onExpiry)
  return takeUsage(context, take, {
    operationOf: ({ customer, feature, amount, idempotencyKey: key }, question, keyFor): ReserveOperation => ({
      verb: 'reserve',
      customer,
      feature,
      amount,
      key,
      keyFor,
      freshness: question.freshness,
      gates: question.gates,
      buckets: question.buckets,
      reservation,
      expiresIn,
      onExpiry,
      overdraft,
      overdraftBucket: overdraftBucket(question),
    }),
    answerOf: (decision, outcome) =>
      reservationOf(context, request, decision, outcome?.reservation ?? null, outcome?.expiresAt ?? null),
  })
}

function reservationOf(
  context: Context,
  request: ReserveRequest,
  decision: Decision,
  id: string | null,
  expiresAt: Instant | null,
): Reservation {
  const { customer, feature } = request
  return {
    ...decision,
    id,
    expiresAt,
    settle: async (amount) => {
      if (id === null) return nothingHeld(decision, amount)
      return settleUsage(context, { customer, feature, reservation: id, amount })
    },
    release: async () => {
      if (id === null) return nothingHeld(decision, 0)
      return releaseUsage(context, { customer, feature, reservation: id })
    },
  }
}

/** What was allowed because nobody could decide has counted nothing, so there is nothing to end. */
function nothingHeld(decision: Decision, amount: number): { readonly kind: 'ended'; readonly as: null } {
  checkAmount(amount, 'amount', 0)
  if (decision.allowed) return { kind: 'ended', as: null }
  throw invalidRequest('Nothing is held: the reservation was refused', 'reservation', 'Look at `allowed` before you settle or release')
}

function overdraftBucket(question: Question): ReserveOperation['overdraftBucket'] {
  const allowance = question.buckets.find((bucket) => bucket.kind === 'allowance')
  const keepUntil = allowance?.keepUntil ?? null
  return { id: bucketId('overdraft', question.period), kind: 'overage', limit: null, keepUntil }
}

function checkExpiry(expiresIn: Milliseconds = hour): Milliseconds {
  if (isWhole(expiresIn, second, day)) return expiresIn
  throw invalidRequest('The expiry is not valid', 'expiresIn', `Give milliseconds from ${second} to ${day}`)
}

function checkEnding(onExpiry: ReserveRequest['onExpiry'] = 'release'): 'release' | 'settle' {
  if (onExpiry === 'release' || onExpiry === 'settle') return onExpiry
  throw invalidRequest('The end of the reservation is not valid', 'onExpiry', 'Give release or settle')
}
