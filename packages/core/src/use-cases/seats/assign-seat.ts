import type { Decision, RefusalReason } from '../../domain/decision.ts'
import { type Entitlements, entitlementOf, entitlementsAt } from '../../domain/entitlement.ts'
import { liftOf } from '../../domain/lift.ts'
import { plansWith, termsOf } from '../../domain/plans-with.ts'
import type { Context } from '../context.ts'
import { ensureCustomer } from '../customers/ensure-customer.ts'
import { type SeatRequest, checkSeat, heldSeats, writeSeat } from '../customers/held-seats.ts'
import { retryConflicts } from '../customers/retry-conflicts.ts'
import { nothing } from '../decisions/explain-refusal.ts'

/**
 * Gives a member a seat that is held until it is released: never more seats than the plan gives at that moment, whoever asks at
 * the same time and whatever becomes of the plan meanwhile. A member who has one keeps it (`repeated`), also where the plan has
 * become smaller than what is held; new ones are refused until enough are released. `lift` names what would allow it; where
 * seats are paid for that is the present plan, with more of them.
 *
 * @throws FareboxError `invalid-request` for a feature without seats and for ids that are not valid, `unavailable`.
 */
export async function assignSeat(context: Context, request: SeatRequest): Promise<Decision> {
  const { customer, id } = checkSeat(context, request)
  const { feature, member } = request
  return retryConflicts(async () => {
    const { row, records, now } = await ensureCustomer(context, customer)
    const held = heldSeats(row.value, feature)
    const { rows } = await context.records.load(customer, ['seats'], { seats: [id] })
    const isRepeated = rows.seats.length > 0
    const decision = decide(context, entitlementsAt(context.catalog, records, now), feature, held, isRepeated)
    if (isRepeated || !decision.allowed) return decision
    return (await writeSeat(context, row, id, feature, { feature, member, since: now })) ? decision : undefined
  })
}

function decide({ catalog }: Context, entitlements: Entitlements, feature: string, held: number, repeated: boolean): Decision {
  const { plan, pastDue } = entitlements
  const limit = limitOf(entitlements, feature)
  const allowed = repeated || limit === null || held < limit
  const used = allowed && !repeated ? held + 1 : held
  const decision: Decision = {
    ...nothing(feature, plan.key, plansWith(catalog, feature)),
    repeated,
    limit,
    used,
    remaining: limit === null ? null : Math.max(0, limit - used),
    graceEndedAt: pastDue?.graceEndedAt ?? null,
  }
  if (allowed) return { ...decision, allowed, reason: 'allowed' }
  const terms = termsOf(plan, feature)
  const isPaid = terms?.kind === 'seats' && terms.paid === true
  const lift = isPaid ? { plan: plan.key, limit: null } : liftOf(catalog, plan, feature, held + 1)
  return { ...decision, reason: reasonOf(pastDue !== null, limit), ...(lift !== undefined && { lift }) }
}

/** How many seats there are; `null` is unlimited. */
export function limitOf(entitlements: Entitlements, feature: string): number | null {
  const { terms } = entitlementOf(entitlements, feature)
  return terms?.kind === 'seats' ? terms.amount : 0
}

function reasonOf(isOwed: boolean, limit: number | null): RefusalReason {
  if (isOwed) return 'payment-past-due'
  return limit === 0 ? 'plan-required' : 'quota-exceeded'
}
