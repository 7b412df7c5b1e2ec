import { isAmount } from '../../domain/amount.ts'
import type { Gate } from '../../domain/gate.ts'
import type { ConsumeOperation, UsageBucket, UsageOperation } from '../../ports/usage-store.ts'

/** Consumptions that ask the same of one row: they are counted together where all of them fit. */
export interface Group {
  /** Stands for all of them but for their amounts, keys and requests. */
  readonly first: ConsumeOperation
  /** Where each is in the call, in its order. */
  readonly places: number[]
  amount: number
  requests: number
  /** The customer's next group: another feature. */
  next: Group | undefined
}

/** What a call is about. A customer's operations are either all in groups or all apart, so that their order is kept. */
export interface Grouped {
  /** By customer and feature: the order in which every call locks rows. */
  readonly groups: readonly Group[]
  /** All in groups are of one amount, one request and no key: which is which does not matter, nor in which order. */
  readonly isUniform: boolean
  readonly hasKeys: boolean
  /** The places of all other operations, in the order of the call. */
  readonly apart: readonly number[]
}

/** What the database looks at in columns of its own. */
const mostBuckets = 3
export const mostGates = 2

export function groupOperations(operations: readonly UsageOperation[]): Grouped {
  const [only] = operations
  if (only !== undefined && operations.length === 1 && isPlain(only)) {
    return { groups: [groupOf(only, 0)], apart: [], isUniform: isSimple(only, only.amount), hasKeys: only.key !== null }
  }
  const customers = new Map<string, Group | null>()
  let isAllGrouped = true
  let isUniform = true
  let hasKeys = false
  const amount = amountOf(operations[0])
  for (const [place, operation] of operations.entries()) {
    const known = customers.get(operation.customer)
    if (known === null) continue
    const group = isPlain(operation) ? addTo(operation, place, known) : null
    if (group === null) isAllGrouped = false
    else if (isUniform) isUniform = isSimple(operation, amount)
    if (operation.verb === 'consume' && operation.key !== null) hasKeys = true
    if (group === null || known === undefined) customers.set(operation.customer, group)
  }
  const groups: Group[] = []
  for (const first of customers.values()) {
    for (let group = first ?? undefined; group !== undefined; group = group.next) groups.push(group)
  }
  if (groups.length > 1) groups.sort(byRow)
  if (isAllGrouped) return { groups, apart: [], isUniform, hasKeys }
  const apart = operations.flatMap(({ customer }, place) => (customers.get(customer) === null ? [place] : []))
  return { groups, apart, isUniform, hasKeys }
}

function amountOf(operation: UsageOperation | undefined): number {
  return operation?.verb === 'consume' ? operation.amount : 0
}

function isSimple(operation: UsageOperation, amount: number): boolean {
  return operation.verb === 'consume' && operation.key === null && operation.amount === amount && (operation.requests ?? 1) === 1
}

/** Adds a consumption to its customer's groups. Answers the customer's first group, or `null` where it fits in none. */
function addTo(operation: ConsumeOperation, place: number, known: Group | undefined): Group | null {
  const requests = operation.requests ?? 1
  for (let group = known; group !== undefined; group = group.next) {
    const { version, loaded } = group.first.freshness
    if (version !== operation.freshness.version || loaded !== operation.freshness.loaded) return null
    if (group.first.feature !== operation.feature) continue
    if (!asksTheSame(group.first, operation) || !isAmount(group.amount + operation.amount)) return null
    if (operation.gates.some((gate) => group.requests + requests > gate.burst)) return null
    group.places.push(place)
    group.amount += operation.amount
    group.requests += requests
    return known ?? group
  }
  const added = groupOf(operation, place)
  if (known === undefined) return added
  added.next = known.next
  known.next = added
  return known
}

function groupOf(first: ConsumeOperation, place: number): Group {
  return { first, places: [place], amount: first.amount, requests: first.requests ?? 1, next: undefined }
}

function isPlain(operation: UsageOperation): operation is ConsumeOperation {
  if (operation.verb !== 'consume') return false
  const { buckets, gates } = operation
  return buckets.length > 0 && buckets.length <= mostBuckets && gates.length <= mostGates
}

function asksTheSame(one: ConsumeOperation, other: ConsumeOperation): boolean {
  const { validFrom, validUntil } = one.freshness
  return (
    validFrom === other.freshness.validFrom &&
    validUntil === other.freshness.validUntil &&
    areAlike(one.buckets, other.buckets, isSameBucket) &&
    areAlike(one.gates, other.gates, isSameGate)
  )
}

function areAlike<Item>(some: readonly Item[], others: readonly Item[], isSame: (one: Item, other: Item) => boolean): boolean {
  if (some === others) return true
  if (some.length !== others.length) return false
  for (const [index, item] of some.entries()) {
    const other = others[index]
    if (other === undefined || !isSame(item, other)) return false
  }
  return true
}

function isSameBucket(one: UsageBucket, other: UsageBucket): boolean {
  return one.id === other.id && one.limit === other.limit && one.kind === other.kind && one.keepUntil === other.keepUntil
}

function isSameGate(one: Gate, other: Gate): boolean {
  return one.id === other.id && one.limit === other.limit && one.period === other.period && one.burst === other.burst
}

function byRow({ first: one }: Group, { first: other }: Group): number {
  return compareText(one.customer, other.customer) || compareText(one.feature, other.feature)
}

/** By code points, as the database orders bytes: `<` puts those above U+FFFF before some that are below. */
function compareText(one: string, other: string): number {
  const length = Math.min(one.length, other.length)
  for (let place = 0; place < length; place += 1) {
    const [unit, otherUnit] = [one.charCodeAt(place), other.charCodeAt(place)]
    if (unit !== otherUnit) return isSurrogate(unit) === isSurrogate(otherUnit) ? unit - otherUnit : isSurrogate(unit) ? 1 : -1
  }
  return one.length - other.length
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xe000
}
