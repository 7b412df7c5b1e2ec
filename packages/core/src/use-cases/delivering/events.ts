import type { Grant } from '../../domain/grant.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Dispute, Payment, Refund } from '../../domain/purchase.ts'
import type { OpenPayment, PaymentCard, Subscription } from '../../domain/subscription.ts'
import { type Fault, FareboxError } from '../../errors/error.ts'

/**
 * What `farebox.on` tells, at least once, in order per customer. `id` is stable: use it to act once.
 *
 * Those from `trial.ending` on are reminders, for the app's own e-mail. Their ids are made of the fact, such as
 * `trial-ending:<subscription>:<end>`: none is told twice, and one whose webhook was lost is told when the customer is read
 * next. They are told of subscriptions that have to do with this app alone. What comes with time (a trial's or a card's end,
 * the end of grace, a plan that changes by itself) is told by the next change or sweep.
 */
export interface EventPayloads {
  /** The customer has another plan, by its key, whatever gives it. */
  readonly 'plan.changed': { readonly from: string; readonly to: string }
  readonly 'subscription.changed': { readonly before: Subscription | null; readonly after: Subscription }
  /** Also of what was bought. Where it was taken back before it was given, this is told once it comes back, as when a refund fails. */
  readonly 'grant.added': { readonly grant: Grant }
  /** A Stripe event that failed too often in the same way was put aside; `farebox.replay()` tries it again. */
  readonly 'event.parked': { readonly event: string; readonly type: string; readonly failure: string }
  /** Three days before, or at once where less is left of it; never after it has ended. */
  readonly 'trial.ending': { readonly subscription: Subscription; readonly endsAt: Instant }
  /** For each attempt, and once for what was sent and is overdue; attempts between two readings count as the last of them. */
  readonly 'payment.failed': PaymentReminder
  /** The customer has to confirm a payment on the page at `payment.hostedUrl`. */
  readonly 'payment.action-required': PaymentReminder
  /** What was past due or unpaid is so no longer, and the subscription goes on. */
  readonly 'payment.recovered': { readonly subscription: Subscription }
  /** What is owed was not paid and gives nothing any more, while the subscription is still there. */
  readonly 'access.ended': { readonly subscription: Subscription; readonly graceEndedAt: Instant | null }
  /** A month before the card's last one is over. */
  readonly 'card.expiring': { readonly subscription: Subscription; readonly card: PaymentCard }
  /** Money of any payment goes back to the customer, packs and subscriptions alike. */
  readonly 'refund.created': PaymentReversal & { readonly refund: Refund }
  /** The holder of a card contests a payment at the bank. */
  readonly 'dispute.opened': PaymentReversal & { readonly dispute: Dispute }
  /** `dispute.state` says how it ended. */
  readonly 'dispute.closed': PaymentReversal & { readonly dispute: Dispute }
  /** For good, for whatever reason: `endReason` says what Stripe tells of it. */
  readonly 'subscription.ended': { readonly subscription: Subscription }
}

/** A payment that did not succeed by itself. */
export interface PaymentReminder {
  readonly subscription: Subscription
  readonly payment: OpenPayment
  /** When access ends without a payment; `null` where there is no grace. */
  readonly graceEndsAt: Instant | null
}

/** A payment whose money goes back, or is contested. */
export interface PaymentReversal {
  /** How the payment stands, in minor currency units. */
  readonly payment: Payment
  /** What was bought with it and given as grants, as it is afterwards; none for a subscription. */
  readonly grants: readonly Grant[]
}

/** What can be listened to. */
export type EventName = keyof EventPayloads

const eventNames: { readonly [Name in EventName]: true } = {
  'plan.changed': true,
  'subscription.changed': true,
  'grant.added': true,
  'event.parked': true,
  'trial.ending': true,
  'payment.failed': true,
  'payment.action-required': true,
  'payment.recovered': true,
  'access.ended': true,
  'card.expiring': true,
  'refund.created': true,
  'dispute.opened': true,
  'dispute.closed': true,
  'subscription.ended': true,
}

/** Something that happened to a customer. `id` is the same however often it is told. */
export interface DomainEvent<Name extends EventName> {
  readonly id: string
  readonly name: Name
  readonly customer: string
  readonly data: EventPayloads[Name]
}

/** Is called at least once for each event, and again where it throws or rejects. */
export type EventHandler<Name extends EventName> = (event: DomainEvent<Name>) => void | Promise<void>

/** One registered handler; `destination` names its queue in the outbox: `callback:<event>:<name>`. */
export interface Listener {
  readonly event: EventName
  readonly destination: string
  readonly deliver: (event: DomainEvent<EventName>) => Promise<void>
}

/** The handlers of this process, in the order in which they were registered. */
export interface FareboxEvents {
  on<Name extends EventName>(event: Name, handler: EventHandler<Name>, name?: string): () => void
  listeners(): readonly Listener[]
}

/** No handlers at first. */
export function createEvents(): FareboxEvents {
  const registered: Listener[] = []
  return {
    on(event, handler, name) {
      const destination = freeDestination(registered, `callback:${event}:`, name)
      checkHandler(event, handler, destination)
      const listener: Listener = {
        event,
        destination,
        // The outbox delivers to a destination only events of the name that it was registered for.
        deliver: async (fact) => handler(fact as Parameters<typeof handler>[0]),
      }
      registered.push(listener)
      return () => {
        const index = registered.indexOf(listener)
        if (index >= 0) registered.splice(index, 1)
      }
    },
    listeners: () => registered,
  }
}

function checkHandler(event: unknown, handler: unknown, destination: string | undefined): asserts destination is string {
  const faults: Fault[] = []
  if (typeof event !== 'string' || !Object.hasOwn(eventNames, event)) {
    faults.push({ path: 'event', message: `Name one of ${Object.keys(eventNames).join(', ')}` })
  }
  if (typeof handler !== 'function') faults.push({ path: 'handler', message: 'Give a function' })
  if (destination === undefined) faults.push({ path: 'name', message: 'Give a name that no other handler of this event has, or none' })
  if (faults.length > 0) throw new FareboxError('invalid-request', 'The handler is not valid', { faults })
}

/** A queue serves one handler: `undefined` where it has one. Handlers without a name are numbered, and take the first number that is free. */
function freeDestination(registered: readonly Listener[], queue: string, name: unknown): string | undefined {
  const isFree = (part: string | number): boolean => registered.every(({ destination }) => destination !== `${queue}${part}`)
  if (name !== undefined) return typeof name === 'string' && name !== '' && isFree(name) ? queue + name : undefined
  let number = 0
  while (!isFree(number)) number += 1
  return `${queue}${number}`
}
