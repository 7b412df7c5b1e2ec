import { largestAmount } from '../../domain/amount.ts'
import type { BucketKind } from '../../domain/bucket.ts'
import { type Gate, stepOf } from '../../domain/gate.ts'
import type { Instant } from '../../domain/instant.ts'
import type { ConsumeOperation, Freshness, ReserveOperation, UsageBucket } from '../../ports/usage-store.ts'
import { escapeName } from '../../storage/rows/names.ts'
import { addSideKeys, keyOfKey } from './key-names.ts'
import type { Question, Share } from './question.ts'

/** What the script is given: `KEYS`, and the two texts of `ARGV`. */
export interface EncodedCall {
  readonly keys: string[]
  readonly values: string[]
}

/** Later than every instant. */
const never = largestAmount + 1

const kindLetters: Readonly<Record<BucketKind, string>> = { allowance: 'a', grant: 'g', overage: 'o' }

const plainName = /^[\w:.\-+@ ]*$/

/**
 * Encodes questions for one call of the script, which decodes them with two calls of cjson: `quick` are consumptions alone,
 * `thorough` is everything else.
 */
export function encodeCall(
  quick: readonly Share<Question>[],
  thorough: readonly Share<Question>[],
  now: Instant | undefined,
): EncodedCall {
  const encoder = new CallEncoder(quick, thorough)
  for (const share of quick) encoder.addQuick(share)
  for (const [index, share] of thorough.entries()) encoder.addThorough(share, quick.length + index + 1)
  return encoder.end(`${now ?? -1}`, quick.length, thorough.length)
}

type Terms = Pick<ConsumeOperation, 'feature' | 'freshness' | 'gates' | 'buckets' | 'requests' | 'keyFor'>

class CallEncoder {
  private readonly keys: string[] = []
  private readonly sideKeys: string[] = []
  private readonly places = new Map<string, number>()
  private terms = ''
  private nextTerm = 1
  private sides = 0
  private last: Terms | undefined
  private lastPlace = 0
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

  end(now: string, quick: number, thorough: number): EncodedCall {
    const strings = this.keys.length
    for (const key of this.sideKeys) this.keys.push(key)
    return { keys: this.keys, values: [`[${now},${strings},${quick},${thorough}${this.text}]`, `[${this.terms}]`] }
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
        this.write(2, `8,${this.termOfText(readTerms(item.feature, item.buckets, item.gates), item.buckets.length, item.gates.length)}`)
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

  /** Operations of one call are encoded in one go: what is the same object now, says the same. */
  private termOf(item: Terms): number {
    const { last } = this
    const isLast =
      last?.freshness === item.freshness &&
      last.buckets === item.buckets &&
      last.gates === item.gates &&
      last.requests === item.requests &&
      last.keyFor === item.keyFor &&
      last.feature === item.feature
    if (!isLast) {
      this.lastPlace = this.termOfText(takeTerms(item), item.buckets.length, item.gates.length)
      this.last = item
    }
    return this.lastPlace
  }

  private termOfText(text: string, buckets: number, gates: number): number {
    const known = this.places.get(text)
    if (known !== undefined) return known
    const place = this.nextTerm
    this.places.set(text, place)
    this.nextTerm += 9 + 4 * buckets + 3 * gates
    this.terms = place === 1 ? text : `${this.terms},${text}`
    return place
  }
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
