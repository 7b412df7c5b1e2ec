import { findAnywhere, type Store } from './store.ts'

/** The test clock that an object lives on, by its id or that of its customer; undefined: none, or nothing has this id. */
export function testClockOf(store: Store, id: string): string | undefined {
  if (store.testClocks.size === 0) return undefined
  if (store.testClocks.find(id) !== undefined) return id
  const found = findAnywhere(store, id) ?? store.subscriptions.newestFirst().find(({ items }) => items.some((item) => item.id === id))
  const customer = found?.object === 'customer' ? found.id : found?.['customer']
  const invoice = found?.['invoice']
  if (typeof customer === 'string') return store.customers.find(customer)?.test_clock ?? undefined
  return typeof invoice === 'string' ? testClockOf(store, invoice) : undefined
}
