import type { Catalog, FeatureKeyOf, MeteredKeyOf, PackKeyOf, PlanKeyOf, SeatsKeyOf } from './domain/catalog.ts'
import type { Decision } from './domain/decision.ts'
import type { Grant, Override } from './domain/grant.ts'
import { type Milliseconds, day, second } from './domain/instant.ts'
import { Given } from './domain/parse-value.ts'
import type { PlanClaims } from './domain/plan-claims.ts'
import { type Fault, FareboxError } from './errors/error.ts'
import type { AnonymousOptions } from './http/anonymous.ts'
import { deferGuard } from './http/defer-guard.ts'
import type { Guard } from './http/guard.ts'
import type { HandleOptions, HandleRequest } from './http/handle-request.ts'
import { type HttpOptions, httpSettings } from './http/options.ts'
import type * as OnDemand from './on-demand.ts'
import type { Auth, PlanTokenSigner } from './ports/auth.ts'
import { type Clock, systemClock } from './ports/clock.ts'
import { type Logger, createLogger } from './ports/logger.ts'
import type { Payments } from './ports/payments.ts'
import { type Random, systemRandom } from './ports/random.ts'
import type { Store } from './ports/store.ts'
import type { InvoicesView, PaymentMethodsView, SeatsView, Snapshot, UpcomingView } from './protocol/index.ts'
import type { EndRequest, GrantRequest } from './use-cases/admin/grant-usage.ts'
import type { OverrideRequest } from './use-cases/admin/override-plan.ts'
import type { InvoicesRequest } from './use-cases/billing/get-invoices.ts'
import { Calls } from './use-cases/calls.ts'
import { checkRequest } from './use-cases/check-request.ts'
import type { PlanCheckoutRequest } from './use-cases/checkout/start-plan-checkout.ts'
import type { PackCheckoutRequest } from './use-cases/checkout/start-pack-checkout.ts'
import type { Context } from './use-cases/context.ts'
import type { ConvergeOutcome } from './use-cases/converging/converge.ts'
import { type ConsumeRequest, consumeUsage } from './use-cases/counting/consume-usage.ts'
import type { ReleaseOutcome, ReleaseRequest } from './use-cases/counting/release-usage.ts'
import type { Reservation, ReserveRequest } from './use-cases/counting/reserve-usage.ts'
import type { SettleOutcome, SettleRequest } from './use-cases/counting/settle-usage.ts'
import { createUsageBatcher } from './use-cases/counting/usage-batcher.ts'
import { createCustomerCache } from './use-cases/customers/customer-cache.ts'
import type { CustomerDetails } from './use-cases/customers/customer-details.ts'
import type { CustomerView } from './use-cases/customers/find-customer.ts'
import type { SeatRelease, SeatRequest } from './use-cases/customers/held-seats.ts'
import type { CheckRequest } from './use-cases/decisions/check-access.ts'
import type { SnapshotRequest } from './use-cases/decisions/get-snapshot.ts'
import { createQuestions } from './use-cases/decisions/question.ts'
import { createQuestionNotes } from './use-cases/decisions/question-notes.ts'
import { type EventHandler, type EventName, createEvents } from './use-cases/delivering/events.ts'
import type { Health } from './use-cases/healing/check-health.ts'
import type { ReconcileReport, ReconcileRequest } from './use-cases/healing/reconcile-report.ts'
import type { ReplayOutcome } from './use-cases/healing/replay.ts'
import type { SweepOutcome } from './use-cases/healing/sweep.ts'
import { deferLeases } from './use-cases/leases/defer-leases.ts'
import type { MaybePromise } from './use-cases/maybe-promise.ts'
import type { IssuedPlanToken } from './use-cases/plan-tokens/issue-plan-token.ts'
import { checkPairing } from './use-cases/start/check-pairing.ts'
import { checkParts } from './use-cases/start/check-parts.ts'
import { withTimeout } from './use-cases/store-timeout.ts'
import type { CancelRequest } from './use-cases/subscription/cancel-subscription.ts'
import type { ChangeRequest } from './use-cases/subscription/change-plan.ts'
import type { ChangeOutcome } from './use-cases/subscription/change-subscription.ts'
import type { PauseRequest } from './use-cases/subscription/pause-subscription.ts'
import type { PlanChangePreview } from './use-cases/subscription/preview-plan-change.ts'
import type { SubscribeOutcome, SubscribeRequest } from './use-cases/subscription/subscribe.ts'
import { UnderWay } from './use-cases/under-way.ts'

/** The methods that are left to what is loaded for them, where they have the same names. */
const answered = [
  'reserve', 'settle', 'release', 'check', 'grant', 'voidGrant', 'override', 'endOverride', 'ensureCustomer', 'snapshot',
  'checkout', 'subscribe', 'previewChange', 'cancel', 'resume', 'pause', 'portal', 'invoices', 'upcoming', 'paymentMethods',
  'assignSeat', 'releaseSeat', 'seats', 'planClaims', 'issuePlanToken',
] as const

type Answered = (typeof answered)[number]

/** What is loaded takes the requests of those methods and answers what they answer. */
type Answering = {
  readonly [Name in Answered]: (
    context: Context,
    request: Parameters<Farebox[Name]>[0],
  ) => MaybePromise<Awaited<ReturnType<Farebox[Name]>>>
}

let module: (typeof OnDemand & Answering) | undefined

/** Asked for once: each `import()` looks the module up anew. */
const onDemand = async (): Promise<typeof OnDemand & Answering> => (module ??= await import('./on-demand.ts'))

/** What {@link createFarebox} is given. Only `catalog` and `store` are needed; each further part opens its routes. */
export interface FareboxOptions<C extends Catalog> extends HttpOptions {
  /** Lets callers without a token in where a route says so, limited by address. Without it, nobody. */
  readonly anonymous?: AnonymousOptions<MeteredKeyOf<C>>
  readonly catalog: C
  readonly store: Store
  /** Who is asking. Without it no route that needs a caller answers. */
  readonly auth?: Auth
  /** Stripe. Without it nothing can be bought. */
  readonly payments?: Payments
  /** Signs plan tokens. Without it `POST /token` answers 404. */
  readonly planTokens?: PlanTokenSigner
  /** Takes lines of log. At the start it is told what about the store's server breaks the store's label, if anything does. */
  readonly logger?: Logger
  readonly clock?: Clock
  readonly random?: Random
  /** How long idempotency keys are remembered; 24 hours unless said otherwise. */
  readonly idempotencyWindow?: Milliseconds
  /**
   * How long a call to the store may take; 5 seconds unless said otherwise, `null` for as long as it takes. What takes
   * longer counts as unanswered: access is denied unless the feature says `onError: 'allow'`.
   */
  readonly storeTimeout?: Milliseconds | null
}

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

/**
 * Binds a catalog to a store, a sign-in and a Stripe account. Every fault of the configuration is named at once, here,
 * not at the first request.
 *
 * @throws FareboxError `invalid-configuration` with every fault.
 * @example
 * ```ts
 * import { allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
 * import { memoryStore } from '@farebox/core/drivers/memory'
 *
 * const catalog = defineCatalog({
 *   features: { apiCalls: metered({ unit: 'call' }) },
 *   plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
 * })
 * const farebox = createFarebox({ catalog, store: memoryStore() })
 * const decision = await farebox.consume({ customer: 'user_1', feature: 'apiCalls' })
 * if (!decision.allowed) throw new Error(`Refused: ${decision.reason}`)
 * ```
 */
export function createFarebox<C extends Catalog>(options: FareboxOptions<C>): Farebox<C> {
  const faults: Fault[] = []
  const given = new Given({ ...options }, '', faults)
  checkParts(given)
  const isWhole = faults.length === 0
  const settings = httpSettings({ ...options }, faults, isWhole ? options.catalog.features : {})
  if (isWhole) checkPairing(options.catalog, options.store, options.payments ?? null, settings.appUrl, given)
  if (faults.length > 0) throw new FareboxError('invalid-configuration', 'The configuration is not valid', { faults })
  const auth = options.auth ?? null
  const { storeTimeout = 5 * second, clock = systemClock } = options
  const { usage, records, raising } = withTimeout(options.store, storeTimeout)
  const plain = createUsageBatcher(usage, { clock })
  const random = options.random ?? systemRandom
  const logger = createLogger(options.logger)
  const leases = deferLeases(options.catalog, usage, { batcher: plain, clock, random, logger }, (parts) => onDemand().then((use) => use.createLeases(parts)))
  const open: Context = {
    catalog: options.catalog,
    usage: leases?.usage ?? usage,
    givenUsage: options.store.usage.execute.direct === undefined ? (leases?.usage ?? usage) : options.store.usage,
    batcher: leases?.batcher ?? plain,
    underWay: new UnderWay(),
    leases,
    records,
    ...(raising !== undefined && { raising }),
    cache: createCustomerCache(),
    questions: createQuestions(options.catalog),
    notes: createQuestionNotes(),
    payments: options.payments ?? null,
    claims: auth?.claims ?? null,
    signer: options.planTokens ?? null,
    events: createEvents(),
    clock,
    random,
    logger,
    keyFor: options.idempotencyWindow ?? day,
  }
  const calls = new Calls(open)
  if (options.logger !== undefined) void onDemand().then((use) => use.tellStart(open, usage)).catch(() => undefined)
  let handlers: { readonly context: Context; readonly handle: HandleRequest } | undefined
  return {
    catalog: options.catalog,
    // Not `async`: an answer that is under way needs no promise around it.
    consume(request) {
      try {
        return Promise.resolve(consumeUsage(calls.context, checkRequest(request)))
      } catch (error) {
        return Promise.reject(error)
      }
    },
    findCustomer: (request) => later((use, context) => use.findCustomer(context, checkRequest(request).customer)),
    converge: (request) => later((use, context) => use.converge(context, checkRequest(request).customer)),
    ...answering(),
    on: (event, handler, name) => open.events.on(event, handler, name),
    sweep: () => later((use, context) => use.sweep(context)),
    replay: () => later((use, context) => use.replay(context)),
    reconcile: (request = {}) => later((use, context) => use.reconcile(context, checkRequest(request))),
    health: () => later((use, context) => use.health(context)),
    handle: (request, handling) => later((use, context) => {
      if (handlers?.context !== context) handlers = { context, handle: use.createHandleRequest(context, auth, settings) }
      return handlers.handle(request, keepAlive(handling))
    }),
    guard: deferGuard(calls, (context) => onDemand().then((use) => use.createGuard(context, auth?.verifier ?? null, settings))),
    close: () => calls.close(),
  }

  function answering(): Pick<Farebox<C>, Answered> {
    const methods = answered.map((name) => [name, (request: never) => later((use, context) => {
      const answer: (context: Context, request: never) => unknown = use[name]
      return answer(context, checkRequest(request))
    })] as const)
    // `Answering` has proven each by its name, which the type of entries does not keep.
    return Object.fromEntries(methods) as Pick<Farebox<C>, Answered>
  }

  /** What was loaded when it was asked for works for the call as it was then: one that came before `close()` is not refused. */
  function later<Answer>(work: (use: typeof OnDemand, context: Context) => MaybePromise<Answer>): Promise<Answer> {
    const { context } = calls
    return calls.keep(onDemand().then((use) => work(use, context)))
  }

  function keepAlive({ waitUntil, ...others }: HandleOptions = {}): HandleOptions {
    return waitUntil === undefined ? others : { ...others, waitUntil: (work) => waitUntil(calls.keep(work)) }
  }
}
