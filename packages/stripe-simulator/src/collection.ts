import type { StoredObject } from './objects.ts'

/** All objects of one kind, in the order of their creation. */
export interface Collection<Stored extends StoredObject> {
  /** What Stripe's messages call one of them, such as `customer`. */
  readonly noun: string
  readonly size: number
  find(id: string): Stored | undefined
  /** Adds an object, or replaces the one with its id. */
  save(object: Stored): Stored
  remove(id: string): void
  /** Place in the order of creation: higher is newer. */
  position(id: string): number
  /** A live view, oldest first. */
  oldestFirst(): Iterable<Stored>
  /** Newest first. */
  newestFirst(): Stored[]
  /** Those whose `customer` is the given id, newest first. */
  ofCustomer(customer: string): Stored[]
}

/** An empty collection; `saved` is told of each object that is saved. */
export function createCollection<Stored extends StoredObject>(
  noun: string,
  saved: (object: Stored) => void = () => {},
): Collection<Stored> {
  const objects = new Map<string, Stored>()
  const positions = new Map<string, number>()
  const customers = new Map<string, Set<string>>()
  let lastPosition = 0

  return {
    noun,
    get size() {
      return objects.size
    },
    find: (id) => objects.get(id),
    save(object) {
      if (!objects.has(object.id)) positions.set(object.id, (lastPosition += 1))
      objects.set(object.id, object)
      const customer = object['customer']
      if (typeof customer === 'string') {
        const ids = customers.get(customer) ?? new Set()
        customers.set(customer, ids.add(object.id))
      }
      saved(object)
      return object
    },
    remove(id) {
      objects.delete(id)
      positions.delete(id)
    },
    position: (id) => positions.get(id) ?? 0,
    oldestFirst: () => objects.values(),
    newestFirst: () => [...objects.values()].reverse(),
    ofCustomer(customer) {
      const found: Stored[] = []
      for (const id of customers.get(customer) ?? []) {
        const object = objects.get(id)
        if (object !== undefined && object['customer'] === customer) found.push(object)
      }
      return found.reverse()
    },
  }
}
