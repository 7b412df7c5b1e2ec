/**
 * The browser's side of Farebox, without a framework: one store on one snapshot, and the pure derivations that every
 * billing interface needs. It decides nothing; the server does.
 *
 * @example
 * ```ts
 * import { createBillingClient, deriveUsage } from '@farebox/core/client'
 *
 * const client = createBillingClient({ getToken: () => sessionStorage.getItem('token') })
 * client.subscribe(() => {
 *   const calls = client.getSnapshot().data?.usage['apiCalls']
 *   if (calls !== undefined) document.title = `${Math.round(deriveUsage(calls).ratio * 100)} % used`
 * })
 * await client.refresh()
 * await client.fetch('/api/quote')
 * ```
 *
 * @module
 */
export {
  type BillingClient,
  type BillingClientOptions,
  type ChangeRequest,
  type CheckoutRequest,
  type Destination,
  type PortalRequest,
  type PreviewedChangeRequest,
  createBillingClient,
} from './billing-client.ts'
export type { BillingError, BillingState, Outcome, Resource } from './billing-state.ts'
export { daysUntil } from './days-until.ts'
export { deriveAccess } from './derive-access.ts'
export { type Credits, deriveCredits } from './derive-credits.ts'
export { type History, type HistoryBar, deriveHistory, deriveTicks } from './derive-history.ts'
export { deriveHistoryCsv } from './derive-history-csv.ts'
export {
  type NoticeAction,
  type NoticeShown,
  type NoticeSource,
  type NoticeTone,
  deriveNotice,
  deriveNotices,
} from './derive-notice.ts'
export { type PlanChangePreviewed, derivePlanChange } from './derive-plan-change.ts'
export { type PlanLoss, derivePlanLosses } from './derive-plan-losses.ts'
export { type Quantity, derivePrice } from './derive-price.ts'
export {
  type PlanAction,
  type PlanStanding,
  type Pricing,
  type PricingChoice,
  type PricingPlan,
  derivePricing,
} from './derive-pricing.ts'
export { type OffersOf, derivePricingOffers } from './derive-pricing-offers.ts'
export { type Refusal, type Upgrade, type UpgradeAction, deriveUpgrade } from './derive-upgrade.ts'
export { type Usage, type UsageTone, deriveUsage } from './derive-usage.ts'
export { type UsageOrder, deriveUsageOrder } from './derive-usage-order.ts'
export { isSubscribed } from './is-subscribed.ts'
export { minorDigitsOf } from '../domain/minor-digits.ts'
export { keepFresh } from './keep-fresh.ts'
export { readProblem } from './read-problem.ts'
export { readResource } from './read-resource.ts'
export { type ResourceStore, createResourceStore } from './resource-store.ts'
