import { type ClaimsWriter, type Clock, type Store, allowance, defineCatalog, metered, toggle, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { customerMetadata, lookupKeyOf, planMetadata, stripePayments } from '@farebox/core/drivers/stripe'
import { type StripeSimulator, createStripeSimulator } from '@farebox/stripe-simulator'
import { Stripe } from 'stripe'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import type { SignedStripeEvent } from '../../src/testing/signed-stripe-event.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { createUsageBatcher } from '../../src/use-cases/counting/usage-batcher.ts'
import { createCustomerCache } from '../../src/use-cases/customers/customer-cache.ts'
import { createQuestions } from '../../src/use-cases/decisions/question.ts'
import { createQuestionNotes } from '../../src/use-cases/decisions/question-notes.ts'
import { createEvents } from '../../src/use-cases/delivering/events.ts'
import { UnderWay } from '../../src/use-cases/under-way.ts'
import { receiveWebhook } from '../../src/use-cases/webhooks/receive-webhook.ts'
import type { WebhookOutcome } from '../../src/use-cases/webhooks/webhook-outcome.ts'

/** Whether every count is at its full figure: `FAREBOX_TEST_SCALE=full`. */
export const isFull: boolean = process.env['FAREBOX_TEST_SCALE'] === 'full'

export const webhookSecret = 'whsec_test_of_the_stripe_path'

export const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: {
      name: 'Pro',
      prices: { month: usd('29'), year: usd('290') },
      trialDays: 14,
      features: { apiCalls: allowance(500).per('month'), exports: true },
    },
    team: { name: 'Team', prices: { month: usd('99') }, features: { apiCalls: allowance(5000).per('month'), exports: true } },
  },
})

export interface LogLine {
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** A local Stripe with the catalog's prices in it, one store, and as many processes on both as a test asks for. */
export interface World {
  readonly simulator: StripeSimulator
  readonly client: Stripe
  readonly store: Store
  readonly clock: Clock
  readonly logged: LogLine[]
  /** How many requests the processes have made; a half is one that is on its way. */
  readonly requests: { count: number }
  process(options?: { readonly claims?: ClaimsWriter; readonly client?: Stripe; readonly store?: Store }): Context
  /** Delivers an event to a process, signed now. */
  deliver(context: Context, event: Pick<Stripe.Event, 'id'>): Promise<WebhookOutcome>
  /** Signs an event, for those who {@link receive} it more than once. */
  sign(event: Pick<Stripe.Event, 'id'>): SignedStripeEvent
  /** The newest events first, of one customer of Stripe or of all. */
  events(): Promise<readonly Stripe.Event[]>
}

export interface WorldOptions {
  readonly seed?: number
  /**
   * Runs before each request of a process reaches Stripe and before its answer comes back; may wait, throw, or answer
   * in Stripe's place.
   */
  readonly onTheWay?: () => Promise<unknown>
  /** Whether the catalog's prices are there; they are unless a test makes others. */
  readonly hasPrices?: boolean
  /** Whether checkouts have Stripe work out the tax, 20 % of everything. */
  readonly isTaxed?: boolean
  /** Stripe's clock at the beginning. */
  readonly start?: number
  /** An empty store on that clock; one in memory unless a test gives another. */
  readonly createStore?: CreateStore
}

/** Makes an empty store that takes the time from `clock`. */
export type CreateStore = (clock: Clock) => Store | Promise<Store>

const createMemoryStore: CreateStore = (clock) => memoryStore({ clock })

const start = Date.UTC(2026, 0, 31, 10)
const encoder = new TextEncoder()

/** The unmodified stripe package, talking to `simulator` in this process. */
export function clientOf(simulator: StripeSimulator, onTheWay: () => Promise<unknown> = async () => undefined): Stripe {
  const httpClient: Stripe.HttpClient = {
    getClientName: () => 'world',
    async makeRequest(...request) {
      const before = await onTheWay()
      if (before instanceof Response) return inStripesPlace(before)
      const answer = await simulator.httpClient.makeRequest(...request)
      const after = await onTheWay()
      return after instanceof Response ? inStripesPlace(after) : answer
    },
  }
  return new Stripe('sk_test_world', { httpClient, host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false })
}

function inStripesPlace(response: Response): Stripe.HttpClientResponse {
  return {
    getStatusCode: () => response.status,
    getHeaders: () => Object.fromEntries(response.headers),
    getRawResponse: () => response,
    toStream: () => response.body,
    toJSON: async () => JSON.parse(await response.text()),
  }
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const { seed = 1, createStore = createMemoryStore, isTaxed = false } = options
  const simulator = createStripeSimulator({ clock: { now: options.start ?? start, mode: 'frozen' }, seed })
  if (isTaxed) simulator.configure({ taxPercentage: 20 })
  const client = clientOf(simulator)
  if (options.hasPrices ?? true) await push(client)
  const clock: Clock = { now: () => simulator.clock.now() }
  const store = await createStore(clock)
  const logged: LogLine[] = []
  const requests = { count: 0 }
  const counted = clientOf(simulator, async () => {
    requests.count += 0.5
    return options.onTheWay?.()
  })
  const signedAt = Date.now()
  const random = seededRandom(seed)
  const log = (message: string, fields: LogLine['fields']): void => void logged.push({ message, fields })

  const sign = (event: Pick<Stripe.Event, 'id'>): SignedStripeEvent => {
    const payload = JSON.stringify(event)
    const timestamp = Math.floor(signedAt / 1000)
    return { body: encoder.encode(payload), signature: client.webhooks.generateTestHeaderString({ payload, secret: webhookSecret, timestamp }) }
  }

  return {
    simulator,
    client,
    store,
    clock,
    logged,
    requests,
    process({ claims, client: own, store: ownStore } = {}) {
      const { usage, records } = ownStore ?? store
      return {
        catalog,
        usage,
        givenUsage: usage,
        records,
        batcher: createUsageBatcher(usage),
        leases: null,
        underWay: new UnderWay(),
        cache: createCustomerCache(),
        questions: createQuestions(catalog),
        notes: createQuestionNotes(),
        payments: stripePayments({ client: own ?? counted, webhookSecret, mode: 'test', clock: { now: () => signedAt }, ...(isTaxed && { checkout: { automaticTax: true } }) }),
        claims: claims ?? null,
        signer: null,
        events: createEvents(),
        clock,
        random,
        logger: { info: log, warn: log, error: log },
        keyFor: 86_400_000,
      }
    },
    deliver: (context, event) => receive(context, sign(event)),
    sign,
    async events() {
      return client.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })
    },
  }
}

/** What a process answers to a delivery. */
export function receive(context: Context, signed: SignedStripeEvent): Promise<WebhookOutcome> {
  return receiveWebhook(context, signed, yieldOnce)
}

/** Holds back who waits for it until it is opened. */
export interface Gate {
  readonly passed: Promise<void>
  open(): void
}

export function createGate(): Gate {
  const waiting: (() => void)[] = []
  const passed = new Promise<void>((resolve) => waiting.push(resolve))
  return { passed, open: () => waiting.forEach((resolve) => resolve()) }
}

/** For {@link createWorld}: while it is on, no process reaches Stripe. */
export interface Outage extends Pick<WorldOptions, 'onTheWay'> {
  isOn: boolean
}

export function createOutage(): Outage {
  const outage: Outage = {
    isOn: false,
    onTheWay: async () => {
      if (outage.isOn) throw new TypeError('fetch failed')
    },
  }
  return outage
}

/** Waits for nothing but the work that is already waiting. */
export function yieldOnce(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** Lets other work run `count` times. */
export async function yieldTimes(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await yieldOnce()
}

/** A customer of Stripe that names one of ours, as `farebox` makes it. */
export async function makePaymentCustomer(client: Stripe, customer: string): Promise<string> {
  return (await client.customers.create({ metadata: { [customerMetadata]: customer } })).id
}

/** The session's id in the address of its page. */
export function sessionOf(url: string): string {
  const [id] = /cs_\w+/.exec(url) ?? []
  if (id === undefined) throw new Error(`No session in ${url}`)
  return id
}

/** What `farebox push` makes. */
export async function push(client: Stripe): Promise<void> {
  for (const plan of ['pro', 'team'] as const) {
    const product = await client.products.create({ name: plan, metadata: { [planMetadata]: plan } })
    for (const interval of plan === 'pro' ? (['month', 'year'] as const) : (['month'] as const)) {
      await client.prices.create({
        product: product.id,
        currency: 'usd',
        unit_amount: 2900,
        recurring: { interval },
        lookup_key: lookupKeyOf(plan, interval),
        metadata: { [planMetadata]: plan },
      })
    }
  }
}
