import fc from 'fast-check'
import type { Gate } from '../../src/domain/gate.ts'
import { day, minute } from '../../src/domain/instant.ts'
import type { Freshness, UsageBucket, UsageOperation, UsageOutcome, UsageStore } from '../../src/ports/usage-store.ts'
import { assertMatch, assertThat } from '../../src/testing/assertion.ts'
import { type ManualClock, manualClock } from '../../src/testing/manual-clock.ts'
import { ReferenceUsage } from '../../src/testing/reference-usage.ts'

/** What happens next in a history: one call with its operations, time, a change of what is bought, a sweep. */
export type Step =
  | { readonly operations: readonly UsageOperation[] }
  | { readonly advance: number }
  | { readonly raise: number; readonly customer: string }
  | { readonly sweep: true }

const start = manualClock().now()
const customers = ['one', 'two'] as const
const features = ['apiCalls', 'exports'] as const
const ids = ['grant:a', 'allowance:0', 'overage:0', 'overdraft:0'] as const
const gates: readonly Gate[] = [
  { id: '20/minute/4', limit: 20, period: minute, burst: 4 },
  { id: '7/day', limit: 7, period: day, burst: 7 },
]

export function bucketOf(id: string, limit: number | null): UsageBucket {
  return { id, kind: id.startsWith('grant') ? 'grant' : id.startsWith('allowance') ? 'allowance' : 'overage', limit, keepUntil: null }
}

/** Mostly the same place, so that histories get deep; another feature and another customer must stay apart. */
const place = fc.record({
  customer: fc.oneof({ weight: 7, arbitrary: fc.constant(customers[0]) }, { weight: 1, arbitrary: fc.constant(customers[1]) }),
  feature: fc.oneof({ weight: 7, arbitrary: fc.constant(features[0]) }, { weight: 1, arbitrary: fc.constant(features[1]) }),
})
const keys = fc.constantFrom('k1', 'k2', 'k3', 'k4')
/** Some keys end before the reservations that were made under them. */
const keyFor = fc.constantFrom(20 * minute, 20 * minute, minute)
const reservations = fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8')
/** Limits move, as they do when plans change; the last bucket is there for some plans only. */
const buckets = fc
  .tuple(fc.constantFrom(0, 5, 20), fc.constantFrom(0, 10, 60), fc.constantFrom('none', 'capped', 'open'))
  .map(([grant, allowance, overage]) => [
    bucketOf('grant:a', grant),
    bucketOf('allowance:0', allowance),
    ...(overage === 'none' ? [] : [bucketOf('overage:0', overage === 'open' ? null : 30)]),
  ])
const loaded: Freshness = { version: 1, validFrom: 0, validUntil: null, loaded: true }
const freshness = fc.oneof(
  { weight: 12, arbitrary: fc.constant(loaded) },
  { weight: 1, arbitrary: fc.constant<Freshness>({ ...loaded, version: 2 }) },
  { weight: 4, arbitrary: fc.constantFrom<Freshness>({ ...loaded, loaded: false }, { ...loaded, loaded: false, version: 2 }) },
  {
    weight: 1,
    arbitrary: fc.constant<Freshness>({ version: 1, loaded: false, validFrom: start + 5 * minute, validUntil: start + 30 * minute }),
  },
)
const passing = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ gates: [] }) },
  { weight: 2, arbitrary: fc.subarray([...gates], { minLength: 1 }).map((chosen) => ({ gates: chosen })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }).map((requests) => ({ gates, requests })) },
)
const taking = fc
  .tuple(
    fc.record({ amount: fc.integer({ min: 1, max: 12 }), key: fc.option(keys, { freq: 2 }), keyFor, buckets, freshness }),
    place,
    passing,
  )
  .map(([take, where, through]) => ({ ...take, ...where, ...through }))

const operation: fc.Arbitrary<UsageOperation> = fc.oneof(
  { weight: 4, arbitrary: taking.map((take): UsageOperation => ({ verb: 'consume', ...take })) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(taking, reservations, fc.integer({ min: 1, max: 6 }), fc.constantFrom('release', 'settle'), fc.integer({ min: 0, max: 5 }))
      .map(([take, reservation, minutes, onExpiry, overdraft]): UsageOperation => {
        const ending = { reservation, expiresIn: minutes * minute, onExpiry, overdraft } as const
        return { verb: 'reserve', ...take, ...ending, overdraftBucket: bucketOf('overdraft:0', null) }
      }),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(place, reservations, fc.integer({ min: 0, max: 18 }))
      .map(([where, reservation, amount]): UsageOperation => ({ verb: 'settle', ...where, reservation, amount })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(place, reservations)
      .map(([where, reservation]): UsageOperation => ({ verb: 'release', ...where, target: { by: 'reservation', reservation } })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(place, keys).map(([where, key]): UsageOperation => ({ verb: 'release', ...where, target: { by: 'key', key } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(place, fc.array(fc.tuple(fc.constantFrom(...ids), fc.integer({ min: 1, max: 6 })), { minLength: 1, maxLength: 3 }))
      .map(([where, draws]): UsageOperation => {
        const drawn = draws.map(([bucket, amount]) => ({ bucket, kind: bucketOf(bucket, null).kind, amount }))
        return { verb: 'release', ...where, target: { by: 'drawn', drawn } }
      }),
  },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: operation.map((one): Step => ({ operations: [one] })) },
  { weight: 3, arbitrary: fc.array(operation, { minLength: 2, maxLength: 5 }).map((operations): Step => ({ operations })) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 4 * minute }).map((advance): Step => ({ advance })) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ advance: day }, { advance: minute }, { sweep: true }) },
  { weight: 1, arbitrary: fc.record({ raise: fc.constantFrom(1, 1, 2, 3), customer: fc.constantFrom(...customers) }) },
)

/** Long enough that keys, reservations and markers run out within it. */
export const history: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 60, maxLength: 120, size: 'max' })

/** Tells who is who in this history: its customers have names that no other history knows. */
function named(steps: readonly Step[], name: (customer: string) => string): readonly Step[] {
  return steps.map((next) => {
    if ('operations' in next) return { operations: next.operations.map((one) => ({ ...one, customer: name(one.customer) })) }
    return 'raise' in next ? { ...next, customer: name(next.customer) } : next
  })
}

/**
 * Asks a store and the reference the same, and compares every answer, and every counter, gate and marker after each step.
 * Answers how many operations there were.
 */
export async function replay(steps: readonly Step[], create: (clock: ManualClock) => UsageStore): Promise<number> {
  const clock = manualClock(start)
  const store = create(clock)
  const prefix = crypto.randomUUID()
  const references = new Map(customers.map((customer) => [`${prefix}-${customer}`, new ReferenceUsage()]))
  let count = 0
  for (const next of named(steps, (customer) => `${prefix}-${customer}`)) {
    if ('advance' in next) clock.advance(next.advance)
    else if ('sweep' in next) await store.sweep()
    else if ('raise' in next) {
      references.get(next.customer)?.raiseVersion(next.raise, clock.now())
      await store.raiseVersion(next.customer, next.raise)
    } else {
      count += next.operations.length
      const expected = next.operations.map((one) => references.get(one.customer)?.execute(one, clock.now()))
      assertMatch(await store.execute(next.operations), expected, `${verbsOf(next.operations)} after ${count} operations`)
      for (const [index, one] of next.operations.entries()) assertLimits(one, expected[index])
    }
    await compare(store, references, clock)
  }
  return count
}

async function compare(store: UsageStore, references: ReadonlyMap<string, ReferenceUsage>, clock: ManualClock): Promise<void> {
  const places = [...references].flatMap(([customer, reference]) => features.map((feature) => ({ customer, feature, reference })))
  const readings = await store.read(places.map(({ customer, feature }) => ({ customer, feature, buckets: ids, gates })))
  const expected = places.map(({ feature, reference }) => ({
    marker: reference.markerAt(clock.now()),
    buckets: reference.statesOf(feature, ids, clock.now()),
    gates: reference.gateStatesOf(feature, gates, clock.now()),
  }))
  assertMatch(readings, expected, 'What is read after a step')
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
