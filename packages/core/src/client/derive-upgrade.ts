import type { PriceInterval } from '../domain/catalog.ts'
import type { Lift } from '../domain/decision.ts'
import { problemNameOf } from '../protocol/problem.ts'
import type { Snapshot } from '../protocol/snapshot.ts'
import { isSubscribed } from './is-subscribed.ts'

/** The customer's next step: pay, change what is paid for, settle in the portal, get in touch, or ask who manages the billing. */
export type UpgradeAction = 'checkout' | 'change' | 'portal' | 'contact' | 'ask'

/** What an upgrade prompt shows. */
export interface Upgrade {
  readonly reason: 'quota-exceeded' | 'plan-required' | 'payment-past-due'
  readonly action: UpgradeAction
  readonly feature: string | undefined
  /** The cheapest plan that lifts the limit, as the server named it; `undefined` for an overdue payment. */
  readonly plan: string | undefined
  /** The plan's name, or its key where the snapshot does not tell the name. */
  readonly planName: string | undefined
  readonly interval: PriceInterval
  /** What the plan includes of the feature per usage period; `null` is unlimited, or nothing to count. */
  readonly limit: number | null
  readonly unit: string | undefined
}

/** What refused: a problem document, or present usage told as one. */
export interface Refusal {
  readonly type: string
  readonly feature?: string | undefined
  readonly lift?: Lift | undefined
}

/**
 * The prompt for a refusal, or `undefined` where a plan would not help: a burst, a missing role, or no plan that lifts
 * the limit. Pure. It names the plan that the server named and never chooses one itself.
 */
export function deriveUpgrade(
  { type, feature, lift }: Refusal,
  { status, canManageBilling, plans, usage }: Pick<Snapshot, 'status' | 'canManageBilling' | 'plans' | 'usage'>,
): Upgrade | undefined {
  const reason = problemNameOf({ type })
  const isOverdue = reason === 'payment-past-due'
  if (!isOverdue && ((reason !== 'quota-exceeded' && reason !== 'plan-required') || !lift)) return undefined
  const plan = lift?.plan
  const offer = plans[plan ?? '']
  const step = isOverdue ? 'portal' : isSubscribed(status) ? 'change' : 'checkout'
  return {
    reason,
    action: canManageBilling ? (offer?.interval === null ? 'contact' : step) : 'ask',
    feature,
    plan,
    planName: offer?.name ?? plan,
    interval: offer?.interval ?? 'month',
    limit: lift?.limit ?? null,
    unit: usage[feature ?? '']?.unit,
  }
}
