import type { Catalog, MeteredKeyOf } from './domain/catalog.ts'
import { type Milliseconds, day, second } from './domain/instant.ts'
import { Given } from './domain/parse-value.ts'
import { type Fault, FareboxError } from './errors/error.ts'
import type { Farebox } from './farebox.ts'
import type { AnonymousOptions } from './http/anonymous.ts'
import { deferGuard } from './http/defer-guard.ts'
import type { HandleOptions, HandleRequest } from './http/handle-request.ts'
import { type HttpOptions, httpSettings } from './http/options.ts'
import type * as OnDemand from './on-demand.ts'
import type { Auth, PlanTokenSigner } from './ports/auth.ts'
import { type Clock, systemClock } from './ports/clock.ts'
import { type Logger, createLogger } from './ports/logger.ts'
import type { Payments } from './ports/payments.ts'
import { type Random, systemRandom } from './ports/random.ts'
import type { Store } from './ports/store.ts'
import { Calls } from './use-cases/calls.ts'
import { checkRequest } from './use-cases/check-request.ts'
import type { Context } from './use-cases/context.ts'
import { consumeUsage } from './use-cases/counting/consume-usage.ts'
import { createUsageBatcher } from './use-cases/counting/usage-batcher.ts'
import { createCustomerCache } from './use-cases/customers/customer-cache.ts'
import { createQuestionNotes } from './use-cases/decisions/question-notes.ts'
import { createQuestions } from './use-cases/decisions/question.ts'
import { createEvents } from './use-cases/delivering/events.ts'
import { deferLeases } from './use-cases/leases/defer-leases.ts'
import type { MaybePromise } from './use-cases/maybe-promise.ts'
import { checkPairing } from './use-cases/start/check-pairing.ts'
import { checkParts } from './use-cases/start/check-parts.ts'
import { withTimeout } from './use-cases/store-timeout.ts'
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
