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
  /** Starts to remember what objects were, for `rollBack`. */
  begin(): void
  /** Makes every object what it was at `begin`. */
  rollBack(): void
  /** Place in the order of creation: higher is newer. */
  position(id: string): number
  /** A live view, oldest first. */
  oldestFirst(): Iterable<Stored>
  /** Newest first. */
  newestFirst(): Stored[]
  /** Those whose `customer` is the given id, newest first. */
  ofCustomer(customer: string): Stored[]
}

/** An empty collection; `changed` is told of each object that is saved (undefined: is gone). */
export function createCollection<Stored extends StoredObject>(
  noun: string,
  changed: (id: string, object: Stored | undefined) => void = () => {},
): Collection<Stored> {
  const objects = new Map<string, Stored>()
  const positions = new Map<string, number>()
  const customers = new Map<string, Set<string>>()
  const former = new Map<string, Stored | undefined>()
  let lastPosition = 0

  const save = (object: Stored): Stored => {
    if (!former.has(object.id)) former.set(object.id, objects.get(object.id))
    if (!objects.has(object.id)) positions.set(object.id, (lastPosition += 1))
    objects.set(object.id, object)
    const customer = object['customer']
    if (typeof customer === 'string') {
      const ids = customers.get(customer) ?? new Set()
      customers.set(customer, ids.add(object.id))
    }
    changed(object.id, object)
    return object
  }
  const remove = (id: string): void => {
    if (!former.has(id)) former.set(id, objects.get(id))
    objects.delete(id)
    positions.delete(id)
    changed(id, undefined)
  }

  return {
    noun,
    get size() {
      return objects.size
    },
    find: (id) => objects.get(id),
    save,
    remove,
    begin: () => former.clear(),
    rollBack() {
      for (const [id, object] of former) {
        if (object === undefined) remove(id)
        else save(object)
      }
      former.clear()
    },
    position: (id) => positions.get(id) ?? 0,
    oldestFirst: () => objects.values(),
    newestFirst: () => [...objects.values()].toReversed(),
    ofCustomer(customer) {
      const found: Stored[] = []
      for (const id of customers.get(customer) ?? []) {
        const object = objects.get(id)
        if (object !== undefined && object['customer'] === customer) found.push(object)
      }
      return found.toReversed()
    },
  }
}
