import { setTimeout as wait } from 'node:timers/promises'
import type { Account } from '../account.ts'
import type { Accounts } from '../accounts.ts'
import { missingResource } from '../errors.ts'
import type { StripeEvent } from '../objects.ts'
import { createRandom, type Random } from '../random.ts'
import { repeatEvent } from '../responses/render-event.ts'
import { planDeliveries, type Disorder, type PlannedDelivery } from './disorder.ts'
import { findEvent, listenersOf, messagesFor, type Listener } from './listener.ts'
import { signingSecrets } from './secrets.ts'
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
  /** Told each attempt when it ended. */
  readonly onAttempt?: (attempt: Attempt) => void
}

/** Sends events to webhook endpoints. */
export interface Deliveries {
  /** Sends the events of one action to every endpoint and destination that takes them. */
  send(accounts: Accounts, account: Account, events: readonly StripeEvent[]): void
  /** Sends one event again, without disorder, by its id of either kind. */
  resend(accounts: Accounts, eventId: string): void
  /** Sends an event to one listener alone. */
  sendTo(listener: Listener, account: Account, event: StripeEvent): void
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
  const queues = new Map<string, Queue>()
  const settled: (() => void)[] = []
  let pending = 0
  let disorder: Disorder = {}
  let random: Random = createRandom(1)
  let abandoned = new AbortController()

  const record = (attempt: Attempt): void => {
    attempts.push(attempt)
    settings.onAttempt?.(attempt)
    if (attempts.length > keptAttempts) attempts.splice(0, attempts.length - keptAttempts)
  }
  const finish = (): void => {
    pending -= 1
    if (pending === 0) for (const resolve of settled.splice(0)) resolve()
  }
  const enqueue = (delivery: PlannedDelivery, account: Account): void => {
    if (delivery.isDropped) {
      record({ ...describe(delivery), outcome: 'dropped', status: null, attempt: 0, durationMs: 0, at: nowText() })
      return
    }
    pending += 1
    const queue = queues.get(delivery.listener.id) ?? { waiting: [], taken: 0, running: 0 }
    queues.set(delivery.listener.id, queue)
    queue.waiting.push(delivery)
    const work = async (): Promise<void> => {
      queue.running += 1
      for (let next = take(queue); next !== undefined; next = take(queue)) {
        await deliver(next, account, settings, abandoned.signal, record)
        finish()
      }
      queue.running -= 1
    }
    if (queue.running < settings.concurrency) void work()
  }

  return {
    send(accounts, account, events) {
      const listeners = listenersOf(accounts, account)
      if (listeners.length === 0) return
      const { replay = 0 } = disorder
      const { store, identifiers } = account
      const again = (event: StripeEvent): StripeEvent[] =>
        random() < replay ? [event, repeatEvent(store, event, identifiers.next('evt'))] : [event]
      const told = replay === 0 ? events : events.flatMap(again)
      for (const listener of listeners) {
        const messages = told.flatMap((event) => messagesFor(listener, account, event))
        for (const delivery of planDeliveries(messages, listener, disorder, random)) enqueue(delivery, account)
      }
    },
    resend(accounts, eventId) {
      for (const account of accounts.all()) {
        const event = findEvent(account, eventId)
        if (event === undefined) continue
        for (const listener of listenersOf(accounts, account)) {
          const messages = messagesFor(listener, account, event).filter(({ id }) => id === eventId)
          for (const delivery of planDeliveries(messages, listener, {}, random)) enqueue(delivery, account)
        }
        return
      }
      throw missingResource('event', eventId)
    },
    sendTo(listener, account, event) {
      const messages = messagesFor({ ...listener, enabledEvents: ['*'] }, account, event)
      for (const delivery of planDeliveries(messages, listener, {}, random)) enqueue(delivery, account)
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
      for (const queue of queues.values()) while (take(queue) !== undefined) finish()
      abandoned.abort()
      abandoned = new AbortController()
    },
  }
}

/** The deliveries to one listener; the first `taken` of those waiting are under way or done. */
interface Queue {
  waiting: PlannedDelivery[]
  taken: number
  running: number
}

function take(queue: Queue): PlannedDelivery | undefined {
  const next = queue.waiting[queue.taken]
  queue.taken += 1
  if (next !== undefined) return next
  queue.waiting = []
  queue.taken = 0
  return undefined
}

async function deliver(
  delivery: PlannedDelivery,
  account: Account,
  settings: DeliverySettings,
  abandoned: AbortSignal,
  record: (attempt: Attempt) => void,
): Promise<void> {
  const { listener, message } = delivery
  const body = message.body()
  const secrets = signingSecrets(listener.secrets, account.timelines.main.seconds())
  try {
    if (delivery.delayMs > 0) await wait(delivery.delayMs, undefined, { signal: abandoned })
    for (let attempt = 1; !abandoned.aborted; attempt += 1) {
      const sentAt = performance.now()
      const at = nowText()
      const status = await post(listener.url, secrets, body, settings.timeoutMs, abandoned)
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
  url: string,
  secrets: readonly string[],
  body: string,
  timeoutMs: number,
  abandoned: AbortSignal,
): Promise<number | null> {
  const timestamp = Math.floor(Date.now() / 1000)
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signatureHeader(body, secrets, timestamp),
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
  const { message, listener } = delivery
  return { event: message.id, type: message.type, customer: message.customer, url: listener.url }
}

function nowText(): string {
  return new Date().toISOString()
}
