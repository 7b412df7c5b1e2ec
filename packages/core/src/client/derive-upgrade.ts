import type { PriceInterval } from '../domain/catalog.ts'
import { type Problem, problemNameOf } from '../protocol/problem.ts'
import type { PlanView, PriceView, Snapshot, TermsView } from '../protocol/snapshot.ts'

/** What the customer's next step is: pay, switch or settle in the portal, get in touch, or ask who manages the billing. */
export type UpgradeAction = 'checkout' | 'portal' | 'contact' | 'ask'

/** What an upgrade prompt shows. */
export interface Upgrade {
  readonly reason: 'quota-exceeded' | 'plan-required' | 'payment-past-due'
  readonly action: UpgradeAction
  readonly feature: string | undefined
  /** The cheapest plan that lifts the limit, as the server named it; `undefined` for an overdue payment. */
  readonly plan: string | undefined
  /** The plan's name, or its key while the plans are not known. */
  readonly planName: string | undefined
  readonly price: PriceView | undefined
  readonly interval: PriceInterval
  /** What the plan says of the feature. */
  readonly terms: TermsView | undefined
  readonly upgradeUrl: string | undefined
}

/** Statuses of a customer who pays nothing now, for whom a checkout is the way. */
const free = /^(none|canceled|incomplete)/

/**
 * The prompt for a refusal, or `undefined` where a plan would not help: a burst, a missing role, or no plan that lifts
 * the limit. Pure. It names the plan that the server named and never chooses one itself.
 */
export function deriveUpgrade(
  problem: Pick<Problem, 'type' | 'feature' | 'lift' | 'upgradeUrl'>,
  plans: readonly PlanView[] = [],
  snapshot?: Pick<Snapshot, 'status' | 'canManageBilling'>,
): Upgrade | undefined {
  const reason = problemNameOf(problem)
  const isOverdue = reason === 'payment-past-due'
  const key = isOverdue ? undefined : problem.lift?.plan
  if (!isOverdue && ((reason !== 'quota-exceeded' && reason !== 'plan-required') || key === undefined)) return undefined
  const plan = plans.find((item) => item.key === key)
  const interval = plan?.prices.month === undefined && plan?.prices.year !== undefined ? 'year' : 'month'
  return {
    reason,
    action: actionOf(isOverdue, plan, snapshot),
    feature: problem.feature,
    plan: key,
    planName: plan?.name ?? key,
    price: plan?.prices[interval],
    interval,
    terms: plan?.features[problem.feature ?? ''],
    upgradeUrl: problem.upgradeUrl,
  }
}

function actionOf(
  isOverdue: boolean,
  plan: PlanView | undefined,
  snapshot: Pick<Snapshot, 'status' | 'canManageBilling'> | undefined,
): UpgradeAction {
  if (snapshot?.canManageBilling === false) return 'ask'
  if (plan?.contactSales === true) return 'contact'
  return isOverdue || (snapshot !== undefined && !free.test(snapshot.status)) ? 'portal' : 'checkout'
}
