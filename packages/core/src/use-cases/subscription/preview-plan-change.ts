import { type Instant, wholeSecond } from '../../domain/instant.ts'
import type { ChangePreview } from '../../ports/payments.ts'
import { checkMovedTo } from '../checkout/check-sold-in.ts'
import type { Context } from '../context.ts'
import { converge } from '../converging/converge.ts'
import { finishOperation } from '../payments/finish-operation.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import { storeNow } from '../store-now.ts'
import { type Asker, type ChangeRequest, type PlannedMove, getChangeable, isProrated, moveOf, prepareChange, presentOf } from './change-plan.ts'
import { findLive } from './change-subscription.ts'

/**
 * What a change would come to.
 *
 * - `change`: line by line, as Stripe works it out; `when` it would take effect, `at` that instant. A change that is given this
 *   `prorationDate` within a quarter of an hour costs what was shown; `null` where no part of a period is reckoned, and on Stripe's
 *   test clocks where they are in another period.
 * - `end`: the default plan costs nothing; the subscription would end at that instant.
 * - `unchanged`: it is so already.
 */
export type PlanChangePreview =
  | ({ readonly kind: 'change'; readonly when: 'now' | 'period-end'; readonly prorationDate: Instant | null } & ChangePreview)
  | { readonly kind: 'end'; readonly at: Instant }
  | { readonly kind: 'unchanged' }

/**
 * Previews a change of plan, interval or quantity. Nothing is changed, and nothing is worked out here: every amount is Stripe's.
 *
 * @throws FareboxError as `changePlan` does.
 */
export async function previewPlanChange(context: Context, request: ChangeRequest & Asker): Promise<PlanChangePreview> {
  const payments = paymentsOf(context)
  const { customer, fewest, coded } = await prepareChange(context, request)
  await finishOperation(context, customer)
  const { records } = await converge(context, customer, null)
  const subscription = getChangeable(findLive(records))
  const now = await storeNow(context, customer)
  const found = await moveOf(context, subscription, request, { fewest, now })
  if (found === null && coded.promotionCode === undefined) return { kind: 'unchanged' }
  const move: Pick<PlannedMove, 'rule' | 'intent'> = found ?? { rule: { when: 'now', proration: 'none' }, intent: presentOf(context, subscription, request) }
  const { when } = move.rule
  if (move.intent === null) return { kind: 'end', at: when === 'now' ? now : subscription.currentPeriodEnd }
  // A customer of a test clock lives in another time than ours: then it counts from Stripe's present.
  const isPresent = subscription.currentPeriodStart <= now && now < subscription.currentPeriodEnd
  const prorationDate = isProrated(move.rule) && isPresent ? wholeSecond(now) : null
  const intent = { ...move.intent, ...coded, prorationDate }
  checkMovedTo(context.catalog, subscription, intent)
  const preview = await payments.previewChange({ subscription: subscription.id, intent })
  return { kind: 'change', when, prorationDate, ...preview }
}
