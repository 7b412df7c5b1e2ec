import type {
  AnonymousPass, Caller, Catalog, Farebox, FeatureKeyOf, MeterOptions, MeteredKeyOf, MeteredPass, Pass, PlanKeyOf, ProblemStatus, Stop,
} from '@farebox/core'
import type { Context, Next } from 'hono'
import type { AnyoneEnv, Gate, GateEnv, MeterEnv } from './gate.ts'
import { type Refusal, isRefused, refuse } from './refuse.ts'
import { tellLimits } from './tell-limits.ts'

/** What `meter` counts, and when it gives back. */
export interface MeterGateOptions {
  /** In the feature's smallest unit; 1 unless said otherwise. */
  readonly amount?: number | ((c: Context) => number)
  /** `header` takes the client's `Idempotency-Key`: a repeat does not run the handler again but answers 409. */
  readonly idempotency?: 'header'
  /** Counts a handler that throws or answers 5xx too. Otherwise its usage is given back. */
  readonly countFailures?: boolean
}

/** What {@link createGates} may be given. */
export interface GateOptions {
  /**
   * Who opened the connection, as Hono's helper for your runtime tells it: `getConnInfo` of `@hono/node-server/conninfo`,
   * `hono/bun` or `hono/deno`. Only `meterAnyone` without trusted proxies needs it.
   */
  readonly getConnInfo?: (c: Context) => { readonly remote: { readonly address?: string | undefined } }
}

/** The gates of one app. Put them on the route itself, so that no spelling of a path leads around them. */
export interface Gates<C extends Catalog> {
  /** A valid token. With `role`: that role in the active organization. */
  readonly requireAuth: RequireAuth
  /** One of these plans. */
  readonly requirePlan: (plans: PlanKeyOf<C> | readonly PlanKeyOf<C>[]) => Gate<401 | 402 | 503>
  /** The feature, and for a metered one something left of it. Counts nothing. */
  readonly requireFeature: (feature: FeatureKeyOf<C>) => Gate<401 | 402 | 429 | 503>
  /** Counts usage if it is allowed, then runs the handler. Says what is left in `RateLimit` and `RateLimit-Policy`. */
  readonly meter: (
    feature: MeteredKeyOf<C>,
    options?: MeterGateOptions,
  ) => Gate<400 | 401 | 402 | 409 | 429 | 503, MeterEnv>
  /**
   * As `meter`, and a caller without a token is let in by the gates of its address, which `anonymous` of `createFarebox`
   * sets. A bad token is refused all the same. `caller` is `null` where there was none.
   */
  readonly meterAnyone: (
    feature: MeteredKeyOf<C>,
    options?: MeterGateOptions,
  ) => Gate<400 | 401 | 402 | 409 | 429 | 503, AnyoneEnv>
}

/** Lets every signed-in caller in, or those with a role. */
export interface RequireAuth {
  (): Gate<401 | 503>
  (options: { readonly role: string }): Gate<401 | 403 | 503>
}

/**
 * Gates that refuse before the handler runs, for a catalog's own features and plans: a wrong name does not compile. The
 * token is looked at once per request, however many of these gates it passes.
 *
 * @throws FareboxError `invalid-configuration` from a gate, into `app.onError`, when the farebox has no `auth`.
 */
export function createGates<C extends Catalog>(
  farebox: Pick<Farebox<C>, 'catalog' | 'guard'>,
  { getConnInfo }: GateOptions = {},
): Gates<C> {
  const { guard } = farebox
  /** Under it a request keeps who passed an earlier gate of this farebox. Another one in the same app may say otherwise who pays. */
  const known = Symbol('farebox caller')
  const callerOf = (c: Context): Caller | undefined => c.get(known)

  function pass<Status extends ProblemStatus>(
    c: Context,
    next: Next,
    outcome: Outcome<Pass, Status> | Promise<Outcome<Pass, Status>>,
  ): Promise<Refusal<Status> | void> {
    if (!isDecided(outcome)) return outcome.then((decided) => pass(c, next, decided))
    if (outcome.kind === 'stop') return Promise.resolve(refuse(c, outcome))
    c.set(known, outcome.caller)
    c.set('farebox', { ...leftOf(c), caller: outcome.caller })
    return next()
  }

  function count<Status extends ProblemStatus>(
    c: Context,
    next: Next,
    outcome: Outcome<MeteredPass | AnonymousPass, Status>,
    countFailures: boolean,
  ): Promise<Refusal<Status> | void> {
    if (outcome.kind === 'stop') return Promise.resolve(refuse(c, outcome))
    if (outcome.caller !== null) c.set(known, outcome.caller)
    c.set('farebox', { caller: outcome.caller, decision: outcome.decision })
    return run(c, next, outcome, countFailures)
  }

  function requireAuth(): Gate<401 | 503>
  function requireAuth(options: { readonly role: string }): Gate<401 | 403 | 503>
  function requireAuth(options?: { readonly role: string }): Gate<401 | 403 | 503> {
    return function requireAuthGate(c, next) {
      const caller = callerOf(c)
      if (options !== undefined) return pass(c, next, guard.requireRole(headerOf(c), options.role, caller))
      return caller === undefined ? pass(c, next, guard.authenticate(headerOf(c))) : next()
    }
  }

  return {
    requireAuth,
    requirePlan(plans) {
      const accepted = typeof plans === 'string' ? [plans] : plans
      return function requirePlanGate(c, next) {
        return pass(c, next, guard.requirePlan(headerOf(c), accepted, callerOf(c)))
      }
    },
    requireFeature(feature) {
      return function requireFeatureGate(c, next) {
        return pass(c, next, guard.requireFeature(headerOf(c), feature, callerOf(c)))
      }
    },
    meter(feature, { amount = 1, idempotency, countFailures = false } = {}) {
      const fixed: MeterOptions<MeteredKeyOf<C>> = {
        feature,
        idempotency: idempotency ?? 'none',
        amount: typeof amount === 'number' ? amount : 1,
      }
      return function meterGate(c, next) {
        const request = typeof amount === 'number' ? fixed : { ...fixed, amount: amount(c) }
        const outcome = guard.meter(headerOf(c), request, callerOf(c))
        return isDecided(outcome)
          ? count(c, next, outcome, countFailures)
          : outcome.then((decided) => count(c, next, decided, countFailures))
      }
    },
    meterAnyone(feature, { amount = 1, idempotency, countFailures = false } = {}) {
      return async function meterAnyoneGate(c, next) {
        const request: MeterOptions<MeteredKeyOf<C>> = { feature, idempotency: idempotency ?? 'none', amount: typeof amount === 'number' ? amount : amount(c) }
        const outcome = await guard.meterAnyone(headerOf(c), request, callerOf(c), () => getConnInfo?.(c).remote.address)
        return count(c, next, outcome, countFailures)
      }
    },
  }
}

function headerOf(c: Context): (name: string) => string | null {
  const { headers } = c.req.raw
  return (name) => headers.get(name)
}

/** What an earlier gate of the same request left. */
function leftOf(c: Context): GateEnv['Variables']['farebox'] | undefined {
  return c.get('farebox')
}

type Outcome<Passed, Status extends ProblemStatus> = Passed | Stop<Status>

/** By what an outcome has: a promise need not be an instance of `Promise`, which some tools put another one in the place of. */
function isDecided<Decided extends { readonly kind: string }>(outcome: Decided | Promise<Decided>): outcome is Decided {
  return 'kind' in outcome
}

async function run(c: Context, next: Next, passed: MeteredPass | AnonymousPass, countFailures: boolean): Promise<void> {
  try {
    await next()
  } catch (error) {
    // Hono hands errors to onError and keeps them in c.error; only what is thrown and is no Error arrives here.
    if (!countFailures) await passed.giveBack()
    throw error
  }
  // A handler that answered nothing fails in Hono, after its gates.
  const failed = c.error !== undefined || !c.finalized || c.res.status >= 500
  if (isRefused(c) || (failed && !countFailures)) await passed.giveBack()
  if (c.finalized) tellLimits(c, passed.headers)
}
