import type { Instant } from '../../domain/instant.ts'

interface Entry<Value> {
  readonly value: Value
  readonly kid: string | undefined
  readonly until: Instant
}

/** What tokens of one verifier said. An entry is never answered once its token has ended. */
export interface VerifiedTokenCache<Value> {
  find(name: string, now: Instant): Entry<Value> | undefined
  put(name: string, entry: Entry<Value>): void
  /** Drops what was verified with a key. */
  forget(kid: string): void
}

/** Bounded by two generations of `size` entries, so nothing needs a timer. */
export function createVerifiedTokenCache<Value>(size: number): VerifiedTokenCache<Value> {
  let young = new Map<string, Entry<Value>>()
  let old = new Map<string, Entry<Value>>()

  function put(name: string, entry: Entry<Value>): void {
    if (young.size >= size) {
      old = young
      young = new Map()
    }
    young.set(name, entry)
  }

  return {
    put,
    find(name, now) {
      const recent = young.get(name)
      if (recent !== undefined) return now < recent.until ? recent : undefined
      const kept = old.get(name)
      if (kept === undefined || kept.until <= now) return undefined
      put(name, kept)
      return kept
    },
    forget(kid) {
      for (const generation of [young, old]) {
        for (const [name, entry] of generation) if (entry.kid === kid) generation.delete(name)
      }
    },
  }
}
