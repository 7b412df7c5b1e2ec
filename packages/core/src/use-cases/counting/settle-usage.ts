import { checkAmount } from '../../domain/amount.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { misfit } from '../misfit.ts'
import { meteredFeature } from './take-usage.ts'

/** Which reservation, and how much it was in truth. */
export interface SettleRequest<Feature extends string = string> {
  readonly customer: string
  readonly feature: Feature
  readonly reservation: string
  /** From 0 to what is held plus the overdraft. */
  readonly amount: number
}

/**
 * `settled`: the amount is counted and the rest is free again. `over`: more than was held plus the overdraft; nothing
 * changed, `most` could be settled. `ended`: it was settled, released or expired before, or never was (`as: null`).
 */
export type SettleOutcome =
  | { readonly kind: 'settled'; readonly counted: number; readonly repeated: boolean }
  | { readonly kind: 'over'; readonly most: number }
  | { readonly kind: 'ended'; readonly as: 'settled' | 'released' | 'expired' | null }

/**
 * Counts the true amount of a reservation and gives back the rest. A repeat with the same amount changes nothing.
 *
 * @throws FareboxError `invalid-request` for an amount or a name that cannot be, `unavailable`.
 */
export async function settleUsage(context: Context, request: SettleRequest): Promise<SettleOutcome> {
  meteredFeature(context, request.feature)
  const outcome = await context.batcher.submit({
    verb: 'settle',
    customer: checkId(request.customer, 'customer'),
    feature: request.feature,
    reservation: checkId(request.reservation, 'reservation'),
    amount: checkAmount(request.amount, 'amount', 0),
  })
  switch (outcome.kind) {
    case 'ended':
      return { kind: 'settled', counted: outcome.amount, repeated: outcome.repeated }
    case 'over':
      return { kind: 'over', most: outcome.most }
    case 'unknown':
      return { kind: 'ended', as: outcome.as }
    default:
      throw misfit(outcome, 'a settlement')
  }
}
