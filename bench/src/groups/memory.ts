import { type ConsumeOperation, type ConsumeRequest, allowance, createFarebox, defineCatalog, metered, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { MapCounter, NamedMapCounter } from '../floors/map-counter.ts'
import { awaited, direct } from '../harness/calls.ts'
import { type Measurement, isolate } from '../harness/isolated.ts'
import type { Group, Variant } from '../harness/variant.ts'

const ample = 1_000_000_000
const day = 86_400_000

const few = 5000
const many = 100_000

function catalogWith(amount: number, gates: readonly `${number}/minute`[]) {
  return defineCatalog({
    features: { apiCalls: metered({ unit: 'call' }) },
    plans: {
      free: { name: 'Free', default: true, features: { apiCalls: allowance(amount).per('month') }, gates: { apiCalls: gates } },
      pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(2 * ample).per('month') } },
    },
  })
}

interface Ask {
  readonly customers: readonly string[]
  readonly inFlight?: number
  readonly goal?: number
}

/** What Farebox is given beyond customer and feature, and what the plan holds. */
interface Terms extends Ask {
  readonly gates?: readonly `${number}/minute`[]
  readonly hasClaims?: boolean
  readonly hasKeys?: boolean
  /** Everybody has used up what the plan holds. */
  readonly isSpent?: boolean
}

/** Farebox as an app calls it, on the memory store. Each variant has a store of its own. */
async function farebox(name: string, terms: Terms): Promise<Variant> {
  const { customers, gates = [], hasClaims = false, hasKeys = false, isSpent = false, goal } = terms
  const catalog = catalogWith(isSpent ? 1 : ample, gates)
  const app = createFarebox({ catalog, store: memoryStore(), idempotencyWindow: 1000 })
  const requests: ConsumeRequest<'apiCalls'>[] = []
  for (const customer of customers) {
    await app.ensureCustomer({ customer })
    const claims = hasClaims ? { planClaims: await app.planClaims({ customer }) } : {}
    requests.push({ customer, feature: 'apiCalls', ...claims })
  }
  for (const request of requests) await app.consume(request)
  const requestAt = (count: number) => at(requests, count)
  return awaited(
    {
      name,
      ...(goal === undefined ? {} : { goal }),
      call: hasKeys
        ? (count) => app.consume({ ...requestAt(count), idempotencyKey: `attempt ${count}` })
        : (count) => app.consume(requestAt(count)),
      isRight: ({ allowed, reason, used, gates: states }) =>
        allowed !== isSpent &&
        reason === (isSpent ? 'quota-exceeded' : 'allowed') &&
        used > 0 &&
        states.length === gates.length,
    },
    terms.inFlight,
  )
}

/** The usage store's part of it. */
async function storeAlone(name: string, { customers }: Ask): Promise<Variant> {
  const { usage } = memoryStore()
  const now = Date.now()
  const operations = customers.map((customer): readonly [ConsumeOperation] => [
    {
      verb: 'consume',
      customer,
      feature: 'apiCalls',
      amount: 1,
      key: null,
      keyFor: day,
      freshness: { version: 1, validFrom: now - day, validUntil: now + day, loaded: false },
      gates: [],
      buckets: [{ id: `allowance:${now}`, kind: 'allowance', limit: ample, keepUntil: now + day }],
    },
  ])
  for (const customer of customers) await usage.raiseVersion(customer, 1)
  return direct({
    name,
    call: (count) => usage.execute(at(operations, count)),
    isRight: (outcomes) => outcomes[0]?.kind === 'taken',
  })
}

function map(name: string, { customers, inFlight, limit = ample }: Ask & { readonly limit?: number }): Variant {
  const counter = new MapCounter(limit)
  const isRight = (left: number): boolean => (limit > 0 ? left >= 0 : left === -1)
  return awaited({ name, call: async (count: number) => counter.take(at(customers, count)), isRight }, inFlight)
}

function bareMap(name: string, { customers }: Ask): Variant {
  const counter = new MapCounter(ample)
  return direct({ name, call: (count) => counter.take(at(customers, count)), isRight: (left) => left >= 0 })
}

function mapWithNames(name: string, { customers }: Ask): Variant {
  const counter = new NamedMapCounter(ample)
  return awaited({
    name,
    call: async (count: number) => counter.take(at(customers, count), `attempt ${count}`),
    isRight: (left) => left >= 0,
  })
}

function rateLimiterFlexible(name: string, { customers, inFlight }: Ask): Variant {
  const limiter = new RateLimiterMemory({ points: ample, duration: day / 1000 })
  return awaited(
    { name, call: (count) => limiter.consume(at(customers, count)), isRight: (answer) => answer.consumedPoints > 0 },
    inFlight,
  )
}

/** Its refusals are rejections, with what a decision says in place of an error. */
function rateLimiterFlexibleDenying(name: string, { customers }: Ask): Variant {
  const limiter = new RateLimiterMemory({ points: 0, duration: day / 1000 })
  return awaited({
    name,
    call: (count) => limiter.consume(at(customers, count)).then(() => undefined, (refusal: RateLimiterRes) => refusal),
    isRight: (refusal) => refusal !== undefined && refusal.remainingPoints === 0,
  })
}

function at<Item>(items: readonly Item[], count: number): Item {
  const item = items[count % items.length]
  if (item === undefined) throw new RangeError('There are no items')
  return item
}

const customers = Array.from({ length: few }, (_, index) => `customer_${index}`)
const crowd = Array.from({ length: many }, (_, index) => `customer_${index}`)
const hot = customers.slice(0, 1)
const gates = ['50000000/minute'] as const

/** Counting against a limit in the app's own process. */
export const measurements: readonly Measurement[] = [
  {
    title: `Counting in memory, ${few} customers, one call at a time`,
    makers: [
      () => bareMap('Map', { customers }),
      () => map('Map behind async', { customers }),
      () => map('Map behind async, refused', { customers, limit: 0 }),
      () => mapWithNames('Map behind async, idempotent', { customers }),
      () => rateLimiterFlexible('rate-limiter-flexible memory', { customers }),
      () => rateLimiterFlexibleDenying('rate-limiter-flexible memory, refused', { customers }),
      () => storeAlone('Farebox memory store alone', { customers }),
      () => farebox('Farebox consume', { customers }),
      () => farebox('Farebox consume, plan claims', { customers, hasClaims: true }),
      () => farebox('Farebox consume, plan claims and a gate', { customers, hasClaims: true, gates }),
      () => farebox('Farebox consume, plan claims, a gate and a key', { customers, hasClaims: true, gates, hasKeys: true }),
      () => farebox('Farebox consume, a key', { customers, hasKeys: true }),
      () => farebox('Farebox consume, refused', { customers, isSpent: true }),
    ],
  },
  {
    title: `Counting in memory, ${few} customers, 64 calls at a time`,
    makers: [
      () => bareMap('Map', { customers }),
      () => map('Map behind async', { customers, inFlight: 64 }),
      () => rateLimiterFlexible('rate-limiter-flexible memory', { customers, inFlight: 64 }),
      () => farebox('Farebox consume', { customers, inFlight: 64 }),
      () => farebox('Farebox consume, plan claims and a gate', { customers, inFlight: 64, hasClaims: true, gates }),
    ],
  },
  {
    title: 'Counting in memory, one hot customer, one call at a time',
    makers: [
      () => bareMap('Map', { customers: hot }),
      () => map('Map behind async', { customers: hot }),
      () => rateLimiterFlexible('rate-limiter-flexible memory', { customers: hot }),
      () => rateLimiterFlexibleDenying('rate-limiter-flexible memory, refused', { customers: hot }),
      () => farebox('Farebox consume', { customers: hot }),
      () => farebox('Farebox consume, refused', { customers: hot, isSpent: true }),
    ],
  },
  {
    title: `Counting in memory, ${many} customers, one call at a time`,
    makers: [
      () => bareMap('Map', { customers: crowd }),
      () => rateLimiterFlexible('rate-limiter-flexible memory', { customers: crowd }),
      () => farebox('Farebox consume', { customers: crowd }),
      () => farebox('Farebox consume, refused', { customers: crowd, isSpent: true }),
    ],
  },
]

export async function* memoryGroups(): AsyncGenerator<Group> {
  for (const [place, measurement] of measurements.entries()) yield isolate(import.meta.url, place, measurement)
}
