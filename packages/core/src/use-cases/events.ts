import type { Grant } from '../domain/grant.ts'
import type { Subscription } from '../domain/subscription.ts'

/** What `farebox.on` tells, at least once, in order per customer. `id` is stable: use it to act once. */
export interface EventPayloads {
  readonly 'plan.changed': { readonly from: string; readonly to: string }
  readonly 'subscription.changed': { readonly before: Subscription | null; readonly after: Subscription }
  readonly 'grant.added': { readonly grant: Grant }
  readonly 'event.parked': { readonly event: string; readonly type: string; readonly failure: string }
}

export type EventName = keyof EventPayloads

export interface DomainEvent<Name extends EventName> {
  readonly id: string
  readonly name: Name
  readonly customer: string
  readonly data: EventPayloads[Name]
}

export type EventHandler<Name extends EventName> = (event: DomainEvent<Name>) => void | Promise<void>

/** One registered handler; `destination` names its queue in the outbox: `callback:<event>:<name>`. */
export interface EventSubscription {
  readonly event: EventName
  readonly destination: string
  readonly deliver: (event: DomainEvent<EventName>) => Promise<void>
}

/** The handlers of this process, in the order in which they were registered. */
export interface FareboxEvents {
  on<Name extends EventName>(event: Name, handler: EventHandler<Name>, name?: string): () => void
  listeners(): readonly EventSubscription[]
}

export function createEvents(): FareboxEvents {
  const registered: EventSubscription[] = []
  return {
    on(event, handler, name) {
      const count = registered.filter((item) => item.event === event).length
      const subscription: EventSubscription = {
        event,
        destination: `callback:${event}:${name ?? count}`,
        // The outbox delivers to a destination only events of the name that it was registered for.
        deliver: async (fact) => handler(fact as Parameters<typeof handler>[0]),
      }
      registered.push(subscription)
      return () => {
        const index = registered.indexOf(subscription)
        if (index >= 0) registered.splice(index, 1)
      }
    },
    listeners: () => registered,
  }
}
