/** What falls due when: one instant (in seconds) per object id. */
export interface Agenda {
  /** Sets when an object next needs attention; undefined: never again. */
  schedule(id: string, at: number | undefined): void
  /** The earliest entry; of equal instants the one that was first scheduled. */
  earliest(): Due | undefined
}

/** An object id and the instant (in seconds) at which it falls due. */
export interface Due {
  readonly id: string
  readonly at: number
}

interface Entry extends Due {
  readonly order: number
}

/** An empty agenda. Setting an entry costs the logarithm of how many there are. */
export function createAgenda(): Agenda {
  const valid = new Map<string, Entry>()
  // Entries that were replaced stay in the heap until they come to its top.
  const heap: Entry[] = []
  let lastOrder = 0
  return {
    schedule(id, at) {
      const former = valid.get(id)
      if (former?.at === at) return
      if (at === undefined) {
        valid.delete(id)
        return
      }
      const entry = { id, at, order: former?.order ?? (lastOrder += 1) }
      valid.set(id, entry)
      push(heap, entry)
    },
    earliest() {
      for (let top = heap[0]; top !== undefined; top = heap[0]) {
        if (valid.get(top.id) === top) return top
        pop(heap)
      }
      return undefined
    },
  }
}

function isBefore(left: Entry, right: Entry): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order)
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length
  while (index > 0) {
    const above = (index - 1) >> 1
    const parent = heap[above]
    if (parent === undefined || !isBefore(entry, parent)) break
    heap[index] = parent
    index = above
  }
  heap[index] = entry
}

function pop(heap: Entry[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let index = 0
  for (;;) {
    let below = index * 2 + 1
    const left = heap[below]
    if (left === undefined) break
    const right = heap[below + 1]
    let child = left
    if (right !== undefined && isBefore(right, left)) {
      below += 1
      child = right
    }
    if (!isBefore(child, last)) break
    heap[index] = child
    index = below
  }
  heap[index] = last
}
