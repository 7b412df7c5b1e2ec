import { type Milliseconds, second } from '../domain/instant.ts'
import { mayShare } from '../ports/may-share.ts'
import type { Wait } from './wait.ts'
import type { WebhookOutcome } from './webhook-outcome.ts'

/** How long a duplicate waits for the first one, and how often it looks. */
const longestWait = 5 * second
const pause: Milliseconds = 100

const underWay = new WeakMap<object, Map<string, Promise<WebhookOutcome>>>()

/**
 * Receives an event, unless this process is doing it already: then waits for the outcome, five seconds at most. Where
 * requests may not wait for each other, and between processes, each receives it, and one of them commits.
 */
export async function receiveOnce(
  context: object,
  event: string,
  receive: () => Promise<WebhookOutcome>,
  wait: Wait,
): Promise<WebhookOutcome> {
  if (!mayShare) return receive()
  const own = underWay.get(context) ?? new Map<string, Promise<WebhookOutcome>>()
  underWay.set(context, own)
  const first = own.get(event)
  if (first !== undefined) return outcomeOfFirst(first, wait)
  const outcome = receive().finally(() => own.delete(event))
  own.set(event, outcome)
  return outcome
}

async function outcomeOfFirst(first: Promise<WebhookOutcome>, wait: Wait): Promise<WebhookOutcome> {
  for (let waited = 0; waited < longestWait; waited += pause) {
    const outcome = await Promise.race([first, wait(pause)])
    if (outcome === undefined) continue
    const { kind, customer } = outcome
    return kind === 'applied' || kind === 'superseded' ? { kind: 'duplicate', customer } : outcome
  }
  return { kind: 'in-progress', customer: null }
}
