// The surface of Farebox, listed by hand. Drivers, the browser client, the edge verifier and the contract suites are
// entries of their own, so that nobody pays for what they do not use.

export { type FareboxOptions, createFarebox } from './create-farebox.ts'
export type { Farebox } from './farebox.ts'

// The catalog.
export { defineCatalog } from './domain/define-catalog.ts'
export { metered, seats, setting, toggle } from './domain/feature.ts'
export { type AllowanceTerms, type AllowanceWithoutInterval, type MeteredTerms, type UnlimitedTerms, allowance, unlimited } from './domain/allowance.ts'
export { type Money, eur, gbp, money, usd } from './domain/money.ts'
export { perSeat, tiers } from './domain/price.ts'
export type {
  AmountInput, Amounts, PlanPrice, PriceInput, PriceTier, SeatPriceInput, SeatPriceOptions, TierInput, TiersMode,
} from './domain/price.ts'
export { minorDigitsOf } from './domain/minor-digits.ts'
export type {
  Feature, LeasePolicy, MeteredFeature, MeteredOptions, SeatsFeature, SettingFeature, ToggleFeature, UsageAnchor,
} from './domain/feature.ts'
export type {
  Catalog, CatalogInput, FeatureKeyOf, FeatureMap, FeatureTerms, MeteredKeyOf, PackKeyOf, Plan, PlanInput, PlanKeyOf, PriceInterval, SeatsKeyOf, TermsInput,
} from './domain/catalog.ts'
export type { Gate, GateInput, GateUnit } from './domain/gate.ts'
export type { AccessRule, LifecyclePolicy, SubscriptionStatus } from './domain/lifecycle.ts'
export type { UsageInterval, UsagePeriod } from './domain/period.ts'
export type { Instant, Milliseconds } from './domain/instant.ts'

// What use-cases take and answer.
export type { ConsumeRequest } from './use-cases/counting/consume-usage.ts'
export type { CheckRequest } from './use-cases/decisions/check-access.ts'
export type { Reservation, ReserveRequest } from './use-cases/counting/reserve-usage.ts'
export type { SeatRelease, SeatRequest } from './use-cases/customers/held-seats.ts'
export type { InvoicesRequest } from './use-cases/billing/get-invoices.ts'
export type { SettleOutcome, SettleRequest } from './use-cases/counting/settle-usage.ts'
export type { ReleaseOutcome, ReleaseRequest } from './use-cases/counting/release-usage.ts'
export type { Accountable } from './use-cases/converging/audit.ts'
export type { EndRequest, GrantRequest } from './use-cases/admin/grant-usage.ts'
export type { OverrideRequest } from './use-cases/admin/override-plan.ts'
export type { CustomerDetails } from './use-cases/customers/customer-details.ts'
export type { CustomerView } from './use-cases/customers/find-customer.ts'
export type { SnapshotRequest } from './use-cases/decisions/get-snapshot.ts'
export type { ConvergeOutcome } from './use-cases/converging/converge.ts'
export type { PlanCheckoutRequest } from './use-cases/checkout/start-plan-checkout.ts'
export type { PackCheckoutRequest } from './use-cases/checkout/start-pack-checkout.ts'
export type { SubscribeOutcome, SubscribeRequest } from './use-cases/subscription/subscribe.ts'
export type { ChangeOutcome } from './use-cases/subscription/change-subscription.ts'
export type { ChangeRequest, PreviewedChangeRequest } from './use-cases/subscription/change-plan.ts'
export type { PlanChangePreview } from './use-cases/subscription/preview-plan-change.ts'
export type { CancelRequest } from './use-cases/subscription/cancel-subscription.ts'
export type { PauseRequest } from './use-cases/subscription/pause-subscription.ts'
export type { SweepOutcome } from './use-cases/healing/sweep.ts'
export type {
  Difference, OpenCheckout, PurchaseWithoutPack, ReconcileFinding, ReconcileReport, ReconcileRequest, SecondPaymentCustomer, SeveralSubscriptions,
  StuckOperation, SubscriptionWithoutPlan, UndoneEvent, UnlinkedCustomer, UnreadableCustomer,
} from './use-cases/healing/reconcile-report.ts'
export type { ReplayOutcome } from './use-cases/healing/replay.ts'
export type { Health, PartHealth } from './use-cases/healing/check-health.ts'
export type { IssuedPlanToken } from './use-cases/plan-tokens/issue-plan-token.ts'
export type { DomainEvent, EventHandler, EventName, EventPayloads, PaymentReminder, PaymentReversal } from './use-cases/delivering/events.ts'
export type { OutboxDrain } from './use-cases/delivering/outbox.ts'
export type { BucketKind } from './domain/bucket.ts'
export type { Decision, DecisionReason, Draw, GateState, Lift, RefusalReason } from './domain/decision.ts'
export type { Pack, PackInput, PackRefunds } from './domain/pack.ts'
export type { Dispute, DisputeState, Payment, Purchase, PurchaseLine, Refund, RefundStatus } from './domain/purchase.ts'
export type { Grant, GrantPurchase, Override } from './domain/grant.ts'
export type { MoveKind, MovePolicy, MoveProration, MoveRule, MoveTime, MovesInput } from './domain/plan-move.ts'
export type {
  Discount, EndReason, OpenPayment, PauseReason, PaymentCard, PendingChange, Subscription, SubscriptionPause,
} from './domain/subscription.ts'
export type { PlanClaims } from './domain/plan-claims.ts'
export type { Snapshot } from './protocol/snapshot.ts'

// Ports, for those who write a driver.
export type { BucketState } from './domain/decision.ts'
export type {
  AccountEvent, AccountWebhooks, Auth, ClaimsWriter, Identity, PlanTokenPayload, PlanTokenSigner, PublicKeySet, TokenVerifier,
} from './ports/auth.ts'
export { type Clock, systemClock } from './ports/clock.ts'
export type { LogFields, Logger } from './ports/logger.ts'
export type {
  ChangeIntent, ChangePreview, CheckoutSession, CheckoutSessionRequest, Invoice, InvoicePage, InvoicePreview, NamingCustomer,
  PackCheckoutSessionRequest, PaymentEvent, PaymentFailure, PaymentIntent, PaymentMethod, PaymentReading, PaymentStep, Payments, PreviewLine,
  PurchaseReading, StepOutcome, StepPlan, StepRequest, UpcomingInvoice,
} from './ports/payments.ts'
export type { Random } from './ports/random.ts'
export type {
  CollectionName, CommitOutcome, RecordCollections, RecordEntry, RecordIndexes, RecordPlace, RecordQuery, RecordReading, RecordStore,
  RecordWrite, RowIds,
} from './ports/record-store.ts'
export { recordIndexes } from './ports/record-store.ts'
export type { RaisingCommit, Store } from './ports/store.ts'
export type {
  ConsumeOperation, Execute, Freshness, ReleaseOperation, ReleaseTarget, ReserveOperation, SettleOperation, StoreLabel, UsageBucket, UsageGateState,
  UsageHistoryEntry, UsageOperation, UsageOutcome, UsageQuery, UsageReading, UsageStore, UsageSweep,
} from './ports/usage-store.ts'

// HTTP, for those who write an adapter.
export type { Caller } from './http/caller.ts'
export type { ReadHeader } from './http/read-header.ts'
export type { ForwardingField } from './http/address.ts'
export type { AnonymousOptions } from './http/anonymous.ts'
export type { AnonymousPass, Guard, MeterOptions, MeteredPass, Pass } from './http/guard.ts'
export type { HandleOptions } from './http/handle-request.ts'
export type { RateLimitFields } from './http/rate-limit-fields.ts'
export type { AdminRule, HttpOptions } from './http/options.ts'
export { problemResponse } from './http/problem-response.ts'
export type { ProblemStatus, Stop } from './http/stop.ts'
export type { Problem, ProblemName } from './protocol/problem.ts'

// Errors.
export { type ErrorCode, type FareboxErrorOptions, type Fault, FareboxError, isFareboxError } from './errors/error.ts'
