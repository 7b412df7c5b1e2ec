/** What falls due when: one instant (in seconds) per object id. */
export interface Agenda {
  /** Sets when an object next needs attention; undefined: never again. */
  schedule(id: string, at: number | undefined): void
  /** The earliest entry; of equal instants the one that was first scheduled. */
  earliest(): { readonly id: string; readonly at: number } | undefined
}

export function createAgenda(): Agenda {
  const entries = new Map<string, number>()
  return {
    schedule(id, at) {
      if (at === undefined) entries.delete(id)
      else entries.set(id, at)
    },
    earliest() {
      let found: { id: string; at: number } | undefined
      for (const [id, at] of entries) if (found === undefined || at < found.at) found = { id, at }
      return found
    },
  }
}
