import type { Instant } from '../../domain/instant.ts'

interface Entry<Value> {
  /** The whole token, which a hit must equal. */
  readonly text: string
  readonly value: Value
  readonly kid: string | undefined
  readonly until: Instant
}

/** What tokens of one verifier said. An entry is never answered once its token has ended. */
export interface VerifiedTokenCache<Value> {
  find(text: string, now: Instant): Entry<Value> | undefined
  put(entry: Entry<Value>): void
  /** Drops what was verified with a key. */
  forget(kid: string): void
}

const averageLength = 1024
const tailLength = 43

/**
 * The end of a token's signature, by which it is found: as good as random in a token that was verified, and hashed in a
 * tenth of the time that the whole takes. Others may share it on purpose, so texts are compared.
 */
export function tailOf(text: string): string {
  return text.slice(-tailLength)
}

/**
 * Bounded by two generations of `size` tokens and as many kilobytes, so nothing needs a timer. Only verified tokens get
 * in, and those are canonical: no two texts are one token. Tokens that should share an end push each other out.
 */
export function createVerifiedTokenCache<Value>(size: number): VerifiedTokenCache<Value> {
  let young = new Map<string, Entry<Value>>()
  let old = new Map<string, Entry<Value>>()
  let length = 0

  function put(entry: Entry<Value>): void {
    if (young.size >= size || length >= size * averageLength) {
      old = young
      // An emptied map would be written anew among what is old, where garbage lies for long.
      young = new Map()
      length = 0
    }
    length += entry.text.length
    young.set(tailOf(entry.text), entry)
  }

  return {
    put,
    find(text, now) {
      const tail = tailOf(text)
      const recent = young.get(tail)
      if (recent?.text === text) return now < recent.until ? recent : undefined
      const kept = old.get(tail)
      if (kept?.text !== text || !(now < kept.until)) return undefined
      put(kept)
      return kept
    },
    forget(kid) {
      for (const generation of [young, old]) {
        for (const [tail, entry] of generation) if (entry.kid === kid) generation.delete(tail)
      }
    },
  }
}
