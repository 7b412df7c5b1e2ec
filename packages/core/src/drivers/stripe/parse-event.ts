import * as z from 'zod/mini'
import { FareboxError } from '../../errors/error.ts'

/** What an event is about: the customer itself where the body names one, else an object that has to be asked. */
export type EventSubject =
  | { readonly kind: 'customer'; readonly id: string }
  | { readonly kind: 'subscription' | 'invoice' | 'session'; readonly id: string }
  | { readonly kind: 'none' }

/** The few facts of an event that are believed. */
export interface ParsedEvent {
  readonly id: string
  readonly type: string
  readonly livemode: boolean
  /** Whether this type can change what a customer is entitled to, or links a customer. */
  readonly relevant: boolean
  readonly subject: EventSubject
}

const name = z.string().check(z.regex(/^[\w.-]{1,255}$/))

const snapshotEvent = z.object({
  object: z.literal('event'),
  id: name,
  type: name,
  livemode: z.boolean(),
  data: z.object({
    object: z.object({
      object: z.optional(z.string()),
      id: z.optional(z.string()),
      customer: z.optional(z.nullable(z.union([z.string(), z.object({ id: z.string() })]))),
    }),
  }),
})

const thinEvent = z.object({
  object: z.literal('v2.core.event'),
  id: name,
  type: name,
  livemode: z.boolean(),
  /** The same change as a snapshot event, so that both destinations together count once. */
  snapshot_event: z.optional(z.nullable(name)),
  related_object: z.optional(z.nullable(z.object({ id: z.string() }))),
})

const anyEvent = z.union([snapshotEvent, thinEvent])

/** Types that are a reason to read a customer again: https://docs.stripe.com/api/events/types */
export const relevantTypes: ReadonlySet<string> = new Set([
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'customer.created',
  'customer.deleted',
  'invoice.paid',
  'invoice.payment_succeeded',
  'invoice.payment_failed',
  'invoice.payment_action_required',
  'invoice.finalization_failed',
  'invoice.voided',
  'invoice.marked_uncollectible',
])

const kindsByPrefix: readonly (readonly [string, 'customer' | 'subscription' | 'invoice' | 'session'])[] = [
  ['cus_', 'customer'],
  ['sub_', 'subscription'],
  ['in_', 'invoice'],
  ['cs_', 'session'],
]

/**
 * Parses a verified body, snapshot or thin. @throws FareboxError `invalid-request` when it is not UTF-8, not JSON or no
 * event; none of the content is quoted.
 */
export function parseEvent(body: Uint8Array): ParsedEvent {
  const parsed = anyEvent.safeParse(decode(body))
  if (!parsed.success) throw malformed()
  const event = parsed.data
  const plainType = event.type.replace(/^v1\./, '')
  return {
    id: event.object === 'event' ? event.id : (event.snapshot_event ?? event.id),
    type: event.type,
    livemode: event.livemode,
    relevant: relevantTypes.has(plainType) || plainType.startsWith('customer.subscription.'),
    subject: event.object === 'event' ? subjectOfSnapshot(event) : subjectOfId(event.related_object?.id),
  }
}

function subjectOfSnapshot({ data: { object } }: z.output<typeof snapshotEvent>): EventSubject {
  if (object.object === 'customer') return subjectOfId(object.id)
  const { customer } = object
  return subjectOfId(typeof customer === 'object' ? customer?.id : customer)
}

function subjectOfId(id: string | undefined): EventSubject {
  const kind = kindsByPrefix.find(([prefix]) => id?.startsWith(prefix))?.[1]
  return kind === undefined || id === undefined || !/^\w{1,255}$/.test(id) ? { kind: 'none' } : { kind, id }
}

function decode(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw malformed()
  }
}

function malformed(): FareboxError {
  return new FareboxError('invalid-request', 'The body is not an event of Stripe', { reason: 'malformed-event' })
}
