import { CustomerUsage } from './customer-usage.ts'
import type { UsageState } from './usage-state.ts'

export function ensureCustomer(state: UsageState, id: string): CustomerUsage {
  const known = state.customers.get(id)
  if (known !== undefined) return known
  const customer = new CustomerUsage()
  state.customers.set(id, customer)
  state.created += 1
  return customer
}
