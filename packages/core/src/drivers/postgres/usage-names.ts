import type { BucketKind } from '../../domain/bucket.ts'
import type { Gate } from '../../domain/gate.ts'
import { invalidRequest } from '../../errors/error.ts'
import type { UsageBucket } from '../../ports/usage-store.ts'
import { longestName, textFault } from './text-fault.ts'

/** What must be looked at: control characters, halves of surrogate pairs, and what has a meaning in a literal. */
const notable = /["\\\p{Cc}\p{Cs}]/u

/**
 * `name` as an element of a text array's literal; the same text is a string of JSON.
 *
 * @throws FareboxError `invalid-request` for what PostgreSQL cannot keep: NUL, halves of characters, too many bytes.
 */
export function quoteName(name: string, path: string): string {
  if (isPlainName(name)) return `"${name}"`
  return quoteText(checkName(name, path))
}

function isPlainName(name: string): boolean {
  return name.length <= longestName / 4 && !notable.test(name)
}

/** As {@link quoteName}, for a name that travels in another way. */
export function checkName(name: string, path: string): string {
  const fault = textFault(name)
  if (fault !== undefined) refuse(path, fault)
  return name
}

/** Any text as an element of a text array's literal, which knows no escapes but that of the next character. */
export function quoteText(name: string): string {
  return `"${name.replaceAll(/["\\]/g, '\\$&')}"`
}

const letters: Readonly<Record<BucketKind, string>> = { allowance: 'a', grant: 'g', overage: 'o' }

/** A bucket's name behind the first letter of its kind. */
export function markedName({ kind, id }: Pick<UsageBucket, 'kind' | 'id'>): string {
  return letters[kind] + id
}

export function kindOf(marked: string): BucketKind {
  switch (marked[0]) {
    case 'a':
      return 'allowance'
    case 'g':
      return 'grant'
    default:
      return 'overage'
  }
}

/** What a row's state holds, as one text: bucket names in burn order, then gates. */
export function shapeOf(buckets: readonly UsageBucket[], gates: readonly Gate[]): string {
  for (const { id } of buckets) checkName(id, 'buckets')
  for (const { id } of gates) checkName(id, 'gates')
  return JSON.stringify([buckets.map(markedName), gates.map((gate) => gate.id)])
}

/** As {@link shapeOf}, as an element of a text array's literal. */
export function quoteShape(buckets: readonly UsageBucket[], gates: readonly Gate[]): string {
  const [bucket] = buckets
  const isShort = bucket !== undefined && buckets.length === 1 && gates.length === 0 && isPlainName(bucket.id)
  if (isShort) return `"[[\\"${letters[bucket.kind]}${bucket.id}\\"],[]]"`
  return quoteText(shapeOf(buckets, gates))
}

function refuse(path: string, message: string): never {
  throw invalidRequest('The usage operation is not valid', path, message)
}
