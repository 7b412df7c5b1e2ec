import { setTimeout as wait } from 'node:timers/promises'
import { createAccount, ownCause } from './account.ts'
import { catchUp } from './api/answer-request.ts'
import { createIdempotencyKeys } from './api/idempotency.ts'
import { createApp } from './app.ts'
import { createSimulatedClock, type ClockMode } from './clock.ts'
import { advanceClock, type ClockMove } from './control/advance-clock.ts'
import { countObjects, readDisorder } from './control/control-routes.ts'
import { createDeliveries, type Attempt, type DeliverySettings } from './deliveries/deliveries.ts'
import type { Disorder } from './deliveries/disorder.ts'
import { createIdentifiers } from './identifiers.ts'
import { completeCheckout, type CheckoutEntry } from './lifecycle/checkout.ts'
import { setCard } from './lifecycle/set-card.ts'
import { createEndpoint } from './resources/webhook-endpoints.ts'
import { listen, type Listening } from './server.ts'
import type { Simulation } from './simulation.ts'

/** A place to which events are delivered. */
export interface WebhookDestination {
  readonly url: string
  /** Signs the deliveries, such as `whsec_...`. */
  readonly secret: string
  /** Event types; `['*']` or nothing: all. */
  readonly enabledEvents?: readonly string[]
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
  /** Delay of each API request in milliseconds of real time. Default 0. */
  readonly latencyMs?: number
  /** Where people reach the hosted pages, when it is not where the API is called. */
  readonly publicUrl?: string
  /** How deliveries are made. Default: 10 s to answer, tried again after 0.1, 0.5 and 2 s, 8 at once per endpoint. */
  readonly deliveries?: Partial<DeliverySettings>
}

/** A local Stripe: one account of its own, shared with nothing. */
export interface StripeSimulator {
  /** Answers an API request, a hosted page or a control route, without a socket. */
  fetch(request: Request): Promise<Response>
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
  readonly deliveries: {
    /** Sets what goes wrong with coming deliveries; `{}` ends it. */
    configure(disorder: Disorder): void
    /** Delivers an event once more. */
    resend(eventId: string): void
    /** The attempts so far, oldest first (the last 10,000). */
    readonly attempts: readonly Attempt[]
    readonly pending: number
  }
  /** Resolves when no delivery is waiting, under way or to be tried again. */
  settle(): Promise<void>
  /** How many objects of each kind there are. */
  state(): Readonly<Record<string, number>>
}

/** The routes hold no state: whichever simulator answers is handed to them with each request. */
const app = createApp()

/** Creates a simulator. It holds everything in memory and starts no timers. */
export function createStripeSimulator(options: StripeSimulatorOptions = {}): StripeSimulator {
  const simulation = createSimulation(options)
  const { account, deliveries } = simulation
  const fetch = async (request: Request): Promise<Response> => app.fetch(request, simulation)
  return {
    fetch,
    listen: (where = {}) => listen(fetch, where, () => deliveries.abandon()),
    clock: { now: () => account.clock.now(), advance: (move) => advanceClock(account, move) },
    completeCheckout(sessionId, entry) {
      catchUp(simulation)
      account.act(ownCause, () => completeCheckout(account, sessionId, entry))
    },
    setCard(customerId, card) {
      catchUp(simulation)
      account.act(ownCause, () => setCard(account, customerId, card))
    },
    deliveries: {
      configure: (disorder) => deliveries.configure(readDisorder(new Map(Object.entries(disorder)))),
      resend: (eventId) => deliveries.resend(account, eventId),
      get attempts() {
        return deliveries.attempts
      },
      get pending() {
        return deliveries.pending
      },
    },
    settle: () => deliveries.settle(),
    state: () => countObjects(simulation),
  }
}

function createSimulation(options: StripeSimulatorOptions): Simulation {
  const { now, mode } = options.clock ?? {}
  const deliveries = createDeliveries({ timeoutMs: 10_000, retryDelaysMs: [100, 500, 2000], concurrency: 8, ...options.deliveries })
  const account = createAccount({
    clock: createSimulatedClock({ ...(now !== undefined && { start: now }), ...(mode !== undefined && { mode }) }),
    identifiers: createIdentifiers(options.seed ?? 1),
    sink: (events) => deliveries.send(account, events),
  })
  for (const { url, secret, enabledEvents } of options.webhookEndpoints ?? []) {
    createEndpoint(account, { url, secret, enabled_events: enabledEvents ?? ['*'] })
  }
  const latencyMs = options.latencyMs ?? 0
  return {
    account,
    keys: createIdempotencyKeys(),
    deliveries,
    options: { apiKey: options.apiKey, publicUrl: options.publicUrl },
    latency: async () => {
      if (latencyMs > 0) await wait(latencyMs)
    },
    report(error) {
      const fault = error instanceof Error ? error.stack : String(error)
      process.stderr.write(`stripe-simulator: ${fault}\n`)
    },
  }
}
