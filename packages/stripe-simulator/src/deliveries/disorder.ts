import { shuffle, type Random } from '../random.ts'
import type { Listener, Message } from './listener.ts'

/** What goes wrong on the way to an endpoint. All off by default. */
export interface Disorder {
  /** How often each event is sent in all, 1 to 20. Default 1. */
  readonly duplicate?: number
  /** The share of events that are told a second time, by an event with an id of its own, 0 to 1. Default 0. */
  readonly replay?: number
  /** Sends the events of one action in a random order. Default false. */
  readonly shuffle?: boolean
  /** The share of deliveries that never arrive, 0 to 1. Default 0. */
  readonly drop?: number
  /** Never drops the last delivery of each customer in an action. Default true: `drop: 1` loses all but the last. */
  readonly keepLast?: boolean
  /** Each delivery waits up to this many milliseconds of real time. Default 0. */
  readonly delayMs?: number
  /** Makes the disorder repeatable. */
  readonly seed?: number
}

/** One delivery that is to be made, or was lost on purpose. */
export interface PlannedDelivery {
  readonly message: Message
  readonly listener: Listener
  readonly isDropped: boolean
  readonly delayMs: number
}

/** The deliveries of one action's messages to one listener, in the order in which they are sent. */
export function planDeliveries(
  messages: readonly Message[],
  listener: Listener,
  disorder: Disorder,
  random: Random,
): PlannedDelivery[] {
  const copies = messages.flatMap((message) => Array.from({ length: disorder.duplicate ?? 1 }, () => message))
  const sent = disorder.shuffle === true ? shuffle(copies, random) : copies
  const last = new Map(sent.map((message, index) => [message.customer, index]))
  return sent.map((message, index) => {
    const isKept = (disorder.keepLast ?? true) && last.get(message.customer) === index
    const isDropped = random() < (disorder.drop ?? 0) && !isKept
    return { message, listener, isDropped, delayMs: Math.round(random() * (disorder.delayMs ?? 0)) }
  })
}
