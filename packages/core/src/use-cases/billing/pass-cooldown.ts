import { type Gate, throughGate } from '../../domain/gate.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Context } from '../context.ts'
import { Generations } from '../customers/customer-cache.ts'
import { retryConflicts } from '../customers/retry-conflicts.ts'
import { perContext } from '../per-context.ts'
import { storeNow } from '../store-now.ts'

/** When a customer who asks Stripe too much may try again, on the clock of `now`. */
export interface Cooldown {
  readonly retryAt: Instant
  readonly now: Instant
}

const rowId = 'stripe'

/**
 * Lets a customer have Stripe asked once more, by the store's clock and over all processes: one who keeps clicking does
 * not use up what the account may ask. Answers `null`, or how long to wait.
 */
export async function passCooldown(context: Context, customer: string, gate: Gate): Promise<Cooldown | null> {
  return retryConflicts<Cooldown | null>(async () => {
    const { rows, now } = await context.records.load(customer, ['cooldowns'])
    const entry = rows.cooldowns.find(({ id }) => id === rowId)
    const { admitted, state, retryAt } = throughGate(gate, entry?.value.state ?? 0, now)
    if (!admitted) return { retryAt, now }
    const outcome = await context.records.commit(customer, [
      { collection: 'cooldowns', id: rowId, expect: entry?.revision ?? 0, value: { state } },
    ])
    return outcome.kind === 'committed' ? null : undefined
  })
}

/** So many customers are remembered at least, and at most twice as many. */
const most = 10_000

const readingsOf = perContext(() => new Generations<string, number>(most))

/**
 * As {@link passCooldown}, for who only looks at what Stripe has, and counted apart: whoever looks again and again can still
 * change a plan. Nothing is written for a look, so every process counts for itself.
 */
export async function passReading(context: Context, customer: string, gate: Gate): Promise<Cooldown | null> {
  const states = readingsOf(context)
  const now = await storeNow(context, customer)
  const { admitted, state, retryAt } = throughGate(gate, states.find(customer) ?? 0, now)
  if (!admitted) return { retryAt, now }
  states.put(customer, state)
  return null
}
