import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { memoryStore } from '../../src/drivers/memory/index.ts'
import { redisStore } from '../../src/drivers/redis/index.ts'
import { largestAmount } from '../../src/domain/amount.ts'
import { day, minute } from '../../src/domain/instant.ts'
import type { UsageBucket, UsageOperation, UsageStore } from '../../src/ports/usage-store.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'

const redisUrl = inject('redisUrl')
const isFull = process.env['FAREBOX_TEST_SCALE'] === 'full'
const seed = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 31)
const start = manualClock().now()
const later = start + 1000 * day

const names = [
  'a', 'a{b', 'a}b', '{a}', 'ä', 'a\nb', 'a:k', 'a%007bb', '😀', 'a,b', 'a\u2028', '\ud800', 'a\u0000', '__proto__', 'a?*[x]\\', ' ', '%', 'null', '1e3',
]
const features = ['apiCalls', 'a,b', ',', '"quoted"\n', '__proto__', '\udfff', '1']
const gates = [
  { id: '20/minute/4', limit: 20, period: minute, burst: 4 },
  { id: '7/day', limit: 7, period: day, burst: 7 },
  { id: '1000000000/day', limit: 1_000_000_000, period: day, burst: 1_000_000_000 },
  { id: '3/second/2', limit: 3, period: 1000, burst: 2 },
  { id: '1000/second', limit: 1000, period: 1000, burst: 1000 },
]

function bucketOf(id: string, limit: number | null): UsageBucket {
  const kind = id.startsWith('grant') ? 'grant' : id.startsWith('allowance') ? 'allowance' : 'overage'
  return { id, kind, limit, keepUntil: limit === 60 ? later : null }
}

/** Customers are many in a call, and one of them is asked about most. */
const place = fc.record({
  customer: fc.oneof({ weight: 2, arbitrary: fc.constant('a') }, { weight: 1, arbitrary: fc.constantFrom(...names) }),
  feature: fc.oneof({ weight: 4, arbitrary: fc.constant('apiCalls') }, { weight: 1, arbitrary: fc.constantFrom(...features) }),
})
const keys = fc.constantFrom('\ud800', 'true', 'k1', 'k2', 'k}3', 'k\n4', 'k:5', '6')
const reservations = fc.constantFrom('r1', 'r2', '3', 'r,4', 'r\n5')
const few = { keys: fc.constantFrom('k1', 'k}3'), reservations: fc.constantFrom('r1', 'r,4') }
const buckets = fc.oneof(
  { weight: 3, arbitrary: fc.constant([bucketOf('allowance:0', 60)]) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(0, 5, 20), fc.constantFrom(0, 60, largestAmount), fc.boolean())
      .map(([grant, allowance, open]) => [
        bucketOf('grant:a', grant),
        bucketOf('allowance:0', allowance),
        ...(open ? [bucketOf('overage:0', null)] : []),
      ]),
  },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 5 }).map((period) => [bucketOf(`allowance:${period}`, 60)]) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 30 }).map((count) => Array.from({ length: count }, (_, nth) => bucketOf(`grant:${nth}`, nth % 4))) },
)
const freshness = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ version: 1, validFrom: 0, validUntil: null, loaded: true }) },
  { weight: 6, arbitrary: fc.constant({ version: 1, validFrom: 0, validUntil: null, loaded: false }) },
  { weight: 1, arbitrary: fc.constantFrom({ version: 2, validFrom: 0, validUntil: start + 30 * minute, loaded: false }) },
  { weight: 1, arbitrary: fc.constant({ version: 2, validFrom: 0, validUntil: null, loaded: true }) },
)
function operationOf(where: typeof place, keyed: typeof keys, held: typeof reservations): fc.Arbitrary<UsageOperation> {
  const taking = fc
    .tuple(
      fc.record({
        amount: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 4 }) }, { weight: 1, arbitrary: fc.constantFrom(61, largestAmount, largestAmount - 1) }),
        key: fc.option(keyed, { freq: 2 }),
        keyFor: fc.constantFrom(0, minute, 20 * minute, day, 2 * day),
        buckets,
        freshness,
        gates: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.shuffledSubarray(gates) }),
      }),
      where,
    )
    .map(([take, who]) => ({ ...take, ...who }))
  return fc.oneof(
    { weight: 10, arbitrary: taking.map((take): UsageOperation => ({ verb: 'consume', ...take })) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(taking, held, fc.constantFrom(0, minute, 5 * minute, day), fc.constantFrom('release', 'settle'), fc.integer({ min: 0, max: 5 }))
        .map(([take, reservation, expiresIn, onExpiry, overdraft]): UsageOperation => {
          const amount = Math.min(take.amount, 61)
          return { verb: 'reserve', ...take, amount, reservation, expiresIn, onExpiry, overdraft, overdraftBucket: bucketOf('overdraft:0', null) }
        }),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(where, held, fc.integer({ min: 0, max: 9 }))
        .map(([who, reservation, amount]): UsageOperation => ({ verb: 'settle', ...who, reservation, amount })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          where,
          fc.oneof(
            held.map((reservation) => ({ by: 'reservation', reservation }) as const),
            keyed.map((key) => ({ by: 'key', key }) as const),
            fc.integer({ min: 1, max: 4 }).map((amount) => ({ by: 'drawn', drawn: [{ bucket: 'allowance:0', kind: 'allowance', amount }] }) as const),
          ),
        )
        .map(([who, target]): UsageOperation => ({ verb: 'release', ...who, target })),
    },
  )
}
const operation = operationOf(place, keys, reservations)
/** The same few names in every place. */
const shared = operationOf(fc.record({ customer: fc.constantFrom('a', 'a{b'), feature: fc.constantFrom('apiCalls', 'a,b') }), few.keys, few.reservations)

function byName(one: { readonly bucket: string }, other: { readonly bucket: string }): number {
  return one.bucket < other.bucket ? -1 : 1
}

/** What the first parts of the script answer: consumptions alone, of few customers who are soon at their limits. */
const consumption: fc.Arbitrary<UsageOperation> = fc
  .record({
    customer: fc.constantFrom('a', 'b', 'c'),
    amount: fc.integer({ min: 1, max: 2 }),
    key: fc.option(fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7', 'k8'), { freq: 2 }),
    keyFor: fc.constantFrom(0, minute, day),
    freshness: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...[true, false].map((loaded) => ({ version: 1, validFrom: 0, validUntil: null, loaded }))) },
      { weight: 1, arbitrary: freshness },
    ),
    gates: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: fc.subarray(gates) }),
    buckets: fc.oneof(
      { weight: 6, arbitrary: fc.constant([bucketOf('allowance:0', 40)]) },
      { weight: 1, arbitrary: fc.constant([bucketOf('grant:a', 4), bucketOf('allowance:0', 60)]) },
    ),
  })
  .map((take) => ({ verb: 'consume', feature: 'apiCalls', ...take }))

/** What else happens after a call. */
type Between = { readonly forget: string } | { readonly raise: string; readonly version: number } | 'sweep' | null

const between: fc.Arbitrary<Between> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.constant('sweep') },
  { weight: 1, arbitrary: fc.record({ forget: fc.constantFrom('a', 'a{b', 'b') }) },
  { weight: 1, arbitrary: fc.record({ raise: fc.constantFrom('a', 'a{b', 'b'), version: fc.constantFrom(0, 1, 2) }) },
)

async function perform(usage: UsageStore, what: Between): Promise<void> {
  if (what === null) return
  if (what === 'sweep') await usage.sweep()
  else if ('forget' in what) await usage.forget(what.forget)
  else await usage.raiseVersion(what.raise, what.version)
}

function stepsOf(one: fc.Arbitrary<UsageOperation>, most: number, advances: readonly number[]) {
  return fc.array(
    fc.record({ operations: fc.array(one, { minLength: 1, maxLength: most, size: 'max' }), advance: fc.constantFrom(...advances), between }),
    { minLength: 4, maxLength: 16, size: 'max' },
  )
}

/** What is counted as one group: customers who each ask for the same a few times, in several groups of a call. */
const introduced = ['a', 'b', 'c', 'a{b', '\ud800']
const alike = fc.record({
  customers: fc.subarray(introduced, { minLength: 1 }),
  many: fc.integer({ min: 1, max: 7 }),
  amount: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }) }, { weight: 1, arbitrary: fc.constant(largestAmount) }),
  version: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) }),
  feature: fc.constantFrom('apiCalls', 'a,b'),
  gates: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: fc.subarray(gates) }),
  requests: fc.integer({ min: 1, max: 2 }),
  keys: fc.constantFrom('none', 'none', 'new', 'new', 'old', 'twice'),
  keyFor: fc.constantFrom(day, day, 0, minute),
  validUntil: fc.constantFrom(null, null, start + 2 * day),
  otherwise: fc.constantFrom('', '', '', 'loaded', 'granted'),
  period: fc.constantFrom('allowance:0', 'allowance:1'),
  limit: fc.constantFrom(30, 60, largestAmount, null),
})
/** Gates are kept after the counter of the first period and before that of the second. */
const introductions = introduced.flatMap((customer) =>
  ['a,b', 'apiCalls'].flatMap((feature) =>
    ['allowance:0', 'allowance:1'].map((period, nth): UsageOperation => {
      const take = { amount: 1, key: null, keyFor: 0, gates: nth === 0 ? gates : [], buckets: [bucketOf(period, 60)] }
      return { verb: 'consume', customer, feature, ...take, freshness: { version: 1, validFrom: 0, validUntil: null, loaded: true } }
    }),
  ),
)
const groups = fc
  .array(fc.record({ alikes: fc.array(alike, { minLength: 1, maxLength: 3 }), advance: fc.constantFrom(1000, minute, 9 * minute) }), { minLength: 4, maxLength: 12, size: 'max' })
  .map((calls) => {
    const steps = calls.map(({ alikes, advance }, call) => {
      const asked = new Set<string>()
      const operations = alikes.flatMap(({ customers, many, keys: named, version, period, limit, validUntil, otherwise, ...take }, group) =>
        customers.flatMap((customer) => {
          if (asked.has(customer)) return []
          asked.add(customer)
          return Array.from({ length: many }, (_, nth): UsageOperation => {
            const key = named === 'none' ? null : named === 'old' ? `${nth}` : named === 'twice' ? `${call},${group},${nth >> 1}` : `${call},${group},${nth}`
            const known = { version, validFrom: 0, validUntil, loaded: otherwise === 'loaded' }
            const granted = otherwise === 'granted' ? [bucketOf('grant:a', 5)] : []
            return { verb: 'consume', customer, ...take, key, freshness: known, buckets: [...granted, bucketOf(period, limit)] }
          })
        }),
      )
      return { operations, advance, between: null }
    })
    return [{ operations: introductions, advance: day, between: null }, { operations: introductions, advance: minute, between: null }, ...steps]
  })

const kinds = {
  'groups who ask for the same': groups,
  'calls of every kind of operation': stepsOf(operation, 80, [0, 1000, minute, 16 * minute, day]),
  'operations on few names': stepsOf(shared, 12, [0, 1, minute, 5 * minute, 20 * minute, day]),
  // A run of the same is counted as one.
  'consumptions alone': stepsOf(consumption, 12, [0, 1, 1000, 9 * minute, 16 * minute]).map((calls) =>
    calls.map((call, index) => ({ ...call, operations: call.operations.flatMap((item, nth) => Array.from({ length: (nth + index) % 4 === 0 ? 9 : 1 }, () => item)) })),
  ),
}

// skipped: there is no redis-server on this machine
describe.skipIf(redisUrl === null).each(Object.entries(kinds))('%s, compared with the memory store', (_, steps) => {
  const client = new Redis(redisUrl ?? '', { lazyConnect: true })
  afterAll(() => client.disconnect())

  it('answer the same, operation by operation, and leave the same behind', { timeout: 600_000 }, async () => {
    let count = 0
    await fc.assert(
      fc.asyncProperty(steps, async (calls) => {
        const clock = manualClock(start)
        const expected = memoryStore({ clock }).usage
        const actual = redisStore({ client, clock, prefix: `${crypto.randomUUID()}:` }).usage
        for (const { operations, advance, between: what } of calls) {
          expect(await actual.execute(operations)).toEqual(await expected.execute(operations))
          count += operations.length
          clock.advance(advance)
          for (const usage of [expected, actual]) await perform(usage, what)
          const queries = operations.map(({ customer, feature }) => ({ customer, feature, buckets: ['allowance:0', 'allowance:1', 'grant:a', 'overage:0', 'overdraft:0'], gates }))
          expect(await actual.read(queries)).toEqual(await expected.read(queries))
          const span = { customer: 'a', feature: 'apiCalls', from: 0, to: 10 }
          expect((await actual.history(span)).toSorted(byName)).toEqual((await expected.history(span)).toSorted(byName))
        }
      }),
      { seed, numRuns: isFull ? 500 : 30 },
    )
    process.stdout.write(`Redis and memory: ${count} operations, no difference, seed ${seed}\n`)
  })
})
