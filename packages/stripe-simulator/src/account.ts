import type { Agenda } from './agenda.ts'
import type { SimulatedClock } from './clock.ts'
import { StripeError } from './errors.ts'
import type { EmittedEventType } from './event-types.ts'
import { createIdempotencyKeys, type IdempotencyKeys } from './api/idempotency.ts'
import { createReadMemory, type ReadMemory } from './api/read-memory.ts'
import type { Identifiers } from './identifiers.ts'
import { nextInstant, nextInvoiceInstant, nextPhaseChange } from './lifecycle/next-instant.ts'
import type { StoredObject, StripeEvent } from './objects.ts'
import { defaultSettings, type Settings } from './settings.ts'
import { settleEvent } from './responses/render-event.ts'
import { begin, createStore, rollBack, type Store } from './store.ts'
import { createTimelines, type Timelines } from './timelines.ts'
import { testClockOf } from './test-clock-of.ts'

const eventLifetime = 30 * 86_400

/** What an event's `request` says: the API request that caused it, or nulls when Stripe acted by itself. */
export interface Cause {
  readonly requestId: string | null
  readonly idempotencyKey: string | null
}

/** The cause of what happens by the clock, on a hosted page or through a control route. */
export const ownCause: Cause = { requestId: null, idempotencyKey: null }

/** Which account it is. */
export interface AccountIdentity {
  /** Such as `acct_1...`. */
  readonly id: string
  /** Whether live keys see it; test keys see another account of the same id. */
  readonly livemode: boolean
  /** Whether it is connected to the simulator's own account, its platform. */
  readonly isConnected: boolean
  /** The version of requests that name none, and of events at endpoints that have none. */
  readonly apiVersion: string
}

/** One simulated Stripe account: its time, its objects and the events they cause. */
export interface Account extends AccountIdentity {
  /** The time of what is running: the simulator's, or that of a test clock. */
  readonly clock: SimulatedClock
  readonly timelines: Timelines
  readonly identifiers: Identifiers
  readonly keys: IdempotencyKeys
  readonly reads: ReadMemory
  readonly store: Store
  readonly agenda: Agenda
  /** What is set in the dashboard. */
  settings: Settings
  /** Where people reach the hosted pages: where the API was last called, unless that is set. */
  readonly pages: { origin: string }
  /**
   * Runs one action, whole or not at all: what it wrote is taken back when it throws. The events that it emitted are
   * handed over together, in order, once it is done. With `about`, an object's id, it runs in that object's time.
   */
  act<Result>(cause: Cause, work: () => Result, about?: string): Result
  /** Puts work off until the answer is on its way: it is done before anything else happens. */
  afterwards(work: () => void): void
  /** Does what was put off. */
  finish(): void
  /** Records an event about `object` as it is stored now; `before` makes it tell what changed. */
  emit(type: EmittedEventType, object: StoredObject, before?: StoredObject): void
}

/** Told the events of each finished action. */
export type EventSink = (account: Account, events: readonly StripeEvent[]) => void

/** How many endpoints and destinations take an event of this type now. */
export type CountListeners = (account: Account, type: string) => number

export function createAccount(parts: {
  identity: AccountIdentity
  clock: SimulatedClock
  identifiers: Identifiers
  listeners: CountListeners
  sink: EventSink
}): Account {
  const timelines = createTimelines(parts.clock)
  const { agenda } = timelines
  let unsettled: StripeEvent[] = []
  let writes = 0
  const store = createStore({
    written: () => void (writes += 1),
    subscriptionChanged(id, subscription) {
      agenda.schedule(id, subscription === undefined ? undefined : nextInstant(subscription))
    },
    invoiceChanged: (id, invoice) => agenda.schedule(id, invoice === undefined ? undefined : nextInvoiceInstant(invoice)),
    paymentIntentChanged: (id, intent) => agenda.schedule(id, intent?.internal.settlesAt ?? undefined),
    refundChanged: (id, refund) => agenda.schedule(id, refund?.internal.settles?.at),
    scheduleChanged: (id, schedule) => agenda.schedule(id, schedule === undefined ? undefined : nextPhaseChange(schedule)),
    sessionChanged: (id, session) =>
      agenda.schedule(id, session?.status === 'open' ? session.expires_at : undefined),
    // Events show the objects that theirs embeds as they were: what has not been rendered yet is rendered before they change.
    embeddedChanging() {
      for (const event of unsettled.splice(0)) settleEvent(store, event)
    },
  })
  let emitted: StripeEvent[] = []
  const putOff: (() => void)[] = []
  let current: Cause = ownCause

  const forgetOldEvents = (): void => {
    const oldest = timelines.main.seconds() - eventLifetime
    for (const event of store.events.oldestFirst()) {
      if (event.internal.recordedAt >= oldest) break
      store.events.remove(event.id)
    }
    if (unsettled.length > 2 * store.events.size) {
      unsettled = unsettled.filter((event) => store.events.find(event.id) !== undefined)
    }
  }

  const account: Account = {
    ...parts.identity,
    clock: timelines.clock,
    timelines,
    identifiers: parts.identifiers,
    keys: createIdempotencyKeys(),
    reads: createReadMemory(() => `${writes} ${timelines.main.now()}`),
    store,
    agenda,
    settings: defaultSettings,
    pages: { origin: 'http://127.0.0.1' },
    act(cause, work, about) {
      current = cause
      emitted = []
      begin(store)
      try {
        return timelines.within(about === undefined ? undefined : testClockOf(store, about), work)
      } catch (error) {
        if (!(error instanceof StripeError && error.keepsWrites)) {
          rollBack(store)
          emitted = []
        }
        throw error
      } finally {
        current = ownCause
        forgetOldEvents()
        const finished = emitted
        emitted = []
        if (finished.length > 0) parts.sink(account, finished)
      }
    },
    afterwards(work) {
      putOff.push(work)
      setImmediate(() => account.finish())
    },
    finish() {
      for (const work of putOff.splice(0)) work()
    },
    emit(type, object, before) {
      const event: StripeEvent = {
        id: parts.identifiers.next('evt'),
        object: 'event',
        api_version: account.apiVersion,
        created: timelines.clock.seconds(),
        pending_webhooks: parts.listeners(account, type),
        request: { id: current.requestId, idempotency_key: current.idempotencyKey },
        type,
        internal: {
          account: parts.identity,
          customer: customerOf(store, object),
          recordedAt: timelines.main.seconds(),
          subject: object,
          before,
        },
      }
      store.events.save(event)
      unsettled.push(event)
      emitted.push(event)
    },
  }
  return account
}

function customerOf(store: Store, object: StoredObject): string | null {
  if (object.object === 'customer') return object.id
  const customer = object['customer'] ?? store.invoices.find(String(object['invoice']))?.customer
  return typeof customer === 'string' ? customer : null
}
