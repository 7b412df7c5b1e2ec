import { FareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RecordStore } from '../../ports/record-store.ts'
import type { Store } from '../../ports/store.ts'
import { createNoRecords } from '../../storage/records/no-records.ts'
import type { UsageNamespace } from './usage-namespace.ts'
import { createUsageStore } from './usage-store.ts'

/** Options of {@link durableObjectStore}. */
export interface DurableObjectStoreOptions {
  /** The binding to {@link FareboxUsage}, such as `env.USAGE`. */
  readonly namespace: UsageNamespace
  /**
   * Where customers, subscriptions and grants are recorded, such as `d1Store({ database }).records`. Without it every
   * customer is on the default plan, and whatever would have to be recorded is refused.
   */
  readonly records?: RecordStore
  /** The store's clock; each object's own unless a test gives another. */
  readonly clock?: Clock
}

/**
 * Counts each customer's usage in an object of its own, linearizably, and records elsewhere. A call about several
 * customers asks their objects at the same time; where some of them fail, their operations alone are `failed`.
 *
 * `sweep()` asks the objects that this store has written to, 40 a time; objects look after themselves beside that.
 *
 * @throws FareboxError `invalid-configuration` where `namespace` is no binding of a class of objects.
 */
export function durableObjectStore(options: DurableObjectStoreOptions): Store {
  const { namespace, records, clock } = { ...options }
  if (!isNamespace(namespace)) {
    throw new FareboxError('invalid-configuration', 'This is no binding of a class of Durable Objects', {
      faults: [{ path: 'namespace', message: "Give env.USAGE, where USAGE is the name of the binding in wrangler's configuration" }],
    })
  }
  return { usage: createUsageStore(namespace, clock), records: records ?? createNoRecords(clock) }
}

function isNamespace(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return ['idFromName', 'get'].every((name) => typeof Reflect.get(value, name) === 'function')
}
