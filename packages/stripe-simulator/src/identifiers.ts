import { createHash } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const randomLengths: Readonly<Record<string, number>> = { cus: 14, prod: 14, si: 14, req: 14, cs_test: 58, whsec: 32 }

/** Makes ids that look like Stripe's. */
export interface Identifiers {
  /** The next id of a prefix: the same seed and the same order of calls give the same ids. */
  next(prefix: string): string
}

/** Ids drawn from a counter per prefix, mixed with the seed. */
export function createIdentifiers(seed: number): Identifiers {
  const counters = new Map<string, number>()
  return {
    next(prefix: string): string {
      const count = (counters.get(prefix) ?? 0) + 1
      counters.set(prefix, count)
      const length = randomLengths[prefix] ?? 23
      const lead = randomLengths[prefix] === undefined ? '1' : ''
      return `${prefix}_${lead}${randomText(`${seed}:${prefix}:${count}`, length)}`
    },
  }
}

function randomText(source: string, length: number): string {
  const bytes = createHash('sha512').update(source).digest()
  let text = ''
  for (let index = 0; index < length; index += 1) text += alphabet[(bytes[index] ?? 0) % alphabet.length]
  return text
}
