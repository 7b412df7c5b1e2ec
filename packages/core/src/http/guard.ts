import type { Catalog } from '../domain/catalog.ts'
import type { Decision, RefusalReason } from '../domain/decision.ts'
import { toIso } from '../domain/instant.ts'
import { FareboxError, isFareboxError } from '../errors/error.ts'
import type { TokenVerifier } from '../ports/auth.ts'
import { attempt } from '../use-cases/attempt.ts'
import type { Context } from '../use-cases/context.ts'
import { consumeUsage } from '../use-cases/counting/consume-usage.ts'
import { releaseUsage } from '../use-cases/counting/release-usage.ts'
import { checkAccess } from '../use-cases/decisions/check-access.ts'
import { currentEntitlements } from '../use-cases/decisions/current-entitlements.ts'
import { failureCode } from '../use-cases/failure-code.ts'
import { type MaybePromise, chain } from '../use-cases/maybe-promise.ts'
import { type Caller, callerOf } from './caller.ts'
import { gateAddress, isTokenMissing } from './gate-address.ts'
import type { HttpSettings } from './options.ts'
import { type RateLimitFields, rateLimitFields } from './rate-limit-fields.ts'
import type { ReadHeader } from './read-header.ts'
import { type Stop, stop, stopOf, stopOfDecision } from './stop.ts'

/** The request may go on. */
export interface Pass {
  readonly kind: 'pass'
  readonly caller: Caller
}

/** The request may go on, and has been counted. */
export interface MeteredPass extends Pass {
  readonly decision: Decision
  /** Header fields for the response. */
  readonly headers: RateLimitFields
  /** Undoes the counting, for a handler that failed. Does so once, however often it is called, and never throws. */
  giveBack(): Promise<void>
}

/** The request may go on, without a token: its address has passed its gates. Nothing was counted for anybody. */
export interface AnonymousPass extends Omit<MeteredPass, 'caller'> {
  readonly caller: null
}

/** What {@link Guard.meter} counts. */
export interface MeterOptions<Feature extends string = string> {
  readonly feature: Feature
  /** 1 unless said otherwise. */
  readonly amount?: number
  /**
   * `header` takes the client's `Idempotency-Key`: a repeat does not run the handler again but answers 409. By default
   * clients name no keys.
   */
  readonly idempotency?: 'header' | 'none'
}

/**
 * Decides, at the resource itself, whether a request may go on. Framework-free: adapters translate its answers.
 * Nothing passes because it could not be decided, unless the feature was declared `onError: 'allow'`. A `caller` whom an
 * earlier guard of the same request let through is not verified again.
 */
export interface Guard<Plan extends string = string, Feature extends string = string, Metered extends string = string> {
  /** Lets through whoever has a valid token. */
  authenticate(header: ReadHeader): MaybePromise<Pass | Stop<401 | 503>>
  /** Lets through whoever has this very role in the active organization of the token; nobody where none is named. */
  requireRole(header: ReadHeader, role: string, caller?: Caller): MaybePromise<Pass | Stop<401 | 403 | 503>>
  /**
   * Lets through customers on one of these plans.
   *
   * @throws FareboxError `invalid-configuration` for a plan that the catalog does not have.
   */
  requirePlan(header: ReadHeader, plans: readonly Plan[], caller?: Caller): MaybePromise<Pass | Stop<401 | 402 | 503>>
  /**
   * Lets through customers who may use a feature now. Nothing is counted.
   *
   * @param amount how much of a metered feature has to be left; 1 unless said otherwise.
   */
  requireFeature(
    header: ReadHeader,
    feature: Feature,
    caller?: Caller,
    amount?: number,
  ): MaybePromise<Pass | Stop<401 | 402 | 429 | 503>>
  /** Counts usage of a feature, and lets through customers for whom it was allowed. */
  meter(
    header: ReadHeader,
    options: MeterOptions<Metered>,
    caller?: Caller,
  ): MaybePromise<MeteredPass | Stop<400 | 401 | 402 | 409 | 429 | 503>>
  /**
   * As {@link Guard.meter}, and callers without a token are let in by the gates of their address (`anonymous` of
   * `createFarebox`). A bad token is refused as ever. `peer` answers who opened the connection, where the adapter knows;
   * it is asked where no proxy is trusted.
   */
  meterAnyone(
    header: ReadHeader,
    options: MeterOptions<Metered>,
    caller?: Caller,
    peer?: () => string | undefined,
  ): MaybePromise<MeteredPass | AnonymousPass | Stop<400 | 401 | 402 | 409 | 429 | 503>>
}

/** The guard of a farebox. `verifier`: `null` where the app has no sign-in, and every gate throws `invalid-configuration`. */
export function createGuard(context: Context, verifier: TokenVerifier | null, settings: HttpSettings): Guard {
  function identify(header: ReadHeader, caller: Caller | undefined): MaybePromise<Caller> {
    if (caller !== undefined) return caller
    if (verifier === null) throw new FareboxError('invalid-configuration', 'Give `auth` to createFarebox before you guard routes')
    return callerOf(verifier, settings, header)
  }

  async function requirePlan(
    header: ReadHeader,
    plans: readonly string[],
    known: Caller | undefined,
  ): Promise<Pass | Stop<401 | 402 | 503>> {
    checkPlans(context.catalog, plans)
    const caller = await identify(header, known)
    const entitlements = await currentEntitlements(context, caller.customer, caller.planClaims).catch(undecided)
    if (plans.includes(entitlements.plan.key)) return { kind: 'pass', caller }
    const { plan, pastDue } = entitlements
    const { upgradeUrl } = settings
    if (pastDue !== null && pastDue.plan !== null && plans.includes(pastDue.plan)) {
      return stop(settings, 'payment-past-due', { currentPlan: plan.key, portalUrl: upgradeUrl, graceEndedAt: toIso(pastDue.graceEndedAt) })
    }
    return stop(settings, 'plan-required', { currentPlan: plan.key, requiredPlans: plans, upgradeUrl })
  }

  async function requireFeature(
    header: ReadHeader,
    feature: string,
    known: Caller | undefined,
    amount = 1,
  ): Promise<Pass | Stop<401 | 402 | 429 | 503>> {
    const caller = await identify(header, known)
    const { customer, planClaims } = caller
    const decision = await checkAccess(context, { customer, feature, amount, planClaims })
    if (decision.allowed) return { kind: 'pass', caller }
    return narrowed(stopOfDecision(settings, refusal(decision), context.clock.now()), [402, 429, 503])
  }

  function meter(
    header: ReadHeader,
    options: MeterOptions,
    caller: Caller,
  ): MaybePromise<MeteredPass | Stop<400 | 402 | 409 | 429 | 503>> {
    const { customer, planClaims } = caller
    const key = options.idempotency === 'header' ? (header('idempotency-key') ?? undefined) : undefined
    const { feature, amount = 1 } = options
    const request = { customer, feature, amount, planClaims }
    // Before anything is counted: a clock that throws would keep what was.
    const now = context.clock.now()
    const decided = consumeUsage(context, key === undefined ? request : { ...request, idempotencyKey: key })
    return chain(decided, (decision) => {
      if (!decision.allowed) return stopOfDecision(settings, refusal(decision), now)
      const headers = rateLimitFields(decision, now)
      if (decision.repeated) return stop(settings, 'idempotency-replayed', { feature }, headers)
      return { kind: 'pass', caller, decision, headers, giveBack: giveBack(context, customer, decision, key) }
    })
  }

  function meterAddress(header: ReadHeader, feature: string, peer: (() => string | undefined) | undefined): MaybePromise<AnonymousPass | Stop<429 | 503>> {
    return chain(gateAddress(context, settings.anonymous, header, feature, peer), (decision) => {
      const now = context.clock.now()
      if (!decision.allowed) return narrowed(stopOfDecision(settings, refusal(decision), now), [429, 503])
      return { kind: 'pass', caller: null, decision, headers: rateLimitFields(decision, now), giveBack: async () => undefined }
    })
  }

  function settled<Answer, Status extends Stop['status']>(
    work: () => MaybePromise<Answer | Stop<Status>>,
    allowed: readonly Status[],
  ): MaybePromise<Answer | Stop<Status>> {
    return attempt(work, (error) => {
      const stopped = narrowed(stopOf(settings, error), allowed, error)
      if (stopped.status >= 500) context.logger.error('A guard could not decide', { code: failureCode(error) })
      return stopped
    })
  }

  return {
    authenticate: (header) =>
      settled(() => chain(identify(header, undefined), (caller): Pass => ({ kind: 'pass', caller })), [401, 503]),
    requireRole: (header, role, known) =>
      settled(
        () =>
          chain(identify(header, known), (caller): Pass | Stop<403> =>
            role && caller.identity.organization?.role === role ? { kind: 'pass', caller } : stop(settings, 'forbidden'),
          ),
        [401, 403, 503],
      ),
    requirePlan: (header, plans, known) => settled(() => requirePlan(header, plans, known), [401, 402, 503]),
    requireFeature: (header, feature, known, amount) =>
      settled(() => requireFeature(header, feature, known, amount), [401, 402, 429, 503]),
    meter: (header, options, known) =>
      settled(() => chain(identify(header, known), (caller) => meter(header, options, caller)), [400, 401, 402, 409, 429, 503]),
    meterAnyone: (header, options, known, peer) =>
      settled<MeteredPass | AnonymousPass, 400 | 401 | 402 | 409 | 429 | 503>(() => {
        const identified = attempt<Caller | null>(() => identify(header, known), (error) => {
          if (isTokenMissing(error)) return null
          throw error
        })
        return chain(identified, (caller): MaybePromise<MeteredPass | AnonymousPass | Stop<400 | 402 | 409 | 429 | 503>> =>
          caller === null ? meterAddress(header, options.feature, peer) : meter(header, options, caller))
      }, [400, 401, 402, 409, 429, 503]),
  }
}

function giveBack(context: Context, customer: string, decision: Decision, key: string | undefined): () => Promise<void> {
  let given = false
  return async () => {
    if (given) return
    given = true
    const { feature, drawn } = decision
    try {
      await releaseUsage(context, key === undefined ? { customer, feature, drawn } : { customer, feature, idempotencyKey: key })
    } catch {
      context.logger.error('Usage of a failed request could not be given back', { feature })
    }
  }
}

/** A store may fail in words of its own driver. */
function undecided(error: unknown): never {
  throw isFareboxError(error) ? error : new FareboxError('unavailable', 'The store could not be asked', { cause: error })
}

/** What a client can get wrong about a request that is metered. */
const clientPaths: readonly string[] = ['amount', 'idempotencyKey']

/** A stop of one of the statuses a guard can answer. Any other error is misuse, and thrown on to whoever wrote the route. */
function narrowed<Status extends Stop['status']>(stopped: Stop, allowed: readonly Status[], error?: unknown): Stop<Status> {
  const isTold = stopped.problem.faults?.every(({ path }) => clientPaths.includes(path)) ?? true
  if (isTold && isOneOf(stopped, allowed)) return stopped
  throw error ?? new FareboxError('unavailable', 'The decision does not fit the guard')
}

function isOneOf<Status extends Stop['status']>(stopped: Stop, allowed: readonly Status[]): stopped is Stop<Status> {
  const statuses: readonly number[] = allowed
  return statuses.includes(stopped.status)
}

/** A decision that refuses, with its reason as one of refusals. */
export function refusal(decision: Decision): Decision & { readonly reason: RefusalReason } {
  const { reason } = decision
  if (reason === 'allowed') throw new FareboxError('unavailable', 'A refused decision gives no reason')
  return { ...decision, reason }
}

function checkPlans(catalog: Catalog, plans: readonly string[]): void {
  const isKnown = Array.isArray(plans) && plans.length > 0 && plans.every((plan) => Object.hasOwn(catalog.plans, plan))
  if (isKnown) return
  throw new FareboxError('invalid-configuration', 'The guard names plans that the catalog does not have', {
    faults: [{ path: 'plans', message: `Name plans of the catalog: ${Object.keys(catalog.plans).join(', ')}` }],
  })
}

