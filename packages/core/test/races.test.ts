import { type Farebox, type Store, type UsageStore, allowance, createFarebox, defineCatalog, metered, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { type SeededRandom, faultyStore, manualClock, seededRandom } from '@farebox/core/testing'
import { expect, test } from 'vitest'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(20).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(60).per('month') } },
  },
})

const start = Date.UTC(2026, 0, 31, 12)
const feature = 'apiCalls'
const seed = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 31)
const rounds = process.env['FAREBOX_TEST_SCALE'] === 'full' ? 2_000 : 60

/** Answers late, and never in the order in which it was asked. */
async function pause(random: SeededRandom): Promise<void> {
  for (let turns = random.integer(0, 12); turns > 0; turns -= 1) await Promise.resolve()
}

/** A store behind a network: every call takes its time on the way there and on the way back. */
function distantStore(store: Store, random: SeededRandom): Store {
  function distant<Part extends object>(part: Part): Part {
    return new Proxy(part, {
      get(target, name, receiver) {
        const member: unknown = Reflect.get(target, name, receiver)
        if (typeof member !== 'function') return member
        return async (...parameters: unknown[]) => {
          await pause(random)
          const answer: unknown = await member.apply(target, parameters)
          await pause(random)
          return answer
        }
      },
    })
  }
  return { usage: distant(store.usage), records: distant(store.records) }
}

async function countersOf(usage: UsageStore, customer: string, buckets: readonly string[]) {
  const [reading] = await usage.read([{ customer, feature, buckets, gates: [] }])
  return reading?.buckets ?? []
}

type Process = Farebox<typeof catalog>

/** One thing that an app may do, and what it has counted in the end. */
async function act(farebox: Process, customer: string, random: SeededRandom): Promise<number> {
  const amount = random.integer(1, 6)
  switch (random.integer(0, 5)) {
    case 0: {
      const reservation = await farebox.reserve({ customer, feature, atMost: amount })
      if (!reservation.allowed) return 0
      await pause(random)
      if (random.integer(0, 1) === 0) return reservation.release().then(() => 0)
      const outcome = await reservation.settle(amount - 1)
      return outcome.kind === 'settled' ? outcome.counted : Number.NaN
    }
    case 1: {
      const { allowed, drawn } = await farebox.consume({ customer, feature, amount })
      if (!allowed) return 0
      const outcome = await farebox.release({ customer, feature, drawn })
      return outcome.kind === 'released' ? amount - outcome.amount : Number.NaN
    }
    default: {
      const { drawn } = await farebox.consume({ customer, feature, amount })
      return drawn.reduce((sum, draw) => sum + draw.amount, 0)
    }
  }
}

async function flip(farebox: Process, customer: string, random: SeededRandom): Promise<void> {
  await pause(random)
  const isGiven = random.integer(0, 1) === 0
  const change = isGiven ? farebox.override({ customer, plan: 'pro', until: null }) : farebox.endOverride({ customer, key: 'pro' })
  await change.catch((error: { code?: string }) => {
    if (error.code !== 'not-found') throw error
  })
}

test(`counts exactly what it allows, and never above the limit: ${rounds} rounds of two processes on one slow store`, { timeout: 600_000 }, async () => {
  const random = seededRandom(seed)
  let total = 0
  for (let round = 0; round < rounds; round += 1) {
    const clock = manualClock(start)
    const store = memoryStore({ clock })
    const processes = [0, 1].map(() => createFarebox({ catalog, clock, store: distantStore(store, random) }))
    const customer = `user_${round}`
    await Promise.all(processes.map((farebox) => farebox.grant({ customer, feature, amount: 5, key: 'pack' })))
    const racing = Array.from({ length: 30 }, async (_, index) => {
      const farebox = processes[index % 2]
      if (farebox === undefined) throw new Error('There are two processes')
      if (index % 10 === 9) return flip(farebox, customer, random).then(() => 0)
      return act(farebox, customer, random)
    })
    const counted = (await Promise.all(racing)).reduce((sum, amount) => sum + amount, 0)
    const counters = await countersOf(store.usage, customer, [`allowance:${start}`, 'grant:pack'])
    expect(counters.reduce((sum, { used }) => sum + used, 0), `round ${round}, seed ${seed}`).toBe(counted)
    expect(counters.every(({ reserved }) => reserved === 0)).toBe(true)
    expect(counters[0]?.used).toBeLessThanOrEqual(60)
    expect(counters[1]?.used).toBeLessThanOrEqual(5)
    total += counted
  }
  process.stdout.write(`races: ${rounds} rounds, ${total} counted, seed ${seed}\n`)
  expect(total).toBeGreaterThan(rounds * 10)
})

test(`nobody decides by what was replaced: ${rounds} changes, each raced by calls that loaded the old, some of them failing halfway`, { timeout: 600_000 }, async () => {
  const random = seededRandom(seed)
  let failed = 0
  for (let round = 0; round < rounds; round += 1) {
    const clock = manualClock(start)
    const { store, faults } = faultyStore(memoryStore({ clock }))
    const [changing, serving] = [0, 1].map(() => createFarebox({ catalog, clock, store: distantStore(store, random) }))
    if (changing === undefined || serving === undefined) throw new Error('There are two processes')
    const customer = `user_${round}`
    const planClaims = await serving.planClaims({ customer })
    await serving.consume({ customer, feature, planClaims })
    if (random.integer(0, 1) === 0) faults.failCall(faults.calls + random.integer(1, 12), random.integer(0, 1) === 0 ? 'before' : 'after')
    const during = Array.from({ length: 6 }, async (_, index) => {
      await pause(random)
      return index % 2 === 0 ? serving.consume({ customer, feature }) : serving.check({ customer, feature, planClaims })
    })
    const outcome = await changing.override({ customer, plan: 'pro', until: null }).catch((error: { code?: string }) => error.code)
    if (outcome === 'unavailable') failed += 1
    faults.heal()
    const plan = outcome === 'unavailable' ? (await serving.snapshot({ customer })).plan : 'pro'
    const after = await Promise.all([
      serving.consume({ customer, feature, planClaims }),
      serving.consume({ customer, feature }),
      serving.check({ customer, feature, planClaims }),
      changing.check({ customer, feature }),
    ])
    expect(after.map((decision) => decision.plan), `round ${round}, seed ${seed}`).toEqual(after.map(() => plan))
    await Promise.all(during)
    expect(await serving.consume({ customer, feature })).toMatchObject({ plan })
  }
  process.stdout.write(`changes: ${rounds} rounds, ${failed} failed halfway, seed ${seed}\n`)
})

test('a key that both processes send again and again counts once', async () => {
  const random = seededRandom(seed)
  const clock = manualClock(start)
  const store = memoryStore({ clock })
  const processes = [0, 1].map(() => createFarebox({ catalog, clock, store: distantStore(store, random) }))
  const decisions = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      await pause(random)
      return processes[index % 2]?.consume({ customer: 'user_1', feature, idempotencyKey: `key_${index % 10}` })
    }),
  )
  expect(decisions.every((decision) => decision?.allowed)).toBe(true)
  expect(decisions.filter((decision) => decision?.repeated === false)).toHaveLength(10)
  expect(await countersOf(store.usage, 'user_1', [`allowance:${start}`])).toMatchObject([{ used: 10, reserved: 0 }])
})

test('a customer is made once, however many processes see it first, and usage periods count from one second', async () => {
  const random = seededRandom(seed)
  for (let round = 0; round < 20; round += 1) {
    const clock = manualClock(start)
    const store = distantStore(memoryStore({ clock }), random)
    const processes = Array.from({ length: 4 }, () => createFarebox({ catalog, clock, store }))
    const customer = `user_${round}`
    const racing = processes.map(async (farebox, index) => {
      await pause(random)
      clock.advance(1000)
      if (index % 2 === 0) return farebox.consume({ customer, feature }).then((decision) => decision.resetsAt)
      return farebox.ensureCustomer({ customer, name: 'Ann' }).then((view) => view.createdAt)
    })
    const seen = await Promise.all(racing)
    const [first] = processes
    const view = await first?.findCustomer({ customer })
    const decision = await first?.check({ customer, feature })
    expect(decision).toMatchObject({ used: 2 })
    expect(seen, `round ${round}, seed ${seed}`).toEqual([0, 1, 2, 3].map((index) => (index % 2 === 0 ? decision?.resetsAt : view?.createdAt)))
    expect(view).toMatchObject({ name: 'Ann', entitlementVersion: 1 })
  }
})
