import type { Catalog, FeatureKeyOf, MeteredKeyOf, PackKeyOf, PlanKeyOf, SeatsKeyOf } from './domain/catalog.ts'
import type { Decision } from './domain/decision.ts'
import type { Grant, Override } from './domain/grant.ts'
import type { PlanClaims } from './domain/plan-claims.ts'
import type { Guard } from './http/guard.ts'
import type { HandleOptions } from './http/handle-request.ts'
import type { InvoicesView, PaymentMethodsView, SeatsView, Snapshot, UpcomingView } from './protocol/index.ts'
import type { EndRequest, GrantRequest } from './use-cases/admin/grant-usage.ts'
import type { OverrideRequest } from './use-cases/admin/override-plan.ts'
import type { InvoicesRequest } from './use-cases/billing/get-invoices.ts'
import type { PlanCheckoutRequest } from './use-cases/checkout/start-plan-checkout.ts'
import type { PackCheckoutRequest } from './use-cases/checkout/start-pack-checkout.ts'
import type { ConvergeOutcome } from './use-cases/converging/converge.ts'
import type { ConsumeRequest } from './use-cases/counting/consume-usage.ts'
import type { ReleaseOutcome, ReleaseRequest } from './use-cases/counting/release-usage.ts'
import type { Reservation, ReserveRequest } from './use-cases/counting/reserve-usage.ts'
import type { SettleOutcome, SettleRequest } from './use-cases/counting/settle-usage.ts'
import type { CustomerDetails } from './use-cases/customers/customer-details.ts'
import type { CustomerView } from './use-cases/customers/find-customer.ts'
import type { SeatRelease, SeatRequest } from './use-cases/customers/held-seats.ts'
import type { CheckRequest } from './use-cases/decisions/check-access.ts'
import type { SnapshotRequest } from './use-cases/decisions/get-snapshot.ts'
import type { EventHandler, EventName } from './use-cases/delivering/events.ts'
import type { Health } from './use-cases/healing/check-health.ts'
import type { ReconcileReport, ReconcileRequest } from './use-cases/healing/reconcile-report.ts'
import type { ReplayOutcome } from './use-cases/healing/replay.ts'
import type { SweepOutcome } from './use-cases/healing/sweep.ts'
import type { IssuedPlanToken } from './use-cases/plan-tokens/issue-plan-token.ts'
import type { CancelRequest } from './use-cases/subscription/cancel-subscription.ts'
import type { ChangeRequest } from './use-cases/subscription/change-plan.ts'
import type { ChangeOutcome } from './use-cases/subscription/change-subscription.ts'
import type { PauseRequest } from './use-cases/subscription/pause-subscription.ts'
import type { PlanChangePreview } from './use-cases/subscription/preview-plan-change.ts'
import type { SubscribeOutcome, SubscribeRequest } from './use-cases/subscription/subscribe.ts'

/**
 * Plans, usage limits and billing of one app. `consume`, `reserve` and `check` decide also where no store answers.
 * @throws FareboxError `invalid-request` at what does not fit, `unavailable`; where Stripe is asked `payments-failed`, and `not-found`
 * without payments; `already-subscribed` where a subscription stands in the way, `conflict` where a key names another thing.
 */
export interface Farebox<C extends Catalog = Catalog> {
  readonly catalog: C
  /** Counts usage if it is allowed, in one atomic step. */
  consume(request: ConsumeRequest<MeteredKeyOf<C>>): Promise<Decision>
  /** Holds an upper bound until the true amount is known. */
  reserve(request: ReserveRequest<MeteredKeyOf<C>>): Promise<Reservation>
  /** Counts the true amount of a reservation and gives back the rest. */
  settle(request: SettleRequest<MeteredKeyOf<C>>): Promise<SettleOutcome>
  /** Undoes a consumption or a reservation. */
  release(request: ReleaseRequest<MeteredKeyOf<C>>): Promise<ReleaseOutcome>
  /** Whether a customer may use a feature now. Reads only. */
  check(request: CheckRequest<FeatureKeyOf<C>>): Promise<Decision>
  /** Adds an extra amount, once per key. */
  grant(request: GrantRequest<MeteredKeyOf<C>>): Promise<Grant>
  /** Ends a grant: nothing more is drawn from it. */
  voidGrant(request: EndRequest): Promise<Grant>
  /** Gives a plan for free, until an instant or until it is ended. */
  override(request: OverrideRequest<PlanKeyOf<C>>): Promise<Override>
  /** Ends an override: the customer has again what the subscription gives, or the default plan. */
  endOverride(request: EndRequest): Promise<Override>
  /** Makes the customer known, once; usage periods count from then. */
  ensureCustomer(request: { readonly customer: string } & CustomerDetails): Promise<CustomerView>
  /** A customer as it is stored; `undefined` where nobody was seen under that id. Makes nobody known. */
  findCustomer(request: { readonly customer: string }): Promise<CustomerView | undefined>
  /** Everything a client may see of one customer. */
  snapshot(request: SnapshotRequest): Promise<Snapshot>
  /** Reads the customer from Stripe again and stores what is true. */
  converge(request: { readonly customer: string }): Promise<ConvergeOutcome>
  /** A page on which the customer begins a subscription or pays a pack. */
  checkout(request: PlanCheckoutRequest<PlanKeyOf<C>> | PackCheckoutRequest<PackKeyOf<C>>): Promise<{ readonly url: string }>
  /** The one path to a plan: begins a checkout where there is no subscription, and changes the one that is there. */
  subscribe(request: SubscribeRequest<PlanKeyOf<C>>): Promise<SubscribeOutcome>
  /** What a change would cost, line by line as Stripe works it out; the change that follows costs the same. */
  previewChange(request: ChangeRequest<PlanKeyOf<C>>): Promise<PlanChangePreview>
  /** Ends the subscription at the end of its period, or now. */
  cancel(request: CancelRequest): Promise<ChangeOutcome>
  /** Takes back a scheduled end, a scheduled change or a pause. */
  resume(request: { readonly customer: string }): Promise<ChangeOutcome>
  /** Lets the subscription rest, until an instant or until it is resumed. */
  pause(request: PauseRequest): Promise<ChangeOutcome>
  /** A page of Stripe's on which customers manage how they pay and see their invoices. */
  portal(request: { readonly customer: string; readonly returnUrl: string }): Promise<{ readonly url: string }>
  /** A page of the customer's invoices, newest first. */
  invoices(request: InvoicesRequest): Promise<InvoicesView>
  /** What the customer is billed next, line by line as Stripe works it out. */
  upcoming(request: { readonly customer: string }): Promise<UpcomingView>
  /** How the customer can pay, and which of it is the default. */
  paymentMethods(request: { readonly customer: string }): Promise<PaymentMethodsView>
  /** Gives a member a seat, held until it is released: never more than the plan gives. */
  assignSeat(request: SeatRequest<SeatsKeyOf<C>>): Promise<Decision>
  /** Gives a member's seat back. */
  releaseSeat(request: SeatRequest<SeatsKeyOf<C>>): Promise<SeatRelease>
  /** Who holds the seats of each feature, and how many there are. */
  seats(request: { readonly customer: string }): Promise<SeatsView>
  /** The claims of this moment, for an app that signs its own session tokens: put them under `farebox`. */
  planClaims(request: { readonly customer: string }): Promise<PlanClaims>
  /** Signs a short-lived token that carries the customer's plan claims. */
  issuePlanToken(request: { readonly customer: string; readonly subject: string }): Promise<IssuedPlanToken>
  /**
   * Calls `handler` for each event: at least once, in order per customer, with stable ids. It has 30 seconds; after that it
   * counts as failed and is called again. Answers how to stop.
   * What happens is kept for the handlers of the process in which it happens: register the same ones, under the same names,
   * in every process that receives webhooks, sweeps or changes customers.
   */
  on<Name extends EventName>(event: Name, handler: EventHandler<Name>, name?: string): () => void
  /** Does what is due: callbacks, claim updates, expiries. For a cron. */
  sweep(): Promise<SweepOutcome>
  /** Tries again every payment event that was put aside; answers what became of each. What fails again stays put aside. */
  replay(): Promise<readonly ReplayOutcome[]>
  /** Compares everything stored with Stripe, a bounded amount a call, tells each difference and stores what is true. */
  reconcile(request?: ReconcileRequest): Promise<ReconcileReport>
  /** How the two stores and the webhooks are, as each of them says when it is asked. */
  health(): Promise<Health>
  /** Answers every route below the base path. */
  handle(request: Request, options?: HandleOptions): Promise<Response>
  /** Decides at the resource whether a request may go on; adapters build on it. */
  readonly guard: Guard<PlanKeyOf<C>, FeatureKeyOf<C>, MeteredKeyOf<C>>
  /**
   * Answers when every call that was made before has its answer and leases have given back what they hold. What is asked
   * for afterwards is refused as `unavailable`; the store and its connection stay yours to close.
   */
  close(): Promise<void>
}
