import { shuffle, type Random } from '../random.ts'
import type { StripeEvent, WebhookEndpoint } from '../objects.ts'

/** What goes wrong on the way to an endpoint. All off by default. */
export interface Disorder {
  /** How often each event is sent in all, 1 to 20. Default 1. */
  readonly duplicate?: number
  /** Sends the events of one action in a random order. Default false. */
  readonly shuffle?: boolean
  /** The share of deliveries that never arrive, 0 to 1. Default 0. */
  readonly drop?: number
  /** Never drops the last delivery of each customer in an action. Default true. */
  readonly keepLast?: boolean
  /** Each delivery waits up to this many milliseconds of real time. Default 0. */
  readonly delayMs?: number
  /** Makes the disorder repeatable. */
  readonly seed?: number
}

/** One delivery that is to be made, or was lost on purpose. */
export interface PlannedDelivery {
  readonly event: StripeEvent
  readonly endpoint: WebhookEndpoint
  readonly isDropped: boolean
  readonly delayMs: number
}

/** The deliveries of one action's events to one endpoint, in the order in which they are sent. */
export function planDeliveries(
  events: readonly StripeEvent[],
  endpoint: WebhookEndpoint,
  disorder: Disorder,
  random: Random,
): PlannedDelivery[] {
  const copies = events.flatMap((event) => Array.from({ length: disorder.duplicate ?? 1 }, () => event))
  const sent = disorder.shuffle === true ? shuffle(copies, random) : copies
  const last = new Map(sent.map((event, index) => [event.internal.customer, index]))
  return sent.map((event, index) => {
    const isKept = (disorder.keepLast ?? true) && last.get(event.internal.customer) === index
    const isDropped = random() < (disorder.drop ?? 0) && !isKept
    return { event, endpoint, isDropped, delayMs: Math.round(random() * (disorder.delayMs ?? 0)) }
  })
}
