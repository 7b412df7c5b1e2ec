import { memoryStore } from '../../src/drivers/memory/index.ts'
import { minute } from '../../src/domain/instant.ts'
import type { Clock, UsageOperation, UsageStore } from '../../src/index.ts'
import { type ManualClock, type SeededRandom, manualClock, seededRandom } from '../../src/testing/index.ts'

type Taking = Extract<UsageOperation, { verb: 'consume' | 'reserve' }>

/** Names that separators, quotes and encodings could confuse. */
const customers = ['a', 'a:b', "o'neil", '顧客 😀'] as const
const features = ['apiCalls', 'api:Calls'] as const
const keys = [null, null, 'k1', 'k2', 'k"3'] as const
const reservations = ['r1', 'r2', 'r3', 'r:4'] as const
const buckets = ['grant:a', 'allowance:0', 'overage:0', 'overdraft:0'] as const
const lengths = [0, 1, 500, minute, 4 * minute, 16 * minute, 25 * 60 * minute, 49 * 60 * minute] as const
const gates = [
  { id: '3/minute', limit: 3, period: minute, burst: 3 },
  { id: '50/hour', limit: 50, period: 60 * minute, burst: 5 },
] as const

/**
 * Asks a store and the memory store the same, call by call, and compares every answer to the last field.
 *
 * @throws Error at the first difference. Answers how many operations were compared.
 */
export async function compareStores(create: (clock: Clock) => UsageStore, prefix: string, seed: number, calls: number): Promise<number> {
  const random = seededRandom(seed)
  const clock = manualClock()
  const expected = memoryStore({ clock }).usage
  const actual = create(clock)
  let operations = 0
  for (let call = 0; call < calls; call += 1) {
    const asked = nextCall(random, prefix, clock)
    const [wanted, got] = [await asked(expected), await asked(actual)]
    operations += Array.isArray(wanted) ? wanted.length : 1
    const [first, second] = [JSON.stringify(inOrder(wanted)), JSON.stringify(inOrder(got))]
    if (first !== second) throw new Error(`Call ${call} of seed ${seed}: expected ${first}, got ${second}`)
  }
  return operations
}

function nextCall(random: SeededRandom, prefix: string, clock: ManualClock): (store: UsageStore) => Promise<unknown> {
  const customer = prefix + random.pick(customers)
  const feature = random.pick(features)
  const choice = random.integer(1, 20)
  if (choice === 1) clock.advance(random.pick(lengths))
  if (choice === 2) {
    const version = random.integer(1, 3)
    return async (store) => store.raiseVersion(customer, version).then(() => 'raised')
  }
  if (choice === 3) {
    // All counters here start at one instant, so their order is the store's own choice.
    return async (store) => new Map((await store.history({ customer, feature, from: 0, to: 1 })).map(({ bucket, used }) => [bucket, used]))
  }
  if (choice === 4 && random.integer(1, 5) === 1) return async (store) => store.forget(customer).then(() => 'forgotten')
  if (choice === 5) {
    // How much one sweep drops is the store's own choice; that it changes no answer is not.
    return async (store) => store.sweep().then(() => 'swept')
  }
  if (choice <= 8) {
    const queries = Array.from({ length: random.integer(1, 3) }, () => {
      return { customer: prefix + random.pick(customers), feature: random.pick(features), buckets: [...buckets], gates: [...gates] }
    })
    return async (store) => store.read(queries)
  }
  const operations = Array.from({ length: random.pick([1, 1, 1, 2, 4]) }, () => nextOperation(random, prefix, clock))
  return async (store) => store.execute(operations)
}

function nextOperation(random: SeededRandom, prefix: string, clock: Clock): UsageOperation {
  const place = { customer: prefix + random.pick(customers), feature: random.pick(features) }
  switch (random.integer(1, 9)) {
    case 1:
    case 2:
    case 3:
      return { verb: 'consume', ...place, ...nextTaking(random, clock) }
    case 4:
    case 5: {
      const ending = { expiresIn: random.pick(lengths), onExpiry: random.pick(['release', 'settle'] as const), overdraft: random.integer(0, 5) }
      const overdraftBucket = bucketOf('overdraft:0', null)
      return { verb: 'reserve', ...place, ...nextTaking(random, clock), reservation: random.pick(reservations), ...ending, overdraftBucket }
    }
    case 6:
    case 7:
      return { verb: 'settle', ...place, reservation: random.pick(reservations), amount: random.integer(0, 14) }
    case 8:
      return { verb: 'release', ...place, target: { by: 'reservation', reservation: random.pick(reservations) } }
    default: {
      const key = random.pick(keys)
      if (key !== null) return { verb: 'release', ...place, target: { by: 'key', key } }
      const bucket = random.pick(buckets)
      return { verb: 'release', ...place, target: { by: 'drawn', drawn: [{ bucket, kind: bucketOf(bucket, null).kind, amount: random.integer(1, 3) }] } }
    }
  }
}

function nextTaking(random: SeededRandom, clock: Clock): Omit<Taking, 'verb' | 'customer' | 'feature'> {
  const now = clock.now()
  const interval = random.pick([
    { validFrom: 0, validUntil: null },
    { validFrom: now, validUntil: now + 1 },
    { validFrom: 0, validUntil: now },
  ])
  const freshness = { version: random.integer(1, 3), ...interval, loaded: random.integer(1, 3) > 1 }
  // No counter ends within a history: when one that has ended is dropped is the store's own choice.
  const keepUntil = random.pick([null, now + 100_000 * 60 * minute])
  const drawn = [bucketOf('grant:a', random.pick([0, 5, 40])), bucketOf('allowance:0', random.pick([0, 20, 90]))]
  if (random.integer(1, 3) === 1) drawn.push(bucketOf('overage:0', random.pick([null, 30])))
  return {
    amount: random.pick([1, 1, 1, 3, 12, 1, 1, 1, 3, 2 ** 53 - 1 - 90]),
    key: random.pick(keys),
    keyFor: random.pick([0, minute, 20 * minute, 50 * 60 * minute]),
    freshness,
    gates: random.pick([[], [], gates.slice(0, 1), [...gates]]),
    ...(random.integer(1, 4) === 1 && { requests: random.integer(1, 3) }),
    buckets: drawn.map((bucket) => ({ ...bucket, keepUntil })),
  }
}

function bucketOf(id: (typeof buckets)[number], limit: number | null): Taking['buckets'][number] {
  const kind = id.startsWith('grant') ? 'grant' : id.startsWith('allowance') ? 'allowance' : 'overage'
  return { id, kind, limit, keepUntil: null }
}

/** The value with the fields of every object in one order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    (value instanceof Map ? [...value] : Object.entries(value))
      .toSorted(([first], [second]) => (first < second ? -1 : 1))
      .map(([key, item]) => [key, inOrder(item)]),
  )
}
