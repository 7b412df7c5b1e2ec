import { type BillingClient, type PlanChangePreviewed, derivePlanChange } from '@farebox/core/client'
import type {
  CreditsView, InvoicesView, PaymentMethodsView, PlansView, SeatsView, Snapshot, UpcomingView, UsageHistoryView,
} from '@farebox/core/protocol'
import type { PlanWish } from '../plans/use-plan-change.ts'
import type { MeteredName } from '../provider/register.ts'
import type { UsageSpan } from '../usage/use-usage-history.ts'
import { answerOf } from './billing-request-error.ts'

/** Something to read. */
export interface BillingRead<Data> {
  /** What it is called in a cache, below the person. */
  readonly name: readonly [path: string, ...details: readonly unknown[]]
  readonly load: () => Promise<Data>
}

/** Where the snapshot is. */
export const snapshotPath = '/me'

/** What the billing routes answer to reading. */
export interface BillingReads {
  readonly snapshot: () => BillingRead<Snapshot>
  /** The public catalog, also for somebody who is not signed in. */
  readonly plans: () => BillingRead<PlansView>
  readonly usageHistory: (feature: MeteredName, span?: UsageSpan) => BillingRead<UsageHistoryView>
  readonly credits: () => BillingRead<CreditsView>
  /** A page of invoices, newest first: the first one, or that which `next` of the page before leads to. */
  readonly invoices: (after?: string | null) => BillingRead<InvoicesView>
  readonly upcoming: () => BillingRead<UpcomingView>
  readonly paymentMethods: () => BillingRead<PaymentMethodsView>
  readonly seats: () => BillingRead<SeatsView>
  /** What a change would come to, as the payment service says. */
  readonly planChange: (wish: PlanWish) => BillingRead<PlanChangePreviewed>
}

/** What reading under a name answers. */
export type ReadData<Name extends keyof BillingReads> = ReturnType<BillingReads[Name]> extends BillingRead<infer Data> ? Data : never

/** The reads of a client. Each throws a `BillingRequestError` where it fails. */
export function createBillingReads(client: BillingClient): BillingReads {
  function route<Data extends object>(path: string, mark: keyof Data & string, query?: Record<string, string>): BillingRead<Data> {
    const asked = query ? `${path}?${new URLSearchParams(query).toString()}` : path
    return { name: query ? [path, query] : [path], load: async () => answerOf(await client.request<Data>('GET', asked, mark)) }
  }
  return {
    // Through the store of the client, which never goes back to what is older.
    snapshot: () => ({ name: [snapshotPath], load: async () => answerOf<Snapshot>(await client.refresh()) }),
    plans: () => route('/plans', 'plans'),
    usageHistory: (feature, { from, to } = {}) => route('/usage', 'periods', { feature, ...(from && { from }), ...(to && { to }) }),
    credits: () => route('/credits', 'grants'),
    invoices: (after) => route('/invoices', 'invoices', after ? { after } : undefined),
    upcoming: () => route('/upcoming', 'upcoming'),
    paymentMethods: () => route('/payment-methods', 'paymentMethods'),
    seats: () => route('/seats', 'seats'),
    planChange: (wish) => ({
      name: ['/change', wish],
      load: async () => derivePlanChange(answerOf(await client.previewChange(wish))),
    }),
  }
}
