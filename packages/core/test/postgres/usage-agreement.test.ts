import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/drivers/memory/index.ts'
import { postgresStore } from '../../src/drivers/postgres/index.ts'
import { largestAmount } from '../../src/domain/amount.ts'
import { day, minute } from '../../src/domain/instant.ts'
import type { Gate } from '../../src/domain/gate.ts'
import type { UsageBucket, UsageOperation, UsageStore } from '../../src/ports/usage-store.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { openPool } from './databases.ts'
import { ownDatabase, readyClient } from './ready-database.ts'

const isFull = process.env['FAREBOX_TEST_SCALE'] === 'full'
const seed = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 31)

const gates: readonly Gate[] = [
  { id: '6/minute', limit: 6, period: minute, burst: 6 },
  { id: '40/hour', limit: 40, period: 60 * minute, burst: 20 },
  { id: '90/day', limit: 90, period: day, burst: 90 },
]
const overdraftBucket: UsageBucket = { id: 'overdraft:0', kind: 'overage', limit: null, keepUntil: null }

/** What each caller knows differs: plans change, grants come and go, some see an older version. */
const buckets = fc
  .record({
    grants: fc.subarray(['a', 'b'], { maxLength: 2 }),
    period: fc.constantFrom(0, 0, 0, 1),
    allowance: fc.constantFrom(4, 25, 60, null),
    hasOverage: fc.boolean(),
    keepFor: fc.constantFrom(null, null, 400 * day),
  })
  .map(({ grants, period, allowance, hasOverage, keepFor }): readonly UsageBucket[] => {
    const keepUntil = keepFor === null ? null : Date.UTC(2026, 0, 31) + keepFor
    return [
      ...grants.map((id) => ({ id: `grant:${id}`, kind: 'grant', limit: 7, keepUntil: null }) as const),
      { id: `allowance:${period}`, kind: 'allowance', limit: allowance, keepUntil },
      ...(hasOverage ? [{ id: `overage:${period}`, kind: 'overage', limit: 30, keepUntil } as const] : []),
    ]
  })

const simpleBuckets = fc.constant<readonly UsageBucket[]>([{ id: 'allowance:0', kind: 'allowance', limit: 60, keepUntil: null }])

const place = fc.record({ customer: fc.constantFrom('c1', 'c2', 'c3'), feature: fc.constantFrom('f', 'g') })
const key = fc.constantFrom(null, null, 'k1', 'k2', 'k3')
const reservation = fc.constantFrom('r1', 'r2', 'r3', 'r4')
const counter = fc.constantFrom('grant:a', 'grant:b', 'allowance:0', 'allowance:1', 'overage:0', 'overdraft:0')

const taking = fc.record({
  amount: fc.oneof({ weight: 30, arbitrary: fc.constantFrom(1, 1, 2, 5) }, { weight: 1, arbitrary: fc.constantFrom(largestAmount - 8, largestAmount) }),
  key,
  keyFor: fc.constantFrom(day, minute, 20 * minute, 3 * day, 0),
  freshness: fc.record({
    version: fc.constantFrom(3, 3, 3, 2, 4),
    validFrom: fc.constantFrom(0, Date.UTC(2026, 0, 31, 10, 5)),
    validUntil: fc.constantFrom(null, Date.UTC(2026, 0, 31, 10, 20)),
    loaded: fc.boolean(),
  }),
  buckets: fc.oneof({ weight: 2, arbitrary: simpleBuckets }, { weight: 1, arbitrary: buckets }),
  gates: fc.oneof({ weight: 2, arbitrary: fc.constant<readonly Gate[]>([]) }, { weight: 1, arbitrary: fc.subarray([...gates]) }),
})

const consume = fc
  .tuple(place, taking, fc.constantFrom(1, 1, 1, 3))
  .map(([where, take, requests]): UsageOperation => ({ verb: 'consume', ...where, ...take, requests }))

/** Many alike, as one busy customer sends them. */
const burst = fc
  .tuple(consume, fc.integer({ min: 2, max: 12 }), fc.boolean())
  .map(([one, count, isKeyed]): readonly UsageOperation[] =>
    Array.from({ length: count }, (_, index) =>
      one.verb === 'consume' ? { ...one, amount: 1 + (index % 2), key: isKeyed ? `burst-${index % 10}` : null } : one,
    ),
  )

const other = fc.oneof(
  fc
    .tuple(place, taking, reservation, fc.integer({ min: 1, max: 12 }), fc.constantFrom('release', 'settle'), fc.constantFrom(0, 4, largestAmount))
    .map(([where, take, id, minutes, onExpiry, most]): UsageOperation => {
      const overdraft = Math.min(most, largestAmount - take.amount)
      const ending = { reservation: id, expiresIn: minutes * minute, onExpiry, overdraft, overdraftBucket } as const
      return { verb: 'reserve', ...where, ...take, ...ending }
    }),
  fc
    .tuple(place, reservation, fc.integer({ min: 0, max: 8 }))
    .map(([where, id, amount]): UsageOperation => ({ verb: 'settle', ...where, reservation: id, amount })),
  fc.tuple(place, reservation).map(([where, id]): UsageOperation => ({ verb: 'release', ...where, target: { by: 'reservation', reservation: id } })),
  fc
    .tuple(place, fc.constantFrom('k1', 'k2', 'k3', 'burst-1'))
    .map(([where, name]): UsageOperation => ({ verb: 'release', ...where, target: { by: 'key', key: name } })),
  fc
    .tuple(place, fc.array(fc.tuple(counter, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 3 }))
    .map(([where, draws]): UsageOperation => {
      const drawn = draws.map(([bucket, amount]) => {
        const kind = bucket.startsWith('grant') ? 'grant' : bucket.startsWith('allowance') ? 'allowance' : 'overage'
        return { bucket, kind, amount } as const
      })
      return { verb: 'release', ...where, target: { by: 'drawn', drawn } }
    }),
)

/** What is held and settled together, for which there is a way of its own. */
const holds = fc.array(
  fc.oneof(
    fc.tuple(place, reservation, fc.constantFrom(1, 9), fc.constantFrom('release' as const, 'settle' as const), fc.subarray(gates.slice(0, 2))).map(
      ([where, id, minutes, onExpiry, some]): UsageOperation => ({
        verb: 'reserve', ...where, amount: 3, key: null, keyFor: 0, freshness: { version: 3, validFrom: 0, validUntil: null, loaded: true },
        gates: some, buckets: [{ id: 'allowance:0', kind: 'allowance', limit: 60, keepUntil: null }],
        reservation: id, expiresIn: minutes * minute, onExpiry, overdraft: 2, overdraftBucket,
      }),
    ),
    fc.tuple(place, reservation, fc.integer({ min: 0, max: 6 })).map(
      ([where, id, amount]): UsageOperation => ({ verb: 'settle', ...where, reservation: id, amount }),
    ),
  ),
  { minLength: 1, maxLength: 5 },
)

type Step =
  | { readonly execute: readonly UsageOperation[] }
  | { readonly advance: number }
  | { readonly raise: string; readonly version: number }
  | { readonly forget: string }
  | { readonly sweep: true }

const one = (arbitrary: fc.Arbitrary<UsageOperation>): fc.Arbitrary<readonly UsageOperation[]> => arbitrary.map((operation) => [operation])

const batch = fc
  .array(fc.oneof({ weight: 5, arbitrary: one(consume) }, { weight: 2, arbitrary: burst }, { weight: 2, arbitrary: one(other) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.flat())

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: batch.map((execute): Step => ({ execute })) },
  { weight: 4, arbitrary: one(consume).map((execute): Step => ({ execute })) },
  { weight: 3, arbitrary: holds.map((execute): Step => ({ execute })) },
  // The same again in one call.
  { weight: 1, arbitrary: batch.map((execute): Step => ({ execute: [...execute, ...execute] })) },
  { weight: 5, arbitrary: fc.constantFrom(1, 10_000, minute, 6 * minute, 16 * minute).map((advance): Step => ({ advance })) },
  { weight: 1, arbitrary: fc.constantFrom(day, 2 * day).map((advance): Step => ({ advance })) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('c1', 'c2', 'c3'), fc.constantFrom(3, 4, 2)).map(([raise, version]): Step => ({ raise, version })) },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ forget: 'c3' }, { forget: 'c1' }, { sweep: true }, { sweep: true }) },
)

const everything = ['c1', 'c2', 'c3'].flatMap((customer) =>
  ['f', 'g'].map((feature) => ({
    customer,
    feature,
    buckets: ['grant:a', 'grant:b', 'allowance:0', 'allowance:1', 'overage:0', 'overage:1', 'overdraft:0'],
    gates,
  })),
)

const database = await ownDatabase()
const open = readyClient(() => openPool(database.url))

/** Customers that only this history has. */
function renamed(operation: UsageOperation, run: string): UsageOperation {
  return { ...operation, customer: `${run}:${operation.customer}` }
}

async function perform(store: UsageStore, next: Step, run: string): Promise<unknown> {
  if ('execute' in next) return store.execute(next.execute.map((operation) => renamed(operation, run)))
  if ('raise' in next) return store.raiseVersion(`${run}:${next.raise}`, next.version)
  if ('forget' in next) return store.forget(`${run}:${next.forget}`)
  if ('sweep' in next) await store.sweep()
  return undefined
}

async function replay(steps: readonly Step[]): Promise<void> {
  const clock = manualClock()
  const run = crypto.randomUUID()
  const expected = memoryStore({ clock }).usage
  const tried = postgresStore({ client: open.client, clock }).usage
  for (const [index, next] of steps.entries()) {
    if ('advance' in next) clock.advance(next.advance)
    expect(await perform(tried, next, run), `Step ${index}`).toEqual(await perform(expected, next, run))
    const queries = everything.map((query) => ({ ...query, customer: `${run}:${query.customer}` }))
    expect(await tried.read(queries), `Counters after step ${index}`).toEqual(await expected.read(queries))
    const spans = [{ feature: 'f', from: 0, to: 2 }, { feature: 'g', from: 1, to: 2 }]
    const histories = spans.flatMap((span) => ['c1', 'c2'].map((customer) => ({ ...span, customer: `${run}:${customer}` })))
    const byBucket = async (store: UsageStore): Promise<unknown> =>
      Promise.all(histories.map(async (asked) => (await store.history(asked)).toSorted((a, b) => (a.bucket < b.bucket ? -1 : 1))))
    expect(await byBucket(tried), `History after step ${index}`).toEqual(await byBucket(expected))
  }
}

describe('counting in Postgres', () => {
  it('answers and counts as counting in memory does, whatever comes together in one call', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40, size: 'max' }), replay),
      { seed, numRuns: isFull ? 1_000 : 40 },
    )
    process.stdout.write(`Agreement: no difference, seed ${seed}\n`)
  })
})
