import { ownCause } from './account.ts'
import { createAccounts, type Accounts } from './accounts.ts'
import { apiVersion } from './api-version.ts'
import { catchUp } from './api/answer-request.ts'
import { createApp } from './app.ts'
import { createSimulatedClock, type ClockMode } from './clock.ts'
import { advanceClock, type ClockMove } from './control/advance-clock.ts'
import { countObjects, readDisorder } from './control/control-routes.ts'
import { readSettings } from './control/read-settings.ts'
import { createDeliveries, type Attempt, type DeliverySettings } from './deliveries/deliveries.ts'
import type { Disorder } from './deliveries/disorder.ts'
import { countListeners } from './deliveries/listener.ts'
import { rollSecret } from './deliveries/secrets.ts'
import { createHttpClient, type SimulatorHttpClient } from './http-client.ts'
import { completeCheckout, type CheckoutEntry } from './lifecycle/checkout/complete-checkout.ts'
import { authenticate } from './lifecycle/people/authenticate.ts'
import { closeDispute } from './lifecycle/people/close-dispute.ts'
import { disputePayment } from './lifecycle/people/dispute-payment.ts'
import { setCard } from './lifecycle/people/set-card.ts'
import type { StoredObject } from './objects.ts'
import { createDestination } from './resources/event-destinations.ts'
import { createEndpoint, requireVersion } from './resources/webhook-endpoints.ts'
import { restoreState, saveState } from './saved-state.ts'
import { listen, type Listening } from './server.ts'
import type { Settings } from './settings.ts'
import { simulationFor, type Simulation } from './simulation.ts'

/** A place to which events are delivered. */
export interface WebhookDestination {
  readonly url: string
  /** Signs the deliveries, such as `whsec_...`. */
  readonly secret: string
  /** Event types; `['*']` or nothing: all. */
  readonly enabledEvents?: readonly string[]
  /** The API version of its events, from 2024-06-20 on. Default: `apiVersion`. */
  readonly apiVersion?: string
  /** `thin` makes it an event destination that is sent thin events of API v2. Default `snapshot`. */
  readonly payload?: 'snapshot' | 'thin'
  /** Takes the events of connected accounts instead of the own account's. Default false. */
  readonly connect?: boolean
  /** Takes the events of live mode instead of test mode's. Default false. */
  readonly livemode?: boolean
}

/** How a simulator is set up. Everything has a default. */
export interface StripeSimulatorOptions {
  /** Simulated time: where it starts (milliseconds since 1970, default now), and whether it runs by itself (the default) or is frozen. */
  readonly clock?: { readonly now?: number; readonly mode?: ClockMode }
  readonly webhookEndpoints?: readonly WebhookDestination[]
  /** Changes every generated id; the same seed and the same calls give the same ids. Default 1. */
  readonly seed?: number
  /** The only secret key that is accepted. By default every test key is. */
  readonly apiKey?: string
  /** Accepts live keys (`sk_live_...`), which see objects and events of their own. Default false: never a real key by mistake. */
  readonly liveKeys?: boolean
  /** The API version of requests and endpoints that name none. Default 2026-10-28.endive. */
  readonly apiVersion?: string
  /** Ids of connected accounts, such as `acct_shop`. */
  readonly connectedAccounts?: readonly string[]
  /** Delay of each API request in milliseconds of real time. Default 0. */
  readonly latencyMs?: number
  /** Where people reach the hosted pages, when it is not where the API is called. */
  readonly publicUrl?: string
  /**
   * Keeps everything in this file, and goes on from it where there is one: saved before a request is answered that is no GET and came over
   * HTTP or by `fetch`. Without it everything is gone with the process.
   */
  readonly file?: string
  /** How deliveries are made. Default: 10 s to answer, tried again after 0.1, 0.5 and 2 s, 8 at once per endpoint. */
  readonly deliveries?: Partial<DeliverySettings>
}

/** A local Stripe: an account of its own and those connected to it, shared with nothing. */
export interface StripeSimulator {
  /** Answers an API request, a hosted page or a control route, without a socket. */
  fetch(request: Request): Promise<Response>
  /**
   * Answers the API in this process, as the option `httpClient` of `new Stripe(...)`: what the `stripe` package sends is read
   * and answered as over HTTP, and several times as fast.
   */
  readonly httpClient: SimulatorHttpClient
  /** Serves it over HTTP; port 0 takes a free one. It listens on 127.0.0.1 unless told otherwise. */
  listen(options?: { readonly port?: number; readonly hostname?: string }): Promise<Listening>
  readonly clock: {
    /** Simulated time in milliseconds since 1970. */
    now(): number
    /** Moves simulated time forward, runs what falls due on the way in order, and answers the new instant. */
    advance(move: ClockMove): number
  }
  /** Pays a session as a person on its page would; default card 4242 4242 4242 4242. Throws when the card is declined. */
  completeCheckout(sessionId: string, entry?: CheckoutEntry): void
  /** Gives a customer a new card that pays from now on; `4000000000000341` makes the next charge fail. */
  setCard(customerId: string, card: string): void
  /** Disputes a payment (an invoice, payment intent or charge) as the holder of the card would. Answers the dispute's id. */
  dispute(paymentId: string, reason?: string): string
  /** Decides a dispute. */
  closeDispute(disputeId: string, outcome: 'lost' | 'won'): void
  /** Ends the 3-D Secure of a payment intent or setup intent; default: it is passed. */
  authenticate(intentId: string, outcome?: 'passed' | 'failed'): void
  /** Sets what Stripe's dashboard sets: the schedule of retries, what follows the last of them, days of a bank debit. */
  configure(settings: Partial<Settings>): void
  readonly deliveries: {
    /** Sets what goes wrong with coming deliveries; `{}` ends it. */
    configure(disorder: Disorder): void
    /** Delivers an event once more. */
    resend(eventId: string): void
    /** The attempts so far, oldest first (the last 10,000). */
    readonly attempts: readonly Attempt[]
    readonly pending: number
  }
  /** Connects an account, by an id of your own or a new one; `Stripe-Account` names it in requests. Answers the id. */
  connectAccount(id?: string): string
  /**
   * Gives a webhook endpoint or event destination a new signing secret and answers it. For 24 hours of simulated time, or as
   * many as are given, the former one signs along.
   */
  rollSecret(endpointId: string, overlapHours?: number): string
  /** Resolves when no delivery is waiting, under way or to be tried again. */
  settle(): Promise<void>
  /** How many objects of each kind there are. */
  state(): Readonly<Record<string, number>>
}

/** The routes hold no state: whichever simulator answers is handed to them with each request. */
const app = createApp()

/** Creates a simulator. It holds everything in memory, and in a file where one is named, and starts no timers. */
export function createStripeSimulator(options: StripeSimulatorOptions = {}): StripeSimulator {
  const given = new Set<string>()
  const simulation = createSimulation(options, given)
  const { accounts, deliveries } = simulation
  const { main } = simulation.account.timelines
  const { file } = options
  const fetch = async (request: Request): Promise<Response> => {
    const response = await app.fetch(request, simulationOf(simulation, request))
    if (file !== undefined && request.method !== 'GET') saveState(accounts, file, given)
    return response
  }
  return {
    fetch,
    httpClient: createHttpClient(simulation),
    listen: (where = {}) => listen(fetch, where, () => deliveries.abandon()),
    clock: { now: () => main.now(), advance: (move) => advanceClock(accounts, move) },
    completeCheckout(sessionId, entry) {
      catchUp(simulation)
      const { account } = simulationFor(simulation, sessionId)
      account.act(ownCause, () => completeCheckout(account, sessionId, entry))
    },
    setCard(customerId, card) {
      catchUp(simulation)
      const { account } = simulationFor(simulation, customerId)
      account.act(ownCause, () => setCard(account, customerId, card))
    },
    dispute(paymentId, reason) {
      catchUp(simulation)
      const { account } = simulationFor(simulation, paymentId)
      return account.act(ownCause, () => disputePayment(account, paymentId, reason).id, paymentId)
    },
    closeDispute(disputeId, outcome) {
      catchUp(simulation)
      const { account } = simulationFor(simulation, disputeId)
      account.act(ownCause, () => closeDispute(account, disputeId, outcome), disputeId)
    },
    authenticate(intentId, outcome = 'passed') {
      catchUp(simulation)
      const { account } = simulationFor(simulation, intentId)
      account.act(ownCause, () => authenticate(account, intentId, outcome === 'passed'), intentId)
    },
    configure(settings) {
      const { account } = simulation
      account.settings = { ...account.settings, ...readSettings(new Map(Object.entries(settings))) }
    },
    deliveries: {
      configure: (disorder) => deliveries.configure(readDisorder(new Map(Object.entries(disorder)))),
      resend: (eventId) => deliveries.resend(accounts, eventId),
      get attempts() {
        return deliveries.attempts
      },
      get pending() {
        return deliveries.pending
      },
    },
    connectAccount: (id) => accounts.connect(id),
    rollSecret: (endpointId, overlapHours) => rollSecret(accounts.holding(endpointId), endpointId, overlapHours),
    settle() {
      for (const account of accounts.all()) account.finish()
      return deliveries.settle()
    },
    state: () => countObjects(simulation),
  }
}

/** The pages and control routes that name an object are about its account. */
function simulationOf(simulation: Simulation, request: Request): Simulation {
  const named = /^\/(?:authenticate|c\/pay|i|p\/session)\/(\w+)/.exec(new URL(request.url).pathname)?.[1]
  return named === undefined ? simulation : simulationFor(simulation, named)
}

/** `given` takes the ids of what the options make. */
function createSimulation(options: StripeSimulatorOptions, given: Set<string>): Simulation {
  const { now, mode } = options.clock ?? {}
  const version = options.apiVersion ?? apiVersion
  requireVersion(version, 'apiVersion')
  const deliveries = createDeliveries({ timeoutMs: 10_000, retryDelaysMs: [100, 500, 2000], concurrency: 8, ...options.deliveries })
  const accounts: Accounts = createAccounts({
    clock: createSimulatedClock({ ...(now !== undefined && { start: now }), ...(mode !== undefined && { mode }) }),
    seed: options.seed ?? 1,
    apiVersion: version,
    listeners: (account, type) => countListeners(accounts, account, type),
    sink: (account, events) => deliveries.send(accounts, account, events),
  })
  const account = accounts.own(false)
  if (options.file !== undefined) restoreState(accounts, options.file)
  for (const id of options.connectedAccounts ?? []) accounts.connect(id)
  for (const destination of options.webhookEndpoints ?? []) given.add(addDestination(accounts, destination).id)
  const latencyMs = options.latencyMs ?? 0
  return {
    account,
    accounts,
    deliveries,
    options: { apiKey: options.apiKey, liveKeys: options.liveKeys ?? false, publicUrl: options.publicUrl },
    latency: async () => {
      if (latencyMs > 0) await new Promise((resolve) => void setTimeout(resolve, latencyMs))
    },
    report(error) {
      const fault = error instanceof Error ? error.stack : String(error)
      process.stderr.write(`stripe-simulator: ${fault}\n`)
    },
  }
}

function addDestination(accounts: Accounts, destination: WebhookDestination): StoredObject {
  const { url, secret, enabledEvents, apiVersion: version, payload, connect } = destination
  const account = accounts.own(destination.livemode ?? false)
  const common = { secret, enabled_events: enabledEvents ?? ['*'] }
  if (payload === 'thin') {
    return createDestination(account, {
      ...common,
      event_payload: 'thin',
      events_from: [connect === true ? '@accounts' : '@self'],
      name: url,
      type: 'webhook_endpoint',
      webhook_endpoint: { url },
    })
  }
  return createEndpoint(account, { ...common, url, connect: connect ?? false, api_version: version ?? account.apiVersion })
}
