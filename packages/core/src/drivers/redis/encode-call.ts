import { largestAmount } from '../../domain/amount.ts'
import type { Instant } from '../../domain/instant.ts'
import type { ReserveOperation } from '../../ports/usage-store.ts'
import { escapeName } from '../../storage/rows/names.ts'
import type { CallNumber } from './call-numbers.ts'
import { type Terms, isSame, letterOf, nameOf, never, quoted, readTerms, takeTerms } from './encode-terms.ts'
import { addSideKeys, keyOfKey } from './key-names.ts'
import type { Group, Question, Share } from './question.ts'
import type { SortedOut } from './share-out.ts'

/** What the script is given: `KEYS` and `ARGV`. */
export interface EncodedCall {
  readonly keys: string[]
  readonly values: string[]
}

/** How many terms are compared with those of an operation before they are sent once more. */
const mostRecent = 4

/** Encodes questions for one call of the script. */
export function encodeCall(
  { groups, quick, thorough }: SortedOut<Question>,
  now: Instant | undefined,
  number: CallNumber | null,
): EncodedCall {
  const [sole, ...others] = groups
  if (sole !== undefined && number !== null && others.length + quick.length + thorough.length === 0) {
    const values = soleValues(sole, now, number)
    if (values !== undefined) return { keys: [...sole.shares.map(({ document }) => document), number.key], values }
  }
  encoder = new CallEncoder()
  for (const { shares } of groups) encoder.addDocuments(shares)
  encoder.addDocuments(quick)
  let place = encoder.addDocuments(thorough) - thorough.length
  for (const group of groups) encoder.addGroup(group)
  for (const share of quick) encoder.addQuick(share)
  for (const share of thorough) encoder.addThorough(share, (place += 1))
  return encoder.end(number, now, [groups.length, quick.length, thorough.length])
}

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

  /** Answers how many documents there are. */
  addDocuments(shares: readonly Share<Question>[]): number {
    for (const { document } of shares) this.keys.push(document)
    return this.keys.length
  }

  addGroup({ like, many, shares }: Group<Question>): void {
    const firstKey = like.key === null ? 0 : this.keys.length + 1
    this.text += `,${this.termOf(like)},${like.amount},${many},${shares.length},${firstKey}`
    if (like.key === null) return
    for (const { document, items } of shares) {
      for (const item of items) if ('key' in item && item.key !== null) this.placeOfKey(document, item.key)
    }
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

  end(number: CallNumber | null, now: Instant | undefined, counts: readonly number[]): EncodedCall {
    const strings = this.keys.length
    for (const key of this.sideKeys) this.keys.push(key)
    if (number !== null) this.keys.push(number.key)
    return { keys: this.keys, values: [`[[${strings},${counts.join(',')}${this.text}],[${this.terms}]]`, ...callValues(number, now)] }
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

/** The latest is kept: where none is left at a collection, the engine forgets the code that was fast on them. */
let encoder = new CallEncoder()

/** What of a sole group the script is told without lists; `undefined` where it needs them. */
function soleValues({ like, many }: Group<Question>, now: Instant | undefined, number: CallNumber): string[] | undefined {
  const [bucket] = like.buckets
  if (like.key !== null || like.gates.length > 0 || bucket === undefined) return undefined
  const { version, validFrom, validUntil } = like.freshness
  const name = `${escapeName(like.feature)},${escapeName(bucket.id)}`
  const said = [like.amount, many, version, validFrom, validUntil ?? never, name, bucket.limit ?? largestAmount, bucket.keepUntil ?? never]
  return ['', ...callValues(number, now), ...said.map(String)]
}

function callValues(number: CallNumber | null, now: Instant | undefined): readonly string[] {
  return [number === null ? '' : `${number.number}`, number?.isRenewal === true ? '1' : '0', `${now ?? -1}`]
}
