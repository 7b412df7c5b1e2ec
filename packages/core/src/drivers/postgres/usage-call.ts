import { type Gate, stepOf } from '../../domain/gate.ts'
import type { ConsumeOperation, UsageOperation } from '../../ports/usage-store.ts'
import type { Value } from './client.ts'
import { type Group, type Grouped, mostGates } from './usage-groups.ts'
import { checkName, quoteName, quoteShape, shapeOf } from './usage-names.ts'
import { encodeOperation, none, roomOf } from './usage-operations.ts'

/**
 * The parameters of `farebox.usage_execute` from the customers on: lists as the text of array literals, which every client
 * sends alike and the server reads fastest. A list that has one value throughout travels as a single element.
 */
export function encodeCall(operations: readonly UsageOperation[], grouped: Grouped): readonly Value[] {
  const { groups, apart } = grouped
  return [
    ...placeLists(groups),
    listOf(groups, ({ first }) => first.freshness.version),
    listOf(groups, ({ first }) => first.freshness.loaded),
    listOf(groups, ({ first: { freshness } }) => (freshness.loaded ? -none : freshness.validFrom)),
    listOf(groups, ({ first: { freshness } }) => (freshness.loaded ? none : (freshness.validUntil ?? none))),
    listOf(groups, ({ amount }) => amount),
    listOf(groups, ({ requests }) => requests),
    ...bucketLists(groups, 0),
    ...bucketLists(groups, 1),
    ...bucketLists(groups, 2),
    ...gateLists(groups, 0),
    ...gateLists(groups, 1),
    ...takeLists(operations, grouped),
    apart.length === 0 ? null : encodeApart(operations, grouped),
  ]
}

/** The parameters of `farebox.usage_count` from the customers on. */
export function encodeCount(operations: readonly UsageOperation[], grouped: Grouped): readonly Value[] {
  const { groups, hasKeys } = grouped
  let [from, until] = [-none, none]
  for (const { first: { freshness } } of groups) {
    if (freshness.loaded) continue
    from = Math.max(from, freshness.validFrom)
    until = Math.min(until, freshness.validUntil ?? none)
  }
  return [
    ...placeLists(groups),
    listOf(groups, ({ first }) => first.freshness.version),
    listOf(groups, ({ amount }) => amount),
    ...bucketLists(groups, 0),
    String(from),
    String(until),
    ...(hasKeys ? takeLists(operations, grouped).slice(0, 4) : [null, null, null, null]),
  ]
}

/** The parameters of the statements for one group, from the customer on. */
export function encodeConsume({ first: operation, amount, requests }: Group): readonly Value[] {
  const { customer, feature, freshness, buckets, gates, key, keyFor } = operation
  const { version, loaded, validFrom, validUntil } = freshness
  const numbers = [version, loaded ? -none : validFrom, loaded ? none : (validUntil ?? none), amount, keyFor]
  const [only, second, third] = buckets
  numbers.push(orNone(only, 'limit'), orNone(only, 'keepUntil'))
  if (!isOfOne(operation)) {
    numbers.push(orNone(second, 'limit'), orNone(second, 'keepUntil'), orNone(third, 'limit'), orNone(third, 'keepUntil'))
    numbers.push(...gateNumbers(gates[0]), ...gateNumbers(gates[1]), requests)
  }
  const names = [checkName(customer, 'customer'), checkName(feature, 'feature'), shapeOf(buckets, gates)]
  return [...names, key === null ? null : checkName(key, 'key'), ...numbers.map(String)]
}

/** Customers, features and shapes. */
function placeLists(groups: readonly Group[]): readonly [Value, Value, Value] {
  return [
    `{${groups.map(({ first }) => quoteName(first.customer, 'customer')).join(',')}}`,
    listOf(groups, ({ first }) => quoteName(first.feature, 'feature')),
    listOf(groups, ({ first }) => quoteShape(first.buckets, first.gates)),
  ]
}

/** One bucket and no gate. */
export function isOfOne({ buckets, gates }: ConsumeOperation): boolean {
  return buckets.length === 1 && gates.length === 0
}

function gateNumbers(gate: Gate | undefined): readonly [number, number] {
  return gate === undefined ? [0, 0] : [stepOf(gate), roomOf(gate)]
}

/** Limits, and until when counters are kept, of the buckets at a position; -1 where a group has none there. */
function bucketLists(groups: readonly Group[], position: number): readonly [Value, Value] {
  if (position > 0 && groups.every(({ first }) => first.buckets.length <= position)) return ['{}', '{}']
  return [
    listOf(groups, ({ first }) => orNone(first.buckets[position], 'limit')),
    listOf(groups, ({ first }) => orNone(first.buckets[position], 'keepUntil')),
  ]
}

function orNone<Field extends 'limit' | 'keepUntil'>(
  bucket: Readonly<Record<Field, number | null>> | undefined,
  field: Field,
): number {
  return bucket === undefined ? -1 : (bucket[field] ?? none)
}

/** What a request costs at the gates at a position, and how far ahead they let; 0 where a group has none there. */
function gateLists(groups: readonly Group[], position: number): readonly [Value, Value] {
  if (groups.every(({ first }) => first.gates.length <= position)) return ['{}', '{}']
  return [
    listOf(groups, ({ first }) => gateNumbers(first.gates[position])[0]),
    listOf(groups, ({ first }) => gateNumbers(first.gates[position])[1]),
  ]
}

/**
 * Of each consumption, in the order of {@link placesOf}, its group counted from 1, amount, key, how long that is kept, and
 * requests. No list of groups says that each is there as often as it has requests.
 */
function takeLists(operations: readonly UsageOperation[], grouped: Grouped): readonly Value[] {
  const [head] = grouped.groups
  if (head === undefined) return ['{}', '{}', '{}', '{}', '{}']
  if (grouped.isUniform) return ['{}', `{${head.first.amount}}`, '{}', '{}', '{1}']
  const groupAt = groupsByPlace(operations.length, grouped.groups)
  const ofs: number[] = []
  const takes: ConsumeOperation[] = []
  let hasKeys = false
  for (const [place, operation] of operations.entries()) {
    const of = groupAt[place]
    if (of === undefined || of === 0 || operation.verb !== 'consume') continue
    ofs.push(of)
    takes.push(operation)
    if (operation.key !== null) hasKeys = true
  }
  return [
    `{${ofs.join(',')}}`,
    listOf(takes, ({ amount }) => amount),
    hasKeys ? `{${takes.map(({ key }) => (key === null ? 'NULL' : quoteName(key, 'key'))).join(',')}}` : '{}',
    listOf(takes, ({ keyFor }) => keyFor),
    listOf(takes, ({ requests }) => requests ?? 1),
  ]
}

/** The consumptions of all groups, in the order in which a call tells of them. */
export function placesOf({ groups, isUniform }: Grouped): readonly number[] {
  const places = groups.flatMap((group) => group.places)
  return isUniform ? places : places.toSorted((one, other) => one - other)
}

/** For each place of a call its group, counted from 1, or 0. */
function groupsByPlace(length: number, groups: readonly Group[]): Int32Array {
  const groupAt = new Int32Array(length)
  for (const [index, { places }] of groups.entries()) {
    for (const place of places) groupAt[place] = index + 1
  }
  return groupAt
}

function listOf<Item>(items: readonly Item[], pick: (item: Item) => string | number | boolean): string {
  const [head] = items
  if (head === undefined) return '{}'
  const first = pick(head)
  return items.every((item) => pick(item) === first) ? `{${first}}` : `{${items.map(pick).join(',')}}`
}

/** What is apart, as the parameter of functions that take it one by one. */
export function encodeApart(operations: readonly UsageOperation[], { apart }: Grouped): string {
  return JSON.stringify(apart.map((place) => operations[place]).map((operation) => operation && encodeOperation(operation)))
}

/** Reserves without a key, through no more gates than have columns, or settles. */
export function isHold(operation: UsageOperation | undefined): boolean {
  return operation?.verb === 'settle' || (operation?.verb === 'reserve' && operation.key === null && operation.gates.length <= mostGates)
}
