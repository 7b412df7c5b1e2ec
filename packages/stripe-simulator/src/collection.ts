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
  /** Those whose field is the given id, newest first. The first call for a field looks at all, later ones do not. */
  where(field: string, id: string): Stored[]
}

/**
 * An empty collection. `changed` is told of each object that was saved (undefined: is gone), `changing` before one that is
 * there is replaced or removed.
 */
export function createCollection<Stored extends StoredObject>(
  noun: string,
  changed: (id: string, object: Stored | undefined) => void = () => {},
  changing: () => void = () => {},
): Collection<Stored> {
  const objects = new Map<string, Stored>()
  const positions = new Map<string, number>()
  const indexes = new Map<string, Map<string, Set<string>>>()
  const former = new Map<string, Stored | undefined>()
  let lastPosition = 0

  const save = (object: Stored): Stored => {
    if (!former.has(object.id)) former.set(object.id, objects.get(object.id))
    if (objects.has(object.id)) changing()
    else positions.set(object.id, (lastPosition += 1))
    objects.set(object.id, object)
    for (const [field, index] of indexes) enter(index, object[field], object.id)
    changed(object.id, object)
    return object
  }
  const remove = (id: string): void => {
    if (!former.has(id)) former.set(id, objects.get(id))
    if (objects.has(id)) changing()
    objects.delete(id)
    positions.delete(id)
    changed(id, undefined)
  }
  const where = (field: string, value: string): Stored[] => {
    const index = indexes.get(field) ?? new Map<string, Set<string>>()
    if (!indexes.has(field)) {
      indexes.set(field, index)
      for (const object of objects.values()) enter(index, object[field], object.id)
    }
    const found: Stored[] = []
    for (const id of index.get(value) ?? []) {
      const object = objects.get(id)
      if (object !== undefined && object[field] === value) found.push(object)
    }
    return found.toReversed()
  }

  return {
    noun,
    get size() {
      return objects.size
    },
    find: (id) => objects.get(id),
    save,
    remove,
    begin() {
      if (former.size > 0) former.clear()
    },
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
    ofCustomer: (customer) => where('customer', customer),
    where,
  }
}

/** An object stays where it once was: who asks looks at what the field is now. */
function enter(index: Map<string, Set<string>>, value: unknown, id: string): void {
  if (typeof value !== 'string') return
  const ids = index.get(value)
  if (ids === undefined) index.set(value, new Set([id]))
  else ids.add(id)
}
