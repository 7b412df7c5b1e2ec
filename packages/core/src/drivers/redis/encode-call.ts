import { largestAmount } from '../../domain/amount.ts'
import type { BucketKind } from '../../domain/bucket.ts'
import { type Gate, stepOf } from '../../domain/gate.ts'
import type { Instant } from '../../domain/instant.ts'
import type { ConsumeOperation, Freshness, ReserveOperation, UsageBucket } from '../../ports/usage-store.ts'
import { escapeName } from '../../storage/rows/names.ts'
import type { CallNumber } from './call-numbers.ts'
import { addSideKeys, keyOfKey } from './key-names.ts'
import type { Question, Share } from './question.ts'

/** What the script is given: `KEYS`, and the one text of `ARGV`. */
export interface EncodedCall {
  readonly keys: string[]
  readonly values: string[]
}

/** Later than every instant. */
const never = largestAmount + 1

const kindLetters: Readonly<Record<BucketKind, string>> = { allowance: 'a', grant: 'g', overage: 'o' }

/** How many terms are compared with those of an operation before they are sent once more. */
const mostRecent = 4

const plainName = /^[\w:.\-+@ ]*$/

/**
 * Encodes questions for one call of the script, which decodes them with one call of cjson: `quick` are consumptions alone,
 * `thorough` is everything else.
 */
export function encodeCall(
  quick: readonly Share<Question>[],
  thorough: readonly Share<Question>[],
  now: Instant | undefined,
  number: CallNumber | null,
): EncodedCall {
  const encoder = new CallEncoder(quick, thorough)
  for (const share of quick) encoder.addQuick(share)
  for (const [index, share] of thorough.entries()) encoder.addThorough(share, quick.length + index + 1)
  return encoder.end(`${now ?? -1}`, quick.length, thorough.length, number)
}

type Terms = Pick<ConsumeOperation, 'feature' | 'freshness' | 'gates' | 'buckets' | 'requests' | 'keyFor'>

class CallEncoder {
  private readonly keys: string[] = []
  private readonly sideKeys: string[] = []
  /** The terms that were asked for lately. */
  private readonly recent: { readonly terms: Terms; readonly place: number }[] = []
  private nextRecent = 0
  private terms = ''
  private nextTerm = 1
  private sides = 0
  private text = ''
  /** How many values the share has so far. */
  private length = 0

  constructor(quick: readonly Share<Question>[], thorough: readonly Share<Question>[]) {
    for (const { document } of quick) this.keys.push(document)
    for (const { document } of thorough) this.keys.push(document)
  }

  /** Operations that follow each other and differ in their keys alone are one run of so many. */
  addQuick({ document, items }: Share<Question>): void {
    let runs = 0
    let text = ''
    let count = 0
    let term = 0
    let amount = 0
    let key = 0
    for (const item of items) {
      if (item.verb !== 'consume') continue
      const itsTerm = this.termOf(item)
      const itsKey = item.key === null ? 0 : this.placeOfKey(document, item.key)
      if (count > 0 && itsTerm === term && item.amount === amount && itsKey === (key === 0 ? 0 : key + count)) {
        count += 1
        continue
      }
      if (count > 0) text += `,${term},${amount},${count},${key}`
      runs += 1
      count = 1
      term = itsTerm
      amount = item.amount
      key = itsKey
    }
    this.text += `,${runs}${text},${term},${amount},${count},${key}`
  }

  addThorough({ document, items, isSided }: Share<Question>, place: number): void {
    const before = this.text
    this.text = ''
    this.length = 4
    for (const item of items) this.addQuestion(document, item)
    if (isSided) {
      this.sides += 1
      addSideKeys(this.sideKeys, document)
    }
    this.text = `${before},${place},${isSided ? this.sides : 0},${items.length},${this.length}${this.text}`
  }

  end(now: string, quick: number, thorough: number, number: CallNumber | null): EncodedCall {
    const strings = this.keys.length
    for (const key of this.sideKeys) this.keys.push(key)
    if (number !== null) this.keys.push(number.key)
    const numbered = number === null ? '"",0' : `"${number.number}",${number.isRenewal ? 1 : 0}`
    return { keys: this.keys, values: [`[[${now},${strings},${quick},${thorough},${numbered}${this.text}],[${this.terms}]]`] }
  }

  private addQuestion(document: string, item: Question): void {
    switch (item.verb) {
      case 'consume':
        this.write(4, `1,${this.termOf(item)},${item.amount},${item.key === null ? 0 : this.placeOfKey(document, item.key)}`)
        return
      case 'reserve':
        this.write(10, `3,${this.termOf(item)},${item.amount},${this.reservation(document, item)}`)
        return
      case 'settle':
        this.write(4, `4,${nameOf(item.feature)},${nameOf(item.reservation)},${item.amount}`)
        return
      case 'release':
        this.addRelease(document, item)
        return
      case 'read':
        this.write(2, `8,${this.addTerm(readTerms(item.feature, item.buckets, item.gates), item.buckets.length, item.gates.length)}`)
        return
      case 'history':
        this.write(4, `9,${nameOf(item.feature)},${item.from},${item.to}`)
        return
      case 'raise':
        this.write(2, `10,${item.version}`)
        return
      case 'sweep':
        this.write(2 + item.keys.length, [11, item.keys.length, ...item.keys.map((key) => this.placeOfKey(document, key))].join(','))
        return
      case 'forget':
        this.write(1, '12')
        return
      default:
        item satisfies never
    }
  }

  private addRelease(document: string, { feature, target }: Extract<Question, { verb: 'release' }>): void {
    switch (target.by) {
      case 'key':
        this.write(3, `5,${nameOf(feature)},${this.placeOfKey(document, target.key)}`)
        return
      case 'reservation':
        this.write(3, `6,${nameOf(feature)},${nameOf(target.reservation)}`)
        return
      case 'drawn': {
        const draws = target.drawn.map(({ bucket, kind, amount }) => `${quoted(letterOf(kind) + escapeName(bucket))},${amount}`)
        this.write(3 + 2 * draws.length, ['7', nameOf(feature), draws.length, ...draws].join(','))
        return
      }
      default:
        target satisfies never
    }
  }

  private reservation(document: string, item: ReserveOperation): string {
    const key = item.key === null ? 0 : this.placeOfKey(document, item.key)
    const { id, kind, keepUntil } = item.overdraftBucket
    const over = `${quoted(letterOf(kind) + escapeName(id))},${keepUntil ?? never}`
    const counts = item.onExpiry === 'settle' ? 1 : 0
    return `${key},${nameOf(item.reservation)},${item.expiresIn},${counts},${item.overdraft},${over}`
  }

  private write(length: number, text: string): void {
    this.length += length
    this.text += `,${text}`
  }

  private placeOfKey(document: string, key: string): number {
    return this.keys.push(keyOfKey(document, key))
  }

  private termOf(item: Terms): number {
    const { recent } = this
    for (let index = 0; index < recent.length; index += 1) {
      const known = recent[index]
      if (known !== undefined && isSame(known.terms, item)) return known.place
    }
    const place = this.addTerm(takeTerms(item), item.buckets.length, item.gates.length)
    recent[this.nextRecent] = { terms: item, place }
    this.nextRecent = (this.nextRecent + 1) % mostRecent
    return place
  }

  private addTerm(text: string, buckets: number, gates: number): number {
    const place = this.nextTerm
    this.nextTerm += 9 + 4 * buckets + 3 * gates
    this.terms = place === 1 ? text : `${this.terms},${text}`
    return place
  }
}

/** Whether two operations of one call say the same; nothing can change while it is encoded. */
function isSame(one: Terms, other: Terms): boolean {
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
  return one.length === other.length && one.every((item, index) => item === other[index] || isSameItem(item, other[index] as Item))
}

function isSameBucket(one: UsageBucket, other: UsageBucket): boolean {
  return one.id === other.id && one.limit === other.limit && one.keepUntil === other.keepUntil && one.kind === other.kind
}

function isSameGate(one: Gate, other: Gate): boolean {
  return one.id === other.id && one.limit === other.limit && one.period === other.period && one.burst === other.burst
}

function takeTerms({ feature, freshness, keyFor, gates, buckets, requests = 1 }: Terms): string {
  const name = escapeName(feature)
  let text = `${freshnessText(freshness)},${requests},${keyFor},${quoted(name)},${buckets.length},${gates.length}`
  for (const bucket of buckets) text += bucketText(name, bucket)
  return text + gatesText(name, gates)
}

function readTerms(feature: string, buckets: readonly string[], gates: readonly Gate[]): string {
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

function letterOf(kind: BucketKind): string {
  return kindLetters[kind]
}

function nameOf(name: string): string {
  return quoted(escapeName(name))
}

function quoted(text: string): string {
  return plainName.test(text) ? `"${text}"` : JSON.stringify(text)
}
