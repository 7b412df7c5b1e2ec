import type { Context } from './context.ts'

export type PartHealth = 'ok' | 'degraded' | 'down'

/** Each part's state; `down` when one that is needed is down. */
export interface Health {
  readonly status: PartHealth
  readonly parts: { readonly usage: PartHealth; readonly records: PartHealth; readonly webhooks: PartHealth }
}

/** Asks every part a small question. Parked events make webhooks degraded. */
export async function checkHealth(context: Context): Promise<Health> {
  const [usage, parked] = await Promise.allSettled([
    context.usage.read([{ customer: 'health', feature: 'health', buckets: [], gates: [] }]),
    context.records.find({ collection: 'inbox', index: 'state', where: { equals: 'parked' }, limit: 1 }),
  ])
  const records: PartHealth = parked.status === 'fulfilled' ? 'ok' : 'down'
  const webhooks: PartHealth = parked.status === 'fulfilled' && parked.value.length > 0 ? 'degraded' : records
  const parts = { usage: usage.status === 'fulfilled' ? 'ok' : 'down', records, webhooks } as const
  const states = Object.values(parts)
  return { status: states.includes('down') ? 'down' : states.includes('degraded') ? 'degraded' : 'ok', parts }
}
