import fc from 'fast-check'
import { largestAmount } from '../../src/domain/amount.ts'
import type { Gate } from '../../src/domain/gate.ts'
import { day, hour, minute, second } from '../../src/domain/instant.ts'
import type { ConsumeOperation, Freshness, UsageBucket, UsageHistoryEntry, UsageOperation, UsageOutcome, UsageStore } from '../../src/ports/usage-store.ts'
import { assertMatch, assertThat } from '../../src/testing/assertion.ts'
import { type ManualClock, manualClock } from '../../src/testing/manual-clock.ts'
import { ReferenceUsage } from '../../src/testing/reference-usage.ts'

/** What happens next in a history: one call with its operations, time, a change of what is bought, a sweep, an erasure. */
export type Step =
  | { readonly operations: readonly UsageOperation[] }
  | { readonly advance: number }
  | { readonly raise: number; readonly customer: string }
  | { readonly forget: string }
  | { readonly sweep: true }

export interface History {
  /** How much one of each amount and limit stands for: the reference counts every single unit, however large the store's numbers are. */
  readonly unit: number
  readonly steps: readonly Step[]
}

const start = manualClock().now()
const customers = ['one', 'two'] as const
const features = ['apiCalls', 'exports'] as const
const ids = ['grant:a', 'grant:b', 'allowance:0', 'allowance:1', 'overage:0', 'overdraft:0'] as const
const gates: readonly Gate[] = [
  { id: '20/minute/4', limit: 20, period: minute, burst: 4 },
  { id: '7/day', limit: 7, period: day, burst: 7 },
  { id: '3/second/2', limit: 3, period: second, burst: 2 },
  { id: '90/hour', limit: 90, period: hour, burst: 90 },
]

/** The largest amount is so many times a whole number: 2^53 - 1 is 6361 * 69431 * 20394401. */
const most = 6361

export function bucketOf(id: string, limit: number | null): UsageBucket {
  return { id, kind: id.startsWith('grant') ? 'grant' : id.startsWith('allowance') ? 'allowance' : 'overage', limit, keepUntil: null }
}

/** Limits move, as they do when plans change; the last bucket is there for some plans only. */
const buckets = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(0, 5, 20), fc.constantFrom(0, 10, 60), fc.constantFrom('none', 'capped', 'open'))
      .map(([grant, allowance, overage]) => [
        bucketOf('grant:a', grant),
        bucketOf('allowance:0', allowance),
        ...(overage === 'none' ? [] : [bucketOf('overage:0', overage === 'open' ? null : 30)]),
      ]),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.shuffledSubarray([...ids]), fc.array(fc.constantFrom(0, 3, 9, 60, null), { minLength: ids.length, maxLength: ids.length }))
      .map(([chosen, limits]) => chosen.map((id, index) => bucketOf(id, limits[index] ?? null))),
  },
)
const loaded: Freshness = { version: 1, validFrom: 0, validUntil: null, loaded: true }
const freshness = fc.oneof(
  { weight: 12, arbitrary: fc.constant(loaded) },
  { weight: 1, arbitrary: fc.constantFrom<Freshness>({ ...loaded, version: 2 }, { ...loaded, version: 0 }) },
  { weight: 4, arbitrary: fc.constantFrom<Freshness>({ ...loaded, loaded: false }, { ...loaded, loaded: false, version: 2 }) },
  {
    weight: 1,
    arbitrary: fc.constant<Freshness>({ version: 1, loaded: false, validFrom: start + 5 * minute, validUntil: start + 30 * minute }),
  },
)
const passing = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ gates: [] }) },
  { weight: 2, arbitrary: fc.shuffledSubarray([...gates], { minLength: 1 }).map((chosen) => ({ gates: chosen })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }).map((requests) => ({ gates: gates.filter(({ burst }) => burst >= requests), requests })) },
)

/** What the operations of a history are about, how much they take, and how long what they leave is kept. */
interface Subject {
  readonly unit: number
  readonly amount: fc.Arbitrary<number>
  readonly place: fc.Arbitrary<{ readonly customer: string; readonly feature: string }>
  readonly key: fc.Arbitrary<string>
  readonly keyed: fc.Arbitrary<string | null>
  readonly reservation: fc.Arbitrary<string>
  readonly keyFor: fc.Arbitrary<number>
  readonly expiresIn: fc.Arbitrary<number>
  readonly asked: fc.Arbitrary<Pick<ConsumeOperation, 'buckets' | 'freshness' | 'gates' | 'requests'>>
  readonly pause: fc.Arbitrary<number>
}

const few = fc.integer({ min: 1, max: 12 })
const fourKeys = fc.constantFrom('k1', 'k2', 'k3', 'k4')
/** Mostly the same place, so that histories get deep; another feature and another customer must stay apart. */
const deep: Subject = {
  unit: 1,
  amount: few,
  place: fc.record({
    customer: fc.oneof({ weight: 7, arbitrary: fc.constant(customers[0]) }, { weight: 1, arbitrary: fc.constant(customers[1]) }),
    feature: fc.oneof({ weight: 7, arbitrary: fc.constant(features[0]) }, { weight: 1, arbitrary: fc.constant(features[1]) }),
  }),
  key: fourKeys,
  keyed: fc.option(fourKeys, { freq: 2 }),
  reservation: fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8'),
  keyFor: fc.constantFrom(20 * minute, 20 * minute, minute),
  expiresIn: fc.integer({ min: 1, max: 6 }).map((minutes) => minutes * minute),
  asked: fc.tuple(fc.record({ buckets, freshness }), passing).map(([question, through]) => ({ ...question, ...through })),
  pause: fc.integer({ min: 0, max: 4 * minute }),
}
/** Near the largest number that a store counts to. */
const large: Subject = {
  ...deep,
  unit: largestAmount / most,
  amount: fc.oneof({ weight: 8, arbitrary: few }, { weight: 1, arbitrary: fc.constantFrom(most, most - 1, most - 12, most - 60, 3000) }),
}
const twoKeys = fc.constantFrom('k1', 'k1', 'k1', 'k2')
/** The same few names everywhere, and little that refuses: of keys that end before and after what was reserved under them. */
const shared: Subject = {
  unit: 1,
  amount: fc.constantFrom(1, 1, 1, 2),
  place: fc.record({ customer: fc.constantFrom(...customers, customers[0], customers[0]), feature: fc.constantFrom(...features) }),
  key: twoKeys,
  keyed: fc.option(twoKeys, { freq: 5 }),
  reservation: fc.constantFrom('r1', 'r1', 'r2'),
  keyFor: fc.constantFrom(0, 1, minute, minute, 5 * minute, 20 * minute, 3 * day),
  expiresIn: fc.constantFrom(1, minute, 5 * minute, hour, hour, 2 * day),
  asked: fc.oneof(
    { weight: 6, arbitrary: fc.constant({ buckets: [bucketOf('allowance:0', null)], freshness: loaded, gates: [] }) },
    { weight: 1, arbitrary: deep.asked },
  ),
  pause: fc.constantFrom(1, minute, minute, 5 * minute, hour),
}

function operationOf({ amount, place, key, keyed, reservation, keyFor, expiresIn, asked }: Subject): fc.Arbitrary<UsageOperation> {
  const taking = fc
    .tuple(fc.record({ amount, key: keyed, keyFor }), place, asked)
    .map(([take, where, through]) => ({ ...take, ...where, ...through }))
  return fc.oneof(
    { weight: 4, arbitrary: taking.map((take): UsageOperation => ({ verb: 'consume', ...take })) },
    {
      weight: 5,
      arbitrary: fc
        .tuple(taking, reservation, expiresIn, fc.constantFrom('release', 'settle'), fc.integer({ min: 0, max: 5 }))
        .map(([take, id, lasts, onExpiry, beyond]): UsageOperation => {
          const overdraft = Math.min(beyond, most - take.amount)
          const ending = { reservation: id, expiresIn: lasts, onExpiry, overdraft } as const
          return { verb: 'reserve', ...take, ...ending, overdraftBucket: bucketOf('overdraft:0', null) }
        }),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(place, reservation, fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 18 }) }, { weight: 1, arbitrary: amount }))
        .map(([where, id, counted]): UsageOperation => ({ verb: 'settle', ...where, reservation: id, amount: counted })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(place, reservation)
        .map(([where, id]): UsageOperation => ({ verb: 'release', ...where, target: { by: 'reservation', reservation: id } })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(place, key).map(([where, name]): UsageOperation => ({ verb: 'release', ...where, target: { by: 'key', key: name } })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(place, fc.array(fc.tuple(fc.constantFrom(...ids), fc.integer({ min: 1, max: 6 })), { minLength: 1, maxLength: 3 }))
        .map(([where, draws]): UsageOperation => {
          const drawn = draws.map(([bucket, given]) => ({ bucket, kind: bucketOf(bucket, null).kind, amount: given }))
          return { verb: 'release', ...where, target: { by: 'drawn', drawn } }
        }),
    },
  )
}

/** Long enough that keys, reservations and markers run out within it. */
function historyOf(subject: Subject): fc.Arbitrary<History> {
  const operation = operationOf(subject)
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 12, arbitrary: operation.map((one): Step => ({ operations: [one] })) },
    { weight: 3, arbitrary: fc.array(operation, { minLength: 2, maxLength: 5 }).map((operations): Step => ({ operations })) },
    {
      // The same again within a call, and what else is asked between.
      weight: 1,
      arbitrary: fc
        .tuple(fc.array(operation, { minLength: 1, maxLength: 3 }), fc.array(fc.nat(2), { minLength: 2, maxLength: 6 }))
        .map(([asked, order]): Step => ({ operations: order.flatMap((index) => asked[index] ?? []) })),
    },
    { weight: 2, arbitrary: subject.pause.map((advance): Step => ({ advance })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Step>({ advance: day }, { advance: minute }, { advance: 15 * minute - 1 }, { advance: 15 * minute }, { sweep: true }, { sweep: true }),
    },
    { weight: 1, arbitrary: fc.record({ raise: fc.constantFrom(1, 1, 2, 3, 0), customer: fc.constantFrom(...customers) }) },
    { weight: 1, arbitrary: fc.oneof({ weight: 3, arbitrary: fc.constant<Step>({ advance: 1 }) }, { weight: 1, arbitrary: fc.constantFrom(...customers).map((forget): Step => ({ forget })) }) },
  )
  return fc.record({ unit: fc.constant(subject.unit), steps: fc.array(step, { minLength: 60, maxLength: 120, size: 'max' }) })
}

export const history: fc.Arbitrary<History> = fc.oneof(
  { weight: 3, arbitrary: historyOf(deep) },
  { weight: 5, arbitrary: historyOf(shared) },
  { weight: 1, arbitrary: historyOf(large) },
)

/** Tells who is who in this history: its customers have names that no other history knows. */
function named(steps: readonly Step[], name: (customer: string) => string): readonly Step[] {
  return steps.map((next) => {
    if ('operations' in next) return { operations: next.operations.map((one) => ({ ...one, customer: name(one.customer) })) }
    if ('forget' in next) return { forget: name(next.forget) }
    return 'raise' in next ? { ...next, customer: name(next.customer) } : next
  })
}

/** The operation with amounts and limits that stand for so many each. */
function inUnits(one: UsageOperation, unit: number): UsageOperation {
  const bucketIn = (bucket: UsageBucket): UsageBucket => ({ ...bucket, limit: bucket.limit && bucket.limit * unit })
  if (one.verb === 'settle') return { ...one, amount: one.amount * unit }
  if (one.verb === 'release') {
    const { target } = one
    if (target.by !== 'drawn') return one
    return { ...one, target: { by: 'drawn', drawn: target.drawn.map((draw) => ({ ...draw, amount: draw.amount * unit })) } }
  }
  const asked = { ...one, amount: one.amount * unit, buckets: one.buckets.map(bucketIn) }
  return asked.verb === 'reserve' ? { ...asked, overdraft: asked.overdraft * unit } : asked
}

const countingFields = new Set(['amount', 'used', 'reserved', 'most'])

/** What the reference answers, with everything that counts multiplied. */
function times<Answer>(answer: Answer, unit: number): Answer {
  if (unit === 1) return answer
  const text = JSON.stringify(answer, (field, value: unknown) => (countingFields.has(field) && typeof value === 'number' ? value * unit : value))
  // An answer is plain data, and what was written of it is of the same shape.
  return JSON.parse(text) as Answer
}

/**
 * Asks a store and the reference the same, and compares every answer, and every counter, gate, marker and period's usage after
 * each step. Answers how many operations there were.
 */
export async function replay({ unit, steps }: History, create: (clock: ManualClock) => UsageStore): Promise<number> {
  const clock = manualClock(start)
  const store = create(clock)
  const prefix = crypto.randomUUID()
  const newReference = (): ReferenceUsage => new ReferenceUsage(Math.floor(largestAmount / unit))
  const references = new Map(customers.map((customer) => [`${prefix}-${customer}`, newReference()]))
  let count = 0
  for (const next of named(steps, (customer) => `${prefix}-${customer}`)) {
    if ('advance' in next) clock.advance(next.advance)
    else if ('sweep' in next) await store.sweep()
    else if ('forget' in next) {
      references.set(next.forget, newReference())
      await store.forget(next.forget)
    } else if ('raise' in next) {
      references.get(next.customer)?.raiseVersion(next.raise, clock.now())
      await store.raiseVersion(next.customer, next.raise)
    } else {
      count += next.operations.length
      const expected = next.operations.map((one) => times(references.get(one.customer)?.execute(one, clock.now()), unit))
      const asked = next.operations.map((one) => inUnits(one, unit))
      assertMatch(await store.execute(asked), expected, `${verbsOf(asked)} after ${count} operations`)
      for (const [index, one] of asked.entries()) assertLimits(one, expected[index])
    }
    await compare(store, references, clock, unit)
  }
  return count
}

async function compare(store: UsageStore, references: ReadonlyMap<string, ReferenceUsage>, clock: ManualClock, unit: number): Promise<void> {
  const places = [...references].flatMap(([customer, reference]) => features.map((feature) => ({ customer, feature, reference })))
  const readings = await store.read(places.map(({ customer, feature }) => ({ customer, feature, buckets: ids, gates })))
  const expected = places.map(({ feature, reference }) => ({
    marker: reference.markerAt(clock.now()),
    buckets: reference.statesOf(feature, ids, clock.now()),
    gates: reference.gateStatesOf(feature, gates, clock.now()),
  }))
  assertMatch(readings, times(expected, unit), 'What is read after a step')
  const [asked] = places
  if (asked === undefined) return
  const { customer, feature, reference } = asked
  const told = await store.history({ customer, feature, from: 0, to: 2 })
  const wanted = times(reference.historyOf(feature, 0, 2, clock.now()), unit)
  assertMatch(told.toSorted(byName), wanted.toSorted(byName), 'The usage of periods after a step')
  assertMatch(told.map(endOf), wanted.map(endOf), 'The order of periods after a step')
}

/** Counters of one period are told in the store's own order. */
function byName(one: UsageHistoryEntry, other: UsageHistoryEntry): number {
  return one.bucket < other.bucket ? -1 : 1
}

function endOf({ bucket }: UsageHistoryEntry): string {
  return bucket.slice(-1)
}

function verbsOf(operations: readonly UsageOperation[]): string {
  return operations.map((one) => one.verb).join(', ')
}

function assertLimits(asked: UsageOperation, outcome: UsageOutcome | undefined): void {
  if (outcome?.kind !== 'taken' || outcome.repeated || !('buckets' in asked)) return
  for (const { bucket } of outcome.drawn) {
    const limit = asked.buckets.find(({ id }) => id === bucket)?.limit ?? Number.MAX_SAFE_INTEGER
    const state = outcome.buckets.find(({ id }) => id === bucket)
    assertThat((state?.used ?? 0) + (state?.reserved ?? 0) <= limit, 'Never above the limit')
  }
}
