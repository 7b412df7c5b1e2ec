import type { ConsumeOperation } from '../../src/index.ts'

export const freshness = { version: 1, validFrom: 0, validUntil: null, loaded: true } as const

/** One unit of one feature out of one allowance, unless the test says otherwise. */
export function consumption(customer: string, limit: number, changes: Partial<ConsumeOperation> = {}): ConsumeOperation {
  const place = { customer, feature: 'apiCalls', amount: 1, key: null, keyFor: 60_000, freshness, gates: [] }
  return { verb: 'consume', ...place, buckets: [{ id: 'allowance:0', kind: 'allowance', limit, keepUntil: null }], ...changes }
}
