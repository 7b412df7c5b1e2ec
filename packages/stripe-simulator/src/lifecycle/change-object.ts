import type { Account } from '../account.ts'
import type { EmittedEventType } from '../event-types.ts'
import type { StoredObjects } from '../store.ts'

/** Saves changes of an object and tells of them by an event that shows what they replaced. */
export function changeObject<Name extends keyof StoredObjects>(
  account: Account,
  name: Name,
  before: StoredObjects[Name],
  changes: Partial<StoredObjects[Name]>,
  type: EmittedEventType,
): StoredObjects[Name] {
  const after = account.store[name].save({ ...before, ...changes })
  account.emit(type, after, before)
  return after
}
