import * as z from 'zod/mini'
import { second, toIso } from '../domain/instant.ts'
import { FareboxError, invalidRequest } from '../errors/error.ts'
import type { Auth } from '../ports/auth.ts'
import { plansView } from '../protocol/catalog-view.ts'
import { type RouteName, routes } from '../protocol/routes.ts'
import type { Context } from '../use-cases/context.ts'
import { getUsageHistory } from '../use-cases/counting/get-usage-history.ts'
import { getSnapshot } from '../use-cases/decisions/get-snapshot.ts'
import { drainSoon } from '../use-cases/delivering/drain-soon.ts'
import { failureCode } from '../use-cases/failure-code.ts'
import { checkHealth } from '../use-cases/healing/check-health.ts'
import { paymentFailureOf } from '../use-cases/payments/payment-failure-of.ts'
import { issuePlanToken, signerOf } from '../use-cases/plan-tokens/issue-plan-token.ts'
import { answerWithin } from '../use-cases/store-timeout.ts'
import { receiveAccountWebhook } from '../use-cases/webhooks/receive-account-webhook.ts'
import { receiveWebhook } from '../use-cases/webhooks/receive-webhook.ts'
import type { WebhookOutcome } from '../use-cases/webhooks/webhook-outcome.ts'
import { createAdminRoutes } from './admin-routes.ts'
import { privateAnswer } from './answer.ts'
import { createBillingRoutes } from './billing-routes.ts'
import { type Caller, callerOf } from './caller.ts'
import { type HttpSettings, originOf } from './options.ts'
import { problemResponse } from './problem-response.ts'
import { instantText, isJson, largestDelivery, readBytes, readJson, readQuery, text } from './read-body.ts'
import { createSeatRoutes } from './seat-routes.ts'
import { stop, stopOf } from './stop.ts'

/** What the host gives a request: how to keep the runtime alive for work after the response. */
export interface HandleOptions {
  /** As `ExecutionContext.waitUntil` of Workers, or Next's `after`. Without it the work is awaited, for five seconds at most. */
  readonly waitUntil?: (work: Promise<unknown>) => void
}

/**
 * Answers every route of the HTTP contract below the base path; an unknown path answers 404.
 *
 * @throws FareboxError `invalid-request` at what is no `Request`, and nothing else.
 */
export type HandleRequest = (request: Request, options?: HandleOptions) => Promise<Response>

/** Handlers of the app may be slow, and Stripe takes a webhook that is not answered in time for one that failed. */
const longestHold = 5 * second

interface Call {
  readonly request: Request
  readonly options: HandleOptions
}

type Route = (call: Call) => Promise<Response>

const emptyBody = z.strictObject({})

const usageQuery = z.strictObject({
  feature: text(64),
  from: z.optional(instantText),
  to: z.optional(instantText),
  step: z.optional(z.enum(['period'])),
})

/** The routes of a farebox. Those of a part that it does not have (`auth`, payments, plan tokens) answer 404. */
export function createHandleRequest(context: Context, auth: Auth | null, settings: HttpSettings): HandleRequest {
  const callers = { changer, manager, reader }
  let isMountTold = false
  const table: Readonly<Record<RouteName, Route>> = {
    ...createBillingRoutes(context, settings, callers),
    ...createSeatRoutes(context, settings, callers),
    ...createAdminRoutes(context, settings, { identify, changer }),
    plans: async () => Response.json(plansView(context.catalog), { headers: { 'cache-control': 'public, max-age=60' } }),
    me: async (call) => {
      const caller = await identify(call.request)
      await settle(call, drainSoon(context, caller.customer))
      return privateAnswer(await snapshotOf(caller))
    },
    usage: async ({ request }) => {
      const { customer } = await identify(request)
      return privateAnswer(await getUsageHistory(context, { ...readQuery(request, usageQuery), customer }))
    },
    credits: async (call) => privateAnswer({ grants: (await snapshotOf(await identify(call.request))).grants }),
    token: async (call) => {
      const caller = await changer(call.request)
      await readJson(call.request, emptyBody)
      const { customer, identity } = caller
      const { token, expiresAt } = await issuePlanToken(context, { customer, subject: identity.subject })
      return privateAnswer({ token, expiresAt: toIso(expiresAt) })
    },
    keys: async () => Response.json(await signerOf(context).publicKeys(), { headers: { 'cache-control': 'public, max-age=300' } }),
    stripeWebhook: async (call) => {
      const body = await readBytes(call.request, largestDelivery)
      const outcome = await receiveWebhook(context, { body, signature: call.request.headers.get('stripe-signature') })
      if (outcome.pending === true && outcome.customer !== null) await settle(call, drainSoon(context, outcome.customer))
      return webhookAnswer(outcome)
    },
    clerkWebhook: async (call) => {
      const webhooks = auth?.webhooks ?? null
      if (webhooks === null) throw new FareboxError('not-found', 'No sign-in service sends webhooks here')
      const body = await readBytes(call.request, largestDelivery)
      const outcome = await receiveAccountWebhook(context, webhooks, { body, headers: call.request.headers })
      return privateAnswer({ received: true, outcome: outcome.kind })
    },
    health: async () => {
      const health = await checkHealth(context)
      return Response.json(health, { status: health.status === 'down' ? 503 : 200, headers: { 'cache-control': 'no-store' } })
    },
  }

  /** Work that follows an answer: handed to the host where it can wait and does, else awaited for a while. Then it goes on beside the answer. */
  async function settle({ options: { waitUntil } }: Call, work: Promise<void>): Promise<void> {
    try {
      if (waitUntil !== undefined) return waitUntil(work)
    } catch {
      context.logger.warn('`waitUntil` threw: its work is awaited', {})
    }
    await answerWithin(context.underWay.keep(work), longestHold).catch(() => undefined)
  }

  async function identify(request: Request): Promise<Caller> {
    if (auth === null) throw new FareboxError('not-found', 'This app has no sign-in configured')
    return callerOf(auth.verifier, settings, (name) => request.headers.get(name))
  }

  /** A caller who changes something: by cookie only with JSON from the app's own origin. */
  async function changer(request: Request): Promise<Caller> {
    const caller = await identify(request)
    if (!caller.byCookie) return caller
    const origin = request.headers.get('origin')
    if (isJson(request) && settings.appUrl !== null && origin === originOf(settings.appUrl)) return caller
    throw new FareboxError('forbidden', 'Another site may have sent this request', {
      faults: [{ path: 'origin', message: 'Send JSON from the origin of appUrl, or a bearer token' }],
    })
  }

  async function manager(request: Request): Promise<Caller> {
    return managing(await changer(request))
  }

  async function reader(request: Request): Promise<Caller> {
    return managing(await identify(request))
  }

  function snapshotOf(caller: Caller): ReturnType<typeof getSnapshot> {
    return getSnapshot(context, { customer: caller.customer, canManageBilling: caller.canManageBilling })
  }

  function webhookAnswer(outcome: WebhookOutcome): Response {
    switch (outcome.kind) {
      case 'in-progress':
        return problemResponse(stop(settings, 'in-progress', {}, { 'retry-after': '5' }))
      case 'failed':
        return problemResponse(stop(settings, 'unavailable'))
      case 'applied':
      case 'superseded':
      case 'ignored':
      case 'duplicate':
      case 'parked':
        return privateAnswer({ received: true, outcome: outcome.kind })
      default:
        return outcome satisfies never
    }
  }

  async function respond(request: Request, options: HandleOptions): Promise<Response> {
    const { pathname } = new URL(request.url)
    const path = pathname.startsWith(`${settings.basePath}/`) ? pathname.slice(settings.basePath.length) : undefined
    const named = Object.entries(routes).filter(([, route]) => route.path === path)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const [name] = named.find(([, route]) => route.method === method) ?? []
    if (name !== undefined) {
      // It was found among the names of routes.
      return table[name as RouteName]({ request, options }).catch((error: unknown) => failure(name, error))
    }
    if (path === undefined) tellMount()
    if (named.length === 0) return problemResponse(stop(settings, 'not-found'))
    const allow = named.map(([, route]) => (route.method === 'GET' ? 'GET, HEAD' : route.method)).join(', ')
    return problemResponse(stop(settings, 'method-not-allowed', {}, { allow }))
  }

  /** Said once: anybody may ask for anything. */
  function tellMount(): void {
    if (!isMountTold) context.logger.warn('A request was not below basePath: mount the routes there', { basePath: settings.basePath })
    isMountTold = true
  }

  function failure(route: string, error: unknown): Response {
    const stopped = stopOf(settings, error)
    if (stopped.status >= 500) {
      context.logger.error('A request could not be answered', { route, code: failureCode(error), ...paymentFailureOf(error).log })
    }
    return problemResponse(stopped)
  }

  return async function handleRequest(request, options = {}) {
    checkWebRequest(request)
    const response = await respond(request, options)
    return request.method === 'HEAD' ? new Response(null, response) : response
  }
}

/** What a framework calls a request may be another thing: Hono's context, or the request of Node, whose URL is a path. */
function checkWebRequest(request: Request): void {
  const { url = '', headers }: Partial<Request> = Object(request)
  if (URL.canParse(url) && typeof headers?.get === 'function') return
  throw invalidRequest('This is no Request', 'request', 'Give a `Request`: in Hono `c.req.raw`; on Node an adapter makes one')
}

function managing(caller: Caller): Caller {
  if (caller.canManageBilling) return caller
  throw new FareboxError('forbidden', 'The role does not allow to manage billing')
}
