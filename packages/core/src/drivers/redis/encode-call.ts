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

/** Encodes questions for one call of the script, which decodes them with two calls of cjson. */
export function encodeCall(shares: readonly Share<Question>[], now: Instant | undefined): EncodedCall {
  const encoder = new CallEncoder()
  for (const share of shares) encoder.add(share)
  return encoder.end(shares.length, now)
}

type Terms = Pick<ConsumeOperation, 'feature' | 'freshness' | 'gates' | 'buckets' | 'requests'>

class CallEncoder {
  private readonly keys: string[] = []
  private readonly sideKeys: string[] = []
  private readonly places = new Map<string, number>()
  private terms = ''
  private sides = 0
  private last: Terms | undefined
  private lastPlace = 0
  private text = ''
  /** How many values the share has so far. */
  private length = 0

  add({ document, items, isSided }: Share<Question>): void {
    const before = this.text
    this.keys.push(document)
    const place = this.keys.length
    this.text = ''
    this.length = 4
    for (const item of items) this.addQuestion(document, item)
    if (isSided) {
      this.sides += 1
      addSideKeys(this.sideKeys, document)
    }
    this.text = `${before},${place},${isSided ? this.sides : 0},${items.length},${this.length}${this.text}`
  }

  end(count: number, now: Instant | undefined): EncodedCall {
    const strings = this.keys.length
    for (const key of this.sideKeys) this.keys.push(key)
    return { keys: this.keys, values: [`[${now ?? -1},${strings},${count}${this.text}]`, `[${this.terms}]`] }
  }

  private addQuestion(document: string, item: Question): void {
    switch (item.verb) {
      case 'consume':
        if (item.key === null) this.write(3, `1,${this.termOf(item)},${item.amount}`)
        else this.write(5, `2,${this.termOf(item)},${item.amount},${this.placeOfKey(document, item.key)},${item.keyFor}`)
        return
      case 'reserve':
        this.write(11, `3,${this.termOf(item)},${item.amount},${this.reservation(document, item)}`)
        return
      case 'settle':
        this.write(4, `4,${nameOf(item.feature)},${nameOf(item.reservation)},${item.amount}`)
        return
      case 'release':
        this.addRelease(document, item)
        return
      case 'read':
        this.write(2, `8,${this.termOfText(readTerms(item.feature, item.buckets, item.gates))}`)
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
    const key = item.key === null ? '0,0' : `${this.placeOfKey(document, item.key)},${item.keyFor}`
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
      last.feature === item.feature
    if (!isLast) {
      this.lastPlace = this.termOfText(takeTerms(item))
      this.last = item
    }
    return this.lastPlace
  }

  private termOfText(text: string): number {
    const known = this.places.get(text)
    if (known !== undefined) return known
    const place = this.places.size + 1
    this.places.set(text, place)
    this.terms = place === 1 ? text : `${this.terms},${text}`
    return place
  }
}

function takeTerms({ feature, freshness, gates, buckets, requests = 1 }: Terms): string {
  const name = escapeName(feature)
  const asked = buckets.map((bucket) => bucketText(name, bucket)).join(',')
  return `[${quoted(name)},${freshnessText(freshness)},${requests},[${asked}],[${gatesText(name, gates)}]]`
}

function readTerms(feature: string, buckets: readonly string[], gates: readonly Gate[]): string {
  const name = escapeName(feature)
  const asked = buckets.map((id) => `${quoted(`${name},${escapeName(id)}`)},0,0,0`).join(',')
  return `[0,0,0,0,0,0,[${asked}],[${gatesText(name, gates)}]]`
}

function freshnessText({ version, validFrom, validUntil, loaded }: Freshness): string {
  return `${version},${validFrom},${validUntil ?? never},${loaded ? 1 : 0}`
}

function bucketText(feature: string, { id, kind, limit, keepUntil }: UsageBucket): string {
  const name = escapeName(id)
  return `${quoted(`${feature},${name}`)},${limit ?? largestAmount},${keepUntil ?? never},${quoted(letterOf(kind) + name)}`
}

/** A gate's name has an empty part, as no bucket's has. */
function gatesText(feature: string, gates: readonly Gate[]): string {
  return gates.map((gate) => `${quoted(`${feature},,${escapeName(gate.id)}`)},${stepOf(gate)},${gate.burst}`).join(',')
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
