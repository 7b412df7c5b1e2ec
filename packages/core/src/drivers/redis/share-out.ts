import type { ConsumeOperation } from '../../ports/usage-store.ts'
import { isSame } from './encode-terms.ts'
import { documentKey } from './key-names.ts'
import type { Group, Question, Share } from './question.ts'

/** The shares of a call: customers who ask for the same, customers who only consume, and the others. */
export interface SortedOut<Item extends Question> {
  readonly groups: readonly Group<Item>[]
  readonly quick: readonly Share<Item>[]
  readonly thorough: readonly Share<Item>[]
}

/** How many groups a customer is compared with. */
const mostCompared = 4

/** The questions by customer, in the order in which customers were first named. */
export function shareOut<Item extends Question>(items: readonly Item[], prefix: string): readonly Share<Item>[] {
  const known = new Map<string, Share<Item>>()
  const shares: Share<Item>[] = []
  let place = 0
  for (const item of items) {
    const share = known.get(item.customer)
    if (share !== undefined) {
      share.items.push(item)
      share.places.push(place)
      if (share.like !== null && !isAlike(share.like, item)) share.like = null
      if (item.verb !== 'consume') share.isQuick = false
      share.isSided ||= needsSideKeys(item)
    } else {
      const isQuick = item.verb === 'consume'
      const document = documentKey(prefix, item.customer)
      const like: ConsumeOperation | null = item.verb === 'consume' && isPlain(item) ? item : null
      const first: Share<Item> = { document, items: [item], places: [place], like, isQuick, isSided: needsSideKeys(item) }
      known.set(item.customer, first)
      shares.push(first)
    }
    place += 1
  }
  return shares
}

/** How the script is asked about each: those who are asked the same about side by side, and who is left of them. */
export function sortOut<Item extends Question>(shares: readonly Share<Item>[]): SortedOut<Item> {
  const groups: Group<Item>[] = []
  const quick: Share<Item>[] = []
  const thorough: Share<Item>[] = []
  for (const share of shares) {
    const { like, items } = share
    if (share.isSided || !share.isQuick) {
      thorough.push(share)
      continue
    }
    if (like === null) {
      quick.push(share)
      continue
    }
    let group: Group<Item> | undefined
    for (let back = 1; back <= mostCompared && group === undefined; back += 1) {
      const other = groups[groups.length - back]
      if (other === undefined) break
      if (other.many === items.length && isAlike(other.like, like)) group = other
    }
    if (group === undefined) groups.push({ like, many: items.length, shares: [share] })
    else group.shares.push(share)
  }
  return { groups, quick, thorough }
}

function isPlain({ freshness, buckets }: ConsumeOperation): boolean {
  return !freshness.loaded && buckets.length === 1
}

function isAlike(one: ConsumeOperation, other: Question): boolean {
  return (
    other.verb === 'consume' &&
    one.amount === other.amount &&
    (one.key === null) === (other.key === null) &&
    isSame(one, other)
  )
}

function needsSideKeys(item: Question): boolean {
  switch (item.verb) {
    case 'consume':
    case 'read':
    case 'raise':
      return false
    case 'release':
      return item.target.by !== 'drawn'
    case 'reserve':
    case 'settle':
    case 'history':
    case 'sweep':
      return true
    default:
      return item satisfies never
  }
}
