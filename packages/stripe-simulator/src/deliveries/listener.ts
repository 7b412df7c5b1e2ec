import type { Account } from '../account.ts'
import type { Accounts } from '../accounts.ts'
import { findThinEvent, isThinOnly, renderThinEvent, thinEventsOf } from '../events/thin-events.ts'
import type { EventDestination, SigningSecret, StripeEvent, WebhookEndpoint } from '../objects.ts'
import { renderEvent } from '../responses/render-event.ts'

/** A webhook endpoint or an event destination, as deliveries see it. */
export interface Listener {
  readonly id: string
  readonly url: string
  readonly payload: 'snapshot' | 'thin'
  /** The version of snapshot bodies; undefined: the account's. */
  readonly version: string | undefined
  readonly enabledEvents: readonly string[]
  readonly secrets: readonly SigningSecret[]
}

/** What is delivered to one listener about one event. */
export interface Message {
  readonly id: string
  readonly type: string
  readonly customer: string | null
  /** The body that is signed and sent. */
  body(): string
}

/** Whoever is told the events of an account now: its own listeners, and those of its platform that listen for others. */
export function listenersOf(accounts: Accounts, account: Account): Listener[] {
  const own = accounts.own(account.livemode)
  const ofOthers = account.isConnected ? within(own, true) : []
  return [...within(account, false), ...ofOthers]
}

/** How many listeners take a snapshot event of a type now. */
export function countListeners(accounts: Accounts, account: Account, type: string): number {
  return listenersOf(accounts, account).filter((listener) => listener.payload === 'snapshot' && takes(listener, type)).length
}

function within({ store }: Account, others: boolean): Listener[] {
  if (store.webhookEndpoints.size === 0 && store.eventDestinations.size === 0) return []
  const wanted = others ? '@accounts' : '@self'
  const endpoints = [...store.webhookEndpoints.oldestFirst()].filter(
    ({ status, internal }) => status === 'enabled' && internal.connect === others,
  )
  const destinations = [...store.eventDestinations.oldestFirst()].filter(
    ({ status, internal }) => status === 'enabled' && internal.eventsFrom.includes(wanted),
  )
  return [...endpoints.map(ofEndpoint), ...destinations.map(ofDestination)]
}

function ofEndpoint({ id, url, api_version, enabled_events, internal }: WebhookEndpoint): Listener {
  return { id, url, payload: 'snapshot', version: api_version ?? undefined, enabledEvents: enabled_events, secrets: internal.secrets }
}

/** A destination, whether it is enabled or not. */
export function ofDestination({ id, event_payload, enabled_events, internal }: EventDestination): Listener {
  const { url, snapshotApiVersion, secrets } = internal
  return { id, url, payload: event_payload, version: snapshotApiVersion, enabledEvents: enabled_events, secrets }
}

/** Whether a listener takes a snapshot event of a type; thin listeners take the thin events that tell the same. */
function takes(listener: Listener, type: string): boolean {
  return listener.enabledEvents.includes('*') || listener.enabledEvents.includes(type)
}

/** What an event makes a listener be told. */
export function messagesFor(listener: Listener, account: Account, event: StripeEvent): Message[] {
  const { customer } = event.internal
  if (listener.payload === 'thin') {
    return thinEventsOf(event)
      .filter(({ type }) => takes(listener, type))
      .map((thin) => ({ id: thin.id, type: thin.type, customer, body: () => bodyOf(renderThinEvent(thin)) }))
  }
  if (isThinOnly(event) || !takes(listener, event.type)) return []
  const body = (): string => bodyOf(renderEvent(account.store, event, listener.version))
  return [{ id: event.id, type: event.type, customer, body }]
}

/** The event with an id of either kind; undefined when there is none. */
export function findEvent({ store }: Account, id: string): StripeEvent | undefined {
  return store.events.find(id) ?? findThinEvent(store, id)?.event
}

function bodyOf(event: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(event, null, 2)
}
