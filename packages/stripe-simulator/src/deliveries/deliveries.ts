import { setTimeout as wait } from 'node:timers/promises'
import type { Account } from '../account.ts'
import { isSubscribed } from '../account.ts'
import { get } from '../get.ts'
import type { StripeEvent, WebhookEndpoint } from '../objects.ts'
import { createRandom, type Random } from '../random.ts'
import { planDeliveries, type Disorder, type PlannedDelivery } from './disorder.ts'
import { signatureHeader } from './sign.ts'

const keptAttempts = 10_000

/** One attempt to deliver an event, or the fact that it was lost on purpose. */
export interface Attempt {
  readonly event: string
  readonly type: string
  readonly customer: string | null
  readonly url: string
  /** `delivered`: answered 2xx. `failed`: anything else. `dropped`: never sent. */
  readonly outcome: 'delivered' | 'failed' | 'dropped'
  /** The HTTP status that was answered; null without an answer. */
  readonly status: number | null
  /** 1 for the first attempt of a delivery. */
  readonly attempt: number
  readonly durationMs: number
  /** Real time at which it was sent, ISO 8601. */
  readonly at: string
}

/** How deliveries are made. All times are real time in milliseconds. */
export interface DeliverySettings {
  /** How long an endpoint may take to answer. */
  readonly timeoutMs: number
  /** Waits before the second, third, ... attempt of a delivery that was not answered 2xx. */
  readonly retryDelaysMs: readonly number[]
  /** How many deliveries are under way at once per endpoint. */
  readonly concurrency: number
}

/** Sends events to webhook endpoints. */
export interface Deliveries {
  /** Sends the events of one action to every endpoint that takes them. */
  send(account: Account, events: readonly StripeEvent[]): void
  /** Sends one event again, without disorder. */
  resend(account: Account, eventId: string): void
  /** Replaces the disorder of coming deliveries. */
  configure(disorder: Disorder): void
  readonly disorder: Disorder
  readonly attempts: readonly Attempt[]
  /** Deliveries that are waiting, under way or to be tried again. */
  readonly pending: number
  /** Resolves when nothing is pending. */
  settle(): Promise<void>
  /** Gives up everything that is pending. */
  abandon(): void
}

export function createDeliveries(settings: DeliverySettings): Deliveries {
  const attempts: Attempt[] = []
  const queues = new Map<string, { waiting: PlannedDelivery[]; running: number }>()
  const settled: (() => void)[] = []
  let pending = 0
  let disorder: Disorder = {}
  let random: Random = createRandom(1)
  let abandoned = new AbortController()

  const record = (attempt: Attempt): void => {
    attempts.push(attempt)
    if (attempts.length > keptAttempts) attempts.splice(0, attempts.length - keptAttempts)
  }
  const finish = (): void => {
    pending -= 1
    if (pending === 0) for (const resolve of settled.splice(0)) resolve()
  }
  const enqueue = (delivery: PlannedDelivery): void => {
    if (delivery.isDropped) {
      record({ ...describe(delivery), outcome: 'dropped', status: null, attempt: 0, durationMs: 0, at: nowText() })
      return
    }
    pending += 1
    const queue = queues.get(delivery.endpoint.id) ?? { waiting: [], running: 0 }
    queues.set(delivery.endpoint.id, queue)
    queue.waiting.push(delivery)
    const work = async (): Promise<void> => {
      queue.running += 1
      for (let next = queue.waiting.shift(); next !== undefined; next = queue.waiting.shift()) {
        await deliver(next, settings, abandoned.signal, record)
        finish()
      }
      queue.running -= 1
    }
    if (queue.running < settings.concurrency) void work()
  }

  return {
    send(account, events) {
      for (const endpoint of account.store.webhookEndpoints.oldestFirst()) {
        const taken = events.filter((event) => isSubscribed(endpoint, event.type))
        for (const delivery of planDeliveries(taken, endpoint, disorder, random)) enqueue(delivery)
      }
    },
    resend(account, eventId) {
      const event = get(account.store.events, eventId)
      for (const endpoint of account.store.webhookEndpoints.oldestFirst()) {
        if (isSubscribed(endpoint, event.type)) enqueue({ event, endpoint, isDropped: false, delayMs: 0 })
      }
    },
    configure(wanted) {
      disorder = wanted
      random = createRandom(wanted.seed ?? 1)
    },
    get disorder() {
      return disorder
    },
    get attempts() {
      return attempts
    },
    get pending() {
      return pending
    },
    settle: () => (pending === 0 ? Promise.resolve() : new Promise((resolve) => settled.push(resolve))),
    abandon() {
      const given = [...queues.values()].flatMap(({ waiting }) => waiting.splice(0))
      given.forEach(finish)
      abandoned.abort()
      abandoned = new AbortController()
    },
  }
}

async function deliver(
  delivery: PlannedDelivery,
  settings: DeliverySettings,
  abandoned: AbortSignal,
  record: (attempt: Attempt) => void,
): Promise<void> {
  const { internal: _internal, ...event } = delivery.event
  const body = JSON.stringify(event, null, 2)
  try {
    if (delivery.delayMs > 0) await wait(delivery.delayMs, undefined, { signal: abandoned })
    for (let attempt = 1; !abandoned.aborted; attempt += 1) {
      const sentAt = performance.now()
      const at = nowText()
      const status = await post(delivery.endpoint, body, settings.timeoutMs, abandoned)
      const outcome = status !== null && status >= 200 && status < 300 ? 'delivered' : 'failed'
      const durationMs = Math.round(performance.now() - sentAt)
      record({ ...describe(delivery), outcome, status, attempt, durationMs, at })
      const delay = settings.retryDelaysMs[attempt - 1]
      if (outcome === 'delivered' || delay === undefined) return
      await wait(delay, undefined, { signal: abandoned })
    }
  } catch {
    // Only the waits reject, when deliveries are abandoned.
  }
}

async function post(
  endpoint: WebhookEndpoint,
  body: string,
  timeoutMs: number,
  abandoned: AbortSignal,
): Promise<number | null> {
  const timestamp = Math.floor(Date.now() / 1000)
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signatureHeader(body, endpoint.internal.secret, timestamp),
        'user-agent': 'Stripe/1.0 (simulated by @farebox/stripe-simulator)',
      },
      redirect: 'manual',
      signal: AbortSignal.any([abandoned, AbortSignal.timeout(timeoutMs)]),
    })
    await response.body?.cancel()
    return response.status
  } catch {
    return null
  }
}

function describe(delivery: PlannedDelivery): Pick<Attempt, 'event' | 'type' | 'customer' | 'url'> {
  const { event, endpoint } = delivery
  return { event: event.id, type: event.type, customer: event.internal.customer, url: endpoint.url }
}

function nowText(): string {
  return new Date().toISOString()
}
