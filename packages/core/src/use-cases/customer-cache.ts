import type { CustomerRecords } from '../domain/entitlement.ts'

/**
 * Records of customers that were asked for lately. Safe to be old: every use carries the version it was read at, and the
 * usage store refuses a version below the customer's marker. Bounded by two generations, so nothing needs a timer.
 */
export interface CustomerCache {
  find(customer: string): CustomerRecords | undefined
  put(records: CustomerRecords): void
}

export function createCustomerCache(size = 10_000): CustomerCache {
  let young = new Map<string, CustomerRecords>()
  let old = new Map<string, CustomerRecords>()

  function put(records: CustomerRecords): void {
    if (young.size >= size) {
      old = young
      young = new Map()
    }
    young.set(records.customer, records)
  }

  return {
    put,
    find(customer) {
      const recent = young.get(customer)
      if (recent !== undefined) return recent
      const kept = old.get(customer)
      if (kept !== undefined) put(kept)
      return kept
    },
  }
}
