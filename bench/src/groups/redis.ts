import { redisStore } from '@farebox/core/drivers/redis'
import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { createClient } from 'redis'
import { type Terms, ample, countsOf, isCounted, newCustomers, openGate } from '../fixtures/counted-app.ts'
import { redisPort as port } from '../fixtures/store-at.ts'
import { upstashClient } from '../fixtures/upstash-client.ts'
import { take, takeOnce } from '../floors/redis-scripts.ts'
import { openRedisSocket } from '../floors/redis-socket.ts'
import { timed } from '../harness/calls.ts'
import { type Measurement, isolate } from '../harness/isolated.ts'
import type { Group, Variant } from '../harness/variant.ts'

const window = 3_600_000

interface Ask {
  readonly customers: number
  readonly inFlight: number
  readonly goal?: number
}

interface Scripted extends Ask {
  readonly send: (...command: readonly (string | number)[]) => Promise<unknown>
}

function keysOf({ customers }: Ask): (index: number) => string {
  const names = newCustomers(customers)
  return (index) => names[index % names.length] ?? ''
}

/** One script for each count, called by its digest. */
async function script(name: string, ask: Scripted, isOnce = false): Promise<Variant> {
  const digest = String(await ask.send('SCRIPT', 'LOAD', isOnce ? takeOnce : take))
  const keyAt = keysOf(ask)
  const run = newCustomers(1)[0]
  const call = isOnce
    ? (index: number) => ask.send('EVALSHA', digest, 2, keyAt(index), `${run}:${index}`, 1, ample, window)
    : (index: number) => ask.send('EVALSHA', digest, 1, keyAt(index), 1, ample, window)
  return timed({ name, call, isRight: (used) => Number(used) > 0 }, ask.inFlight)
}

function socket(name: string, ask: Ask, isOnce = false): Promise<Variant> {
  const { send } = openRedisSocket(port)
  return script(name, { ...ask, send }, isOnce)
}

function plainIoredis(name: string, ask: Ask): Promise<Variant> {
  const client = new Redis(port)
  return script(name, { ...ask, send: (command = '', ...rest) => client.call(String(command), ...rest) })
}

async function rateLimiterFlexible(name: string, ask: Ask, isNodeRedis = false): Promise<Variant> {
  const storeClient = isNodeRedis ? await createClient({ socket: { port } }).connect() : new Redis(port)
  const limiter = new RateLimiterRedis({
    storeClient,
    keyPrefix: isNodeRedis ? 'n' : 'i',
    points: ample,
    duration: window / 1000,
    useRedisPackage: isNodeRedis,
  })
  const keyAt = keysOf(ask)
  return timed(
    { name, call: (index) => limiter.consume(keyAt(index)), isRight: (answer) => answer.consumedPoints > 0 },
    ask.inFlight,
  )
}

function upstash(name: string, ask: Ask): Variant {
  const limiter = new Ratelimit({
    redis: upstashClient(new Redis(port)),
    limiter: Ratelimit.fixedWindow(ample, '1 h'),
    prefix: 'upstash',
    ephemeralCache: false,
    analytics: false,
  })
  const keyAt = keysOf(ask)
  return timed({ name, call: (index) => limiter.limit(keyAt(index)), isRight: ({ success }) => success }, ask.inFlight)
}

async function farebox(name: string, ask: Ask & Terms, isNodeRedis = false): Promise<Variant> {
  const client = isNodeRedis ? await createClient({ socket: { port } }).connect() : new Redis(port)
  const call = await countsOf(redisStore({ client }), newCustomers(ask.customers), ask)
  return timed({ name, ...(ask.goal !== undefined && { goal: ask.goal }), call, isRight: isCounted }, ask.inFlight)
}

interface Goals {
  readonly plain?: number
  readonly all?: number
}

function measurement(title: string, customers: number, inFlight: number, { plain, all }: Goals): Measurement {
  const ask = { customers, inFlight }
  return {
    title: `Counting on Redis, ${title}, ${inFlight} at a time`,
    // What is measured is an app that has been up for a while, whose compiler is done: it takes thousands of calls.
    scale: { run: 1, warmUp: inFlight === 1 ? 25 : 5 },
    makers: [
      () => socket('a script over a bare socket', ask),
      () => socket('the same, idempotent', ask, true),
      () => plainIoredis('a script over ioredis', ask),
      () => rateLimiterFlexible('rate-limiter-flexible, ioredis', ask),
      () => rateLimiterFlexible('rate-limiter-flexible, node-redis', ask, true),
      () => upstash('@upstash/ratelimit, ioredis', ask),
      () => farebox('Farebox consume, ioredis', { ...ask, ...(plain !== undefined && { goal: plain }) }),
      () => farebox('Farebox consume, node-redis', ask, true),
      () => farebox('Farebox consume, ioredis, a key', { ...ask, hasKeys: true }),
      () => farebox('Farebox consume, ioredis, a key and a gate', { ...ask, hasKeys: true, gates: openGate, ...(all !== undefined && { goal: all }) }),
    ],
  }
}

const many = 10_000

export const measurements: readonly Measurement[] = [
  measurement('10,000 customers', many, 1, {}),
  measurement('10,000 customers', many, 64, { plain: 1.1, all: 0.6 }),
  measurement('10,000 customers', many, 512, { plain: 1.1 }),
  measurement('one customer', 1, 64, { plain: 2.4 }),
  measurement('one customer', 1, 512, { plain: 4.5 }),
]

/** Counting against a limit in Redis, over the client an app has. */
export async function* redisGroups(): AsyncGenerator<Group> {
  for (const [place, item] of measurements.entries()) yield isolate(import.meta.url, place, item)
}
