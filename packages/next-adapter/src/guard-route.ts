import {
  type AnonymousPass, type Catalog, type Farebox, type FeatureKeyOf, type MeteredKeyOf, type MeteredPass, type Pass, type PlanKeyOf,
  problemResponse,
} from '@farebox/core'
import type { NextRequest } from 'next/server.js'
import {
  type AuthOptions, type Check, type MeterOptions, checkAuth, checkFeature, checkMeter, checkMeterAnyone, checkPlan,
} from './check.ts'
import { asRefusal, isMetered, isRefusal, runMetered } from './run-metered.ts'

/** A route handler as it is written: told who passed. */
export type RouteHandler<Context, Passed extends Pass | AnonymousPass> = (
  request: NextRequest,
  context: Context,
  passed: Passed,
) => Response | Promise<Response>

/** A route handler as it is exported. */
export type GuardedRoute<Context> = (request: NextRequest, context: Context) => Promise<Response>

/** Runs `handler` for a valid token alone; with `role`, for that role in the active organization. */
export function requireAuth<C extends Catalog, Context>(
  farebox: Farebox<C>,
  handler: RouteHandler<Context, Pass>,
  options: AuthOptions = {},
): GuardedRoute<Context> {
  return guardRoute(checkAuth(farebox, options), handler)
}

/** Runs `handler` for customers of one of these plans. */
export function requirePlan<C extends Catalog, Context>(
  farebox: Farebox<C>,
  plans: PlanKeyOf<C> | readonly PlanKeyOf<C>[],
  handler: RouteHandler<Context, Pass>,
): GuardedRoute<Context> {
  return guardRoute(checkPlan(farebox, plans), handler)
}

/** Runs `handler` for customers who have the feature, and something left of it where it is metered. Counts nothing. */
export function requireFeature<C extends Catalog, Context>(
  farebox: Farebox<C>,
  feature: FeatureKeyOf<C>,
  handler: RouteHandler<Context, Pass>,
): GuardedRoute<Context> {
  return guardRoute(checkFeature(farebox, feature), handler)
}

/**
 * Counts usage if it is allowed, then runs `handler`, and says what is left in `RateLimit` and `RateLimit-Policy`.
 * Usage of a handler that throws or answers 5xx is given back.
 */
export function withMeter<C extends Catalog, Context>(
  farebox: Farebox<C>,
  feature: MeteredKeyOf<C>,
  handler: RouteHandler<Context, MeteredPass>,
  options: MeterOptions = {},
): GuardedRoute<Context> {
  return guardRoute(checkMeter(farebox, feature, options), handler, options.countFailures)
}

/**
 * As {@link withMeter}, and a caller without a token is let in by the gates of its address, which `anonymous` of
 * `createFarebox` sets; `caller` is `null` then. A bad token is refused all the same. Next tells no peer: trust at least one
 * proxy, or give `address`.
 */
export function withMeterForAnyone<C extends Catalog, Context>(
  farebox: Farebox<C>,
  feature: MeteredKeyOf<C>,
  handler: RouteHandler<Context, MeteredPass | AnonymousPass>,
  options: MeterOptions = {},
): GuardedRoute<Context> {
  return guardRoute(checkMeterAnyone(farebox, feature, options), handler, options.countFailures)
}

function guardRoute<Context, Passed extends Pass | AnonymousPass>(
  check: Check<Passed>,
  handler: RouteHandler<Context, Passed>,
  countFailures = false,
): GuardedRoute<Context> {
  return async function guardedRoute(request, context) {
    const passed = await check((name) => request.headers.get(name))
    if (passed.kind === 'stop') return asRefusal(problemResponse(passed))
    return runMetered(
      passed,
      countFailures,
      async () => {
        const response = await handler(request, context, passed)
        return isMetered(passed) ? withFields(response, passed.headers) : response
      },
      ({ status }) => status >= 500,
    )
  }
}

function withFields(response: Response, fields: MeteredPass['headers']): Response {
  // Header fields of a fetched or redirecting response cannot be changed, so they are changed in a copy.
  const answer = new Response(response.body, response)
  for (const [name, value] of Object.entries(fields)) answer.headers.append(name, value)
  return isRefusal(response) ? asRefusal(answer) : answer
}
