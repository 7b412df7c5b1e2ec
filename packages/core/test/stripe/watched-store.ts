import type { RecordStore, RecordWrite, Store } from '@farebox/core'

/** The same store; tells of each row that it was written, once the commit that wrote it is through. */
export function watchedStore({ usage, records }: Store, written: (write: RecordWrite, customer: string) => void): Store {
  const watched: RecordStore = {
    label: records.label,
    load: (customer, collections, only) => records.load(customer, collections, only),
    find: (query) => records.find(query),
    forget: (customer) => records.forget(customer),
    async commit(customer, writes) {
      const outcome = await records.commit(customer, writes)
      if (outcome.kind === 'committed') for (const write of writes) written(write, customer)
      return outcome
    },
  }
  return { usage, records: watched }
}
