const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const randomLengths: Readonly<Record<string, number>> = {
  acct: 16, cus: 14, prod: 14, si: 14, req: 14, cs_test: 58, cs_live: 58, whsec: 32,
}

/** Makes ids that look like Stripe's. */
export interface Identifiers {
  /** How many of each prefix there have been. */
  readonly counters: Map<string, number>
  /** The next id of a prefix: the same seed and the same order of calls give the same ids. */
  next(prefix: string): string
}

/** Ids drawn from a counter per prefix, mixed with the seed. `replaced` names prefixes that are written otherwise. */
export function createIdentifiers(seed: number | string, replaced: Readonly<Record<string, string>> = {}): Identifiers {
  const counters = new Map<string, number>()
  return {
    counters,
    next(wanted: string): string {
      const prefix = replaced[wanted] ?? wanted
      const count = (counters.get(prefix) ?? 0) + 1
      counters.set(prefix, count)
      const length = randomLengths[prefix] ?? 23
      const lead = randomLengths[prefix] === undefined ? '1' : ''
      return `${prefix}_${lead}${randomText(`${seed}:${prefix}:${count}`, length)}`
    },
  }
}

/** Letters and digits that look random. Four words of state, each begun from the text in its own way (FNV-1a, then sfc32). */
function randomText(source: string, length: number): string {
  let a = 0x811c9dc5
  let b = 0x9e3779b9
  for (let index = 0; index < source.length; index += 1) {
    const code = source.charCodeAt(index)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ (code + (a >>> 13)), 0x85ebca6b)
  }
  let c = a ^ 0x243f6a88
  let counter = 1
  let text = ''
  for (let index = -12; index < length; index += 1) {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    if (index >= 0) text += alphabet[(sum >>> 8) % alphabet.length]
  }
  return text
}
