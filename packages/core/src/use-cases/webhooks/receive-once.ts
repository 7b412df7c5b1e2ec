import { type Milliseconds, second } from '../../domain/instant.ts'
import { mayShare } from '../../ports/may-share.ts'
import { perContext } from '../per-context.ts'
import type { Wait } from '../wait.ts'
import type { WebhookOutcome } from './webhook-outcome.ts'

/** How long a duplicate waits for the first one, and how often it looks. */
const longestWait = 5 * second
const pause: Milliseconds = 100

/** An event that is being received, and the pause that all of its duplicates are in. */
interface First {
  readonly outcome: Promise<WebhookOutcome>
  pause: Promise<void> | undefined
}

const underWayOf = perContext(() => new Map<string, First>())

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
  const own = underWayOf(context)
  const first = own.get(event)
  if (first !== undefined) return outcomeOfFirst(first, wait)
  const outcome = receive().finally(() => own.delete(event))
  own.set(event, { outcome, pause: undefined })
  return outcome
}

async function outcomeOfFirst(first: First, wait: Wait): Promise<WebhookOutcome> {
  for (let waited = 0; waited < longestWait; waited += pause) {
    first.pause ??= wait(pause).finally(() => (first.pause = undefined))
    const outcome = await Promise.race([first.outcome, first.pause])
    if (outcome === undefined) continue
    const { kind, customer } = outcome
    return kind === 'applied' || kind === 'superseded' ? { kind: 'duplicate', customer } : outcome
  }
  return { kind: 'in-progress', customer: null }
}
