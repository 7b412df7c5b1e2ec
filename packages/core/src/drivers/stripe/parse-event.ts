import { type Instant, second } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import { type EventReads, type EventUse, readsOf, useOf } from './event-types.ts'

/** What an event is about: the customer itself where the body names one, else an object that has to be asked. */
export type EventSubject =
  | { readonly kind: SubjectKind; readonly id: string }
  | { readonly kind: 'none' }

/** The few facts of an event that are believed. */
export interface ParsedEvent {
  readonly id: string
  readonly type: string
  readonly livemode: boolean
  /** `null` where the event does not say. */
  readonly createdAt: Instant | null
  /** The connected account that it happened in; `null` where it is the account's own, and in thin events. */
  readonly account: string | null
  /** The account that it happened in, whichever it is; `null` where the event is told to this account alone. */
  readonly context: string | null
  readonly use: EventUse
  readonly subject: EventSubject
  /** What is to be read of the customer besides the subscriptions. */
  readonly reads: EventReads | undefined
}

type SubjectKind =
  | 'customer' | 'subscription' | 'schedule' | 'invoice' | 'invoice-payment' | 'session' | 'payment-method' | 'charge' | 'payment-intent' | 'refund' | 'dispute' | 'credit-note'

/** The longer one of two that begin alike comes first. */
const kindsByPrefix: readonly (readonly [string, SubjectKind])[] = [
  ['cus_', 'customer'],
  ['sub_sched_', 'schedule'],
  ['sub_', 'subscription'],
  ['in_', 'invoice'],
  ['inpay_', 'invoice-payment'],
  ['cs_', 'session'],
  ['pm_', 'payment-method'],
  ['ch_', 'charge'],
  ['py_', 'charge'],
  ['pi_', 'payment-intent'],
  ['re_', 'refund'],
  ['pyr_', 'refund'],
  ['du_', 'dispute'],
  ['dp_', 'dispute'],
  ['cn_', 'credit-note'],
]

/**
 * Parses a verified body, snapshot or thin: https://docs.stripe.com/api/events/object. Looks only at what is believed, for
 * the rest of an event may be large. @throws FareboxError `invalid-request` when it is not UTF-8, not JSON or no event;
 * none of the content is quoted.
 */
export function parseEvent(body: Uint8Array): ParsedEvent {
  const event = decode(body)
  if (!isRecord(event)) throw malformed()
  const type = nameIn(event['type'], /^[\w.[\]-]{1,255}$/)
  const id = nameIn(event['id'])
  const { livemode } = event
  const createdAt = instantIn(event['created'])
  if (typeof livemode !== 'boolean') throw malformed()
  const account = accountIn(event['account'])
  const context = accountIn(lastOf(event['context']))
  const use = useOf(type)
  const reads = readsOf(type)
  switch (event['object']) {
    case 'event': {
      const isSubscribing = reads === 'purchases' && modeOf(event['data']) === 'subscription'
      const subject = subjectOfSnapshot(event['data'])
      return { id, type, livemode, createdAt, use, account, context, subject, reads: isSubscribing ? undefined : reads }
    }
    case 'v2.core.event': {
      const related = event['related_object'] ?? null
      // The same change as a snapshot event, so that both destinations together count once.
      const snapshot = event['snapshot_event'] ?? null
      const subject = subjectOfId(related === null ? undefined : idIn(related))
      return { id: snapshot === null ? id : nameIn(snapshot), type, livemode, createdAt, use, account, context, subject, reads }
    }
    default:
      throw malformed()
  }
}

function subjectOfSnapshot(data: unknown): EventSubject {
  const object = isRecord(data) ? data['object'] : undefined
  if (!isRecord(object)) throw malformed()
  const kind = textIn(object['object'])
  const id = textIn(object['id'])
  const customer = object['customer'] ?? undefined
  const payer = isRecord(customer) ? idIn(customer) : textIn(customer)
  // Stripe makes one for each invoice, to pay all of it: https://docs.stripe.com/invoicing/partial-payments
  if (kind === 'invoice_payment' && object['is_default'] === true) return nobody
  // Refunds, disputes and payments of invoices name only what they are of.
  const of = ['charge', 'payment_intent', 'invoice'].map((name) => referenceIn(object[name])).find((name) => name !== undefined)
  return subjectOfId(kind === 'customer' ? id : (payer ?? of))
}

/** What a checkout session is for: one that begins a subscription shows with it. */
function modeOf(data: unknown): unknown {
  const object = isRecord(data) ? data['object'] : undefined
  return isRecord(object) ? object['mode'] : undefined
}

function referenceIn(value: unknown): string | undefined {
  const id = isRecord(value) ? value['id'] : value
  return typeof id === 'string' ? id : undefined
}

/** What an id of Stripe names, by how it begins. */
export function subjectOfId(id: string | undefined): EventSubject {
  if (id === undefined) return nobody
  const kind = kindsByPrefix.find(([prefix]) => id.startsWith(prefix))?.[1]
  return kind === undefined || !/^\w{1,255}$/.test(id) ? nobody : { kind, id }
}

const nobody: EventSubject = { kind: 'none' }

function nameIn(value: unknown, name = /^[\w.-]{1,255}$/): string {
  if (typeof value === 'string' && name.test(value)) return value
  throw malformed()
}

/** The context of an event is a path, of which the account is the end: https://docs.stripe.com/context */
function lastOf(context: unknown): unknown {
  return typeof context === 'string' ? context.slice(context.lastIndexOf('/') + 1) : context
}

function accountIn(value: unknown): string | null {
  return value === undefined || value === null ? null : nameIn(value)
}

/** Seconds in snapshots, ISO 8601 in thin events. */
function instantIn(value: unknown): Instant | null {
  const instant = typeof value === 'number' ? value * second : typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isFinite(instant) ? instant : null
}

function textIn(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw malformed()
}

function idIn(value: unknown): string {
  const id = isRecord(value) ? value['id'] : undefined
  if (typeof id === 'string') return id
  throw malformed()
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Told to leave a byte order mark, which no JSON begins with, it takes a third of the time on Node 20, and as long as before on Node 24. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body))
  } catch {
    throw malformed()
  }
}

function malformed(): FareboxError {
  return new FareboxError('invalid-request', 'The body is not an event of Stripe', { reason: 'malformed-event' })
}
