import { createAgenda, type Agenda } from './agenda.ts'
import { apiVersion } from './api-version.ts'
import type { EmittedEventType } from './event-types.ts'
import type { SimulatedClock } from './clock.ts'
import { StripeError } from './errors.ts'
import type { Identifiers } from './identifiers.ts'
import { nextInstant } from './lifecycle/next-instant.ts'
import { nextPhaseChange } from './lifecycle/run-schedule.ts'
import type { StoredObject, StripeEvent } from './objects.ts'
import { changedAttributes } from './responses/changed-attributes.ts'
import { render } from './responses/render.ts'
import { begin, createStore, rollBack, type Store } from './store.ts'

const eventLifetime = 30 * 86_400

/** What an event's `request` says: the API request that caused it, or nulls when Stripe acted by itself. */
export interface Cause {
  readonly requestId: string | null
  readonly idempotencyKey: string | null
}

/** The cause of what happens by the clock, on a hosted page or through a control route. */
export const ownCause: Cause = { requestId: null, idempotencyKey: null }

/** One simulated Stripe account: its time, its objects and the events they cause. */
export interface Account {
  readonly clock: SimulatedClock
  readonly identifiers: Identifiers
  readonly store: Store
  readonly agenda: Agenda
  /**
   * Runs one action, whole or not at all: what it wrote is taken back when it throws. The events that it emitted are
   * handed over together, in order, once it is done.
   */
  act<Result>(cause: Cause, work: () => Result): Result
  /** Records an event about `object` as it is stored now; `before` makes it tell what changed. */
  emit(type: EmittedEventType, object: StoredObject, before?: StoredObject): void
}

/** Told the events of each finished action. */
export type EventSink = (events: readonly StripeEvent[]) => void

export function createAccount(parts: {
  clock: SimulatedClock
  identifiers: Identifiers
  sink: EventSink
}): Account {
  const agenda = createAgenda()
  const store = createStore({
    subscriptionChanged(id, subscription) {
      const invoice = store.invoices.find(subscription?.latest_invoice ?? '')
      agenda.schedule(id, subscription === undefined ? undefined : nextInstant(subscription, invoice))
    },
    scheduleChanged: (id, schedule) =>
      agenda.schedule(id, schedule === undefined ? undefined : nextPhaseChange(schedule)),
    sessionChanged: (id, session) =>
      agenda.schedule(id, session?.status === 'open' ? session.expires_at : undefined),
  })
  let emitted: StripeEvent[] = []
  let current: Cause = ownCause

  const forgetOldEvents = (): void => {
    const oldest = parts.clock.seconds() - eventLifetime
    for (const event of store.events.oldestFirst()) {
      if (event.created >= oldest) return
      store.events.remove(event.id)
    }
  }

  const account: Account = {
    clock: parts.clock,
    identifiers: parts.identifiers,
    store,
    agenda,
    act(cause, work) {
      current = cause
      emitted = []
      begin(store)
      try {
        return work()
      } catch (error) {
        if (!(error instanceof StripeError && error.keepsWrites)) {
          rollBack(store)
          emitted = []
        }
        throw error
      } finally {
        current = ownCause
        forgetOldEvents()
        if (emitted.length > 0) parts.sink(emitted)
      }
    },
    emit(type, object, before) {
      const rendered = render(store, object)
      const previous = before === undefined ? undefined : changedAttributes(render(store, before), rendered)
      const listening = store.webhookEndpoints.newestFirst().filter((endpoint) => isSubscribed(endpoint, type))
      const event: StripeEvent = {
        id: parts.identifiers.next('evt'),
        object: 'event',
        api_version: apiVersion,
        created: parts.clock.seconds(),
        data: { object: rendered, ...(previous !== undefined && { previous_attributes: previous }) },
        livemode: false,
        pending_webhooks: listening.length,
        request: { id: current.requestId, idempotency_key: current.idempotencyKey },
        type,
        internal: { customer: customerOf(store, object) },
      }
      store.events.save(event)
      emitted.push(event)
    },
  }
  return account
}

/** Whether an endpoint takes events of a type now. */
export function isSubscribed(
  endpoint: { readonly status: string; readonly enabled_events: readonly string[] },
  type: string,
): boolean {
  if (endpoint.status !== 'enabled') return false
  return endpoint.enabled_events.includes('*') || endpoint.enabled_events.includes(type)
}

function customerOf(store: Store, object: StoredObject): string | null {
  if (object.object === 'customer') return object.id
  const customer = object['customer'] ?? store.invoices.find(String(object['invoice']))?.customer
  return typeof customer === 'string' ? customer : null
}
