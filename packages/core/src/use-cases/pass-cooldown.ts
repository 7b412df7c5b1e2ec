import { type Gate, throughGate } from '../domain/gate.ts'
import type { Instant } from '../domain/instant.ts'
import type { Context } from './context.ts'
import { retryConflicts } from './retry-conflicts.ts'

/** What Stripe is asked for. Each counts by itself: whoever looks at a page again and again can still change a plan. */
export type CooldownKind = 'stripe' | 'stripe-reading'

/**
 * Whether a customer may have Stripe asked once more, by the store's clock and over all processes: one who keeps clicking does
 * not use up what the account may ask. Answers `null`, or the instant from which on it may be tried again.
 */
export async function passCooldown(context: Context, customer: string, gate: Gate, rowId: CooldownKind): Promise<Instant | null> {
  return retryConflicts('The customer is asking too much at once', async () => {
    const { rows, now } = await context.records.load(customer, ['cooldowns'])
    const entry = rows.cooldowns.find(({ id }) => id === rowId)
    const { admitted, state, retryAt } = throughGate(gate, entry?.value.state ?? 0, now)
    if (!admitted) return { retryAt }
    const outcome = await context.records.commit(customer, [
      { collection: 'cooldowns', id: rowId, expect: entry?.revision ?? 0, value: { state } },
    ])
    return outcome.kind === 'committed' ? { retryAt: null } : undefined
  }).then(({ retryAt }) => retryAt)
}
