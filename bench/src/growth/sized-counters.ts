import type { ConsumeOperation, UsageStore } from '@farebox/core'

/** Counters, one for each customer, in one place of their own. */
export interface SizedCounters {
  /** Counts one for each of them, in one call. Each is below its limit; another answer is an error. */
  count(customers: readonly string[], isFirst: boolean): Promise<void>
  /** What all counters take, in memory or on the disk. */
  bytes(): Promise<number>
  close(): Promise<void>
}

/** Farebox's counters in a place, and the least that counting the same can cost there. */
export interface SizedPlace {
  farebox(): Promise<SizedCounters>
  floor(): Promise<SizedCounters>
}

export const limit = 1_000_000_000

/** A month, in milliseconds. */
export const period = 30 * 86_400_000

const start = Date.now()

/** Counting through a usage store. */
export function countIn(usage: UsageStore): SizedCounters['count'] {
  return async (customers, isFirst) => {
    const outcomes = await usage.execute(customers.map((customer) => consumption(customer, isFirst)))
    if (outcomes.some(({ kind }) => kind !== 'taken')) throw new Error('A count was refused')
  }
}

function consumption(customer: string, isFirst: boolean): ConsumeOperation {
  return {
    verb: 'consume',
    customer,
    feature: 'apiCalls',
    amount: 1,
    key: null,
    keyFor: period,
    freshness: { version: 1, validFrom: start - period, validUntil: start + period, loaded: isFirst },
    gates: [],
    buckets: [{ id: `allowance:${start}`, kind: 'allowance', limit, keepUntil: start + period }],
  }
}
