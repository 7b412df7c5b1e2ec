import { checkAmount } from '../../domain/amount.ts'
import type { Draw } from '../../domain/decision.ts'
import { type FareboxError, invalidRequest } from '../../errors/error.ts'
import type { ReleaseTarget } from '../../ports/usage-store.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { misfit } from '../misfit.ts'
import { meteredFeature } from './take-usage.ts'

/** What to undo: a consumption by its idempotency key, a reservation, or the `drawn` of a decision without a key. */
export type ReleaseRequest<Feature extends string = string> = {
  readonly customer: string
  readonly feature: Feature
} & (
  | { readonly idempotencyKey: string }
  | { readonly reservation: string }
  | { readonly drawn: readonly Draw[] }
)

/** `released`: given back to where it came from. `ended`: there is nothing to give back any more. */
export type ReleaseOutcome =
  | { readonly kind: 'released'; readonly amount: number; readonly repeated: boolean }
  | { readonly kind: 'ended'; readonly as: 'settled' | 'released' | 'expired' | null }

/**
 * Undoes a consumption or a reservation. By key or reservation a repeat gives nothing back twice; by `drawn` there is
 * no memory, so release at most once. Gates are not refunded. What a refusal drew is nothing: no store is asked for it.
 *
 * @throws FareboxError `invalid-request` for what is not said or cannot be, `unavailable`.
 */
export async function releaseUsage(context: Context, request: ReleaseRequest): Promise<ReleaseOutcome> {
  meteredFeature(context, request.feature)
  const customer = checkId(request.customer, 'customer')
  const target = targetOf(request)
  if (target.by === 'drawn' && target.drawn.length === 0) return { kind: 'ended', as: null }
  const outcome = await context.batcher.submit({ verb: 'release', customer, feature: request.feature, target })
  switch (outcome.kind) {
    case 'ended':
      return {
        kind: 'released',
        amount: outcome.drawn.reduce((sum, draw) => sum + draw.amount, 0),
        repeated: outcome.repeated,
      }
    case 'unknown':
      return { kind: 'ended', as: outcome.as }
    default:
      throw misfit(outcome, 'a release')
  }
}

function targetOf(request: ReleaseRequest): ReleaseTarget {
  if ('idempotencyKey' in request) return { by: 'key', key: checkId(request.idempotencyKey, 'idempotencyKey') }
  if ('reservation' in request) return { by: 'reservation', reservation: checkId(request.reservation, 'reservation') }
  if (!Array.isArray(request.drawn)) throw noTarget()
  return { by: 'drawn', drawn: request.drawn.map(checkDraw) }
}

function checkDraw(draw: Draw, index: number): Draw {
  const path = `drawn.${index}`
  if (typeof draw !== 'object' || draw === null) throw noTarget(path)
  return { bucket: checkBucket(draw.bucket, `${path}.bucket`), kind: draw.kind, amount: checkAmount(draw.amount, `${path}.amount`) }
}

function checkBucket(bucket: unknown, path: string): string {
  if (typeof bucket === 'string' && bucket !== '') return bucket
  throw noTarget(path)
}

function noTarget(path = 'drawn'): FareboxError {
  return invalidRequest('What to release is not said', path, 'Give an idempotencyKey, a reservation, or the `drawn` of a decision')
}
