import { largestAmount } from '../../domain/amount.ts'
import type { BucketKind } from '../../domain/bucket.ts'
import { type Gate, stepOf } from '../../domain/gate.ts'
import type { ConsumeOperation, Freshness, UsageBucket } from '../../ports/usage-store.ts'
import { escapeName } from '../../storage/rows/names.ts'

/** What operations of many customers say alike. */
export type Terms = Pick<ConsumeOperation, 'feature' | 'freshness' | 'gates' | 'buckets' | 'requests' | 'keyFor'>

/** Later than every instant. */
export const never: number = largestAmount + 1

const kindLetters: Readonly<Record<BucketKind, string>> = { allowance: 'a', grant: 'g', overage: 'o' }

const plainName = /^[\w:.\-+@ ]*$/

/** Whether two operations of one call say the same; nothing can change while it is encoded. */
export function isSame(one: Terms, other: Terms): boolean {
  return (
    one.feature === other.feature &&
    one.keyFor === other.keyFor &&
    one.requests === other.requests &&
    (one.freshness === other.freshness || isSameFreshness(one.freshness, other.freshness)) &&
    (one.buckets === other.buckets || isSameList(one.buckets, other.buckets, isSameBucket)) &&
    (one.gates === other.gates || isSameList(one.gates, other.gates, isSameGate))
  )
}

function isSameFreshness(one: Freshness, other: Freshness): boolean {
  return (
    one.version === other.version &&
    one.validFrom === other.validFrom &&
    one.validUntil === other.validUntil &&
    one.loaded === other.loaded
  )
}

function isSameList<Item>(one: readonly Item[], other: readonly Item[], isSameItem: (one: Item, other: Item) => boolean): boolean {
  // Where one has an item, so has the other, for both have as many.
  return one.length === other.length && one.every((item, index) => item === other[index] || isSameItem(item, other[index] as Item))
}

function isSameBucket(one: UsageBucket, other: UsageBucket): boolean {
  return one.id === other.id && one.limit === other.limit && one.keepUntil === other.keepUntil && one.kind === other.kind
}

function isSameGate(one: Gate, other: Gate): boolean {
  return one.id === other.id && one.limit === other.limit && one.period === other.period && one.burst === other.burst
}

export function takeTerms({ feature, freshness, keyFor, gates, buckets, requests = 1 }: Terms): string {
  const name = escapeName(feature)
  let text = `${freshnessText(freshness)},${requests},${keyFor},${quoted(name)},${buckets.length},${gates.length}`
  for (const bucket of buckets) text += bucketText(name, bucket)
  return text + gatesText(name, gates)
}

export function readTerms(feature: string, buckets: readonly string[], gates: readonly Gate[]): string {
  const name = escapeName(feature)
  const asked = buckets.map((id) => `,${quoted(`${name},${escapeName(id)}`)},0,0,0`).join('')
  return `0,0,0,0,0,0,0,${buckets.length},${gates.length}${asked}${gatesText(name, gates)}`
}

function freshnessText({ version, validFrom, validUntil, loaded }: Freshness): string {
  return `${version},${validFrom},${validUntil ?? never},${loaded ? 1 : 0}`
}

function bucketText(feature: string, { id, kind, limit, keepUntil }: UsageBucket): string {
  const name = escapeName(id)
  return `,${quoted(`${feature},${name}`)},${limit ?? largestAmount},${keepUntil ?? never},${quoted(letterOf(kind) + name)}`
}

/** A gate's name has an empty part, as no bucket's has. */
function gatesText(feature: string, gates: readonly Gate[]): string {
  return gates.map((gate) => `,${quoted(`${feature},,${escapeName(gate.id)}`)},${stepOf(gate)},${gate.burst}`).join('')
}

export function letterOf(kind: BucketKind): string {
  return kindLetters[kind]
}

export function nameOf(name: string): string {
  return quoted(escapeName(name))
}

export function quoted(text: string): string {
  return plainName.test(text) ? `"${text}"` : JSON.stringify(text)
}
