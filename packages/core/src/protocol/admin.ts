import type { PlanStatus } from '../domain/entitlement.ts'
import type { AuditRow } from '../ports/record-store.ts'
import type { IsoInstant, Snapshot } from './snapshot.ts'

/** A customer as a search shows it. */
export interface AdminCustomerEntryView {
  readonly customer: string
  readonly name: string | null
  readonly email: string | null
  /** The plan's key. */
  readonly plan: string
  readonly planName: string
  readonly status: PlanStatus
  readonly createdAt: IsoInstant
}

/** Whom a search found; 20 at most. */
export interface AdminCustomersView {
  readonly customers: readonly AdminCustomerEntryView[]
}

/**
 * A bucket that counts now. `allowance` is what the plan includes, `grant` what was given, `pack` what was bought, `overage`
 * what is billed beyond them.
 */
export interface BucketView {
  readonly source: 'allowance' | 'grant' | 'pack' | 'overage'
  /** The grant's key; `null` for what comes with the plan. */
  readonly key: string | null
  /** `null` is unlimited. */
  readonly amount: number | null
  readonly used: number
  readonly reserved: number
  /** Lower is drawn first, after an allowance without a limit; `null` for overage, which comes last. */
  readonly priority: number | null
  /** When nothing more can be drawn from it: a usage period's end, a grant's end, `null` without one. */
  readonly expiresAt: IsoInstant | null
  /** Why it was granted, as whoever did it said. */
  readonly reason: string | null
}

/** A plan given for free. */
export interface OverrideView {
  readonly key: string
  readonly plan: string
  readonly reason: string | null
  readonly until: IsoInstant | null
  /** When it ended; `null` while it gives its plan. */
  readonly endedAt: IsoInstant | null
}

/** What an admin, or the app's own code, did. */
export type AuditAction = AuditRow['action']

/** Who changed what a customer is entitled to, and when. */
export interface AuditView {
  readonly id: string
  readonly at: IsoInstant
  /** Who asked for it, as a verified token says: the one who acted, where somebody acted in another's place. `null` where the app's own code did and named nobody. */
  readonly actor: string | null
  readonly action: AuditAction
  /** What was changed; instants are ISO 8601. */
  readonly detail: Readonly<Record<string, string | number | null>>
}

/** One customer as an admin sees it. All of it is of the same moment. */
export interface AdminCustomerView {
  readonly snapshot: Snapshot
  readonly email: string | null
  readonly name: string | null
  /** Stripe's id, once there is one. */
  readonly paymentCustomer: string | null
  /**
   * By metered feature, every bucket that counts, in the order in which they are drawn. Allowance, grants and packs together
   * are the snapshot's `limit`, `used` and `reserved`; what was used and is reserved of the overage is its `overage`.
   */
  readonly explanation: Readonly<Record<string, readonly BucketView[]>>
  /** Newest first, those that ended included. */
  readonly overrides: readonly OverrideView[]
  /** Newest first; 100 at most. */
  readonly audit: readonly AuditView[]
}
