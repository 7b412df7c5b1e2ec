import type { UsageOperation } from '../../ports/usage-store.ts'

/** How many operations are remembered. */
const most = 1024

/** Whom this process counted for lately, so that a sweep knows where to look; everything else expires by itself. */
export interface RecentKeys {
  note(operations: readonly UsageOperation[]): void
  /** Customers, each with the idempotency keys that were used. */
  list(): readonly (readonly [customer: string, keys: readonly string[]])[]
}

export function createRecentKeys(): RecentKeys {
  const ring: UsageOperation[] = []
  let next = 0
  return {
    note(operations) {
      for (const operation of operations) {
        ring[next] = operation
        next = (next + 1) % most
      }
    },
    list() {
      const customers = new Map<string, Set<string>>()
      for (const operation of ring) {
        const keys = customers.get(operation.customer) ?? new Set<string>()
        customers.set(operation.customer, keys)
        if ('key' in operation && operation.key !== null) keys.add(operation.key)
      }
      return [...customers].map(([customer, keys]) => [customer, [...keys]])
    },
  }
}
