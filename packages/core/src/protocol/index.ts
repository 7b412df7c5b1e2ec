/**
 * What crosses the wire between a Farebox server and its clients: routes, snapshot and problem documents.
 *
 * @example
 * ```ts
 * import { type Problem, problemNameOf } from '@farebox/core/protocol'
 *
 * export function isBurst(problem: Problem): boolean {
 *   return problemNameOf(problem) === 'rate-limited'
 * }
 * ```
 *
 * @module
 */
export type { Catalog, FeatureKeyOf, MeteredKeyOf, PlanKeyOf, PriceInterval, SeatsKeyOf } from '../domain/catalog.ts'
export type { GateState, Lift, RefusalReason } from '../domain/decision.ts'
export type { EntitlementSource, PlanStatus } from '../domain/entitlement.ts'
export type { OnError } from '../domain/feature.ts'
export type { SubscriptionStatus } from '../domain/lifecycle.ts'
export type { Fault } from '../errors/error.ts'
export { type Problem, type ProblemName, defaultProblemBase, problemMediaType, problemNameOf } from './problem.ts'
export { defaultBasePath } from './base-path.ts'
export type { InvoicesView, InvoiceView, UpcomingView } from './invoices.ts'
export type { PaymentMethodsView, PaymentMethodView } from './payment-methods.ts'
export { type RouteName, routes } from './routes.ts'
export type {
  AdminCustomerEntryView,
  AdminCustomerView,
  AdminCustomersView,
  AuditAction,
  AuditView,
  BucketView,
  OverrideView,
} from './admin.ts'
export type { SeatsView, SeatView } from './seats.ts'
export type {
  DiscountView,
  EntitlementView,
  GrantView,
  IsoInstant,
  NoticeView,
  PlanOfferView,
  PlanPriceView,
  PlanView,
  PackView,
  PlansView,
  PriceOptionView,
  PriceView,
  Snapshot,
  SubscriptionView,
  TermsView,
  UsageView,
} from './snapshot.ts'
export type {
  ChangePreviewView,
  ChangeView,
  InvoicePreviewView,
  PreviewLineView,
} from './subscription-change.ts'
export type { CreditsView, UsageHistoryView } from './usage-history.ts'
