import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Decision, type Farebox, FareboxError, allowance, createFarebox, defineCatalog, metered, unlimited, usd } from '../../src/index.ts'
import { memoryStore } from '../../src/drivers/memory/index.ts'
import { hour, minute, second } from '../../src/domain/instant.ts'
import type { UsageOperation } from '../../src/ports/usage-store.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { type DistantStore, distantStore } from './distant-store.ts'

const opened: { close(): Promise<unknown> }[] = []
// The timer of one that is left open would come among those of another test.
afterEach(async () => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
  await Promise.all(opened.splice(0).map(async (farebox) => farebox.close()))
})

function toBeClosed<Opened extends { close(): Promise<unknown> }>(farebox: Opened): Opened {
  opened.push(farebox)
  return farebox
}

const limit = 2_000
const january = Date.UTC(2026, 0, 1)
const bucket = `allowance:${january}`

const catalog = defineCatalog({
  features: {
    apiCalls: metered({ unit: 'call', anchor: 'calendar', lease: true }),
    tokens: metered({ unit: 'token', anchor: 'calendar', lease: { most: 100, idle: 10 * second } }),
    exports: metered({ unit: 'export', anchor: 'calendar' }),
  },
  plans: {
    free: {
      name: 'Free',
      default: true,
      features: { apiCalls: allowance(limit).per('month'), tokens: allowance(limit).per('month'), exports: allowance(limit).per('month') },
    },
    pro: {
      name: 'Pro',
      prices: { month: usd('29') },
      features: { apiCalls: allowance(2 * limit).per('month'), tokens: allowance(100).per('month').overage(usd('0.10')) },
    },
    gated: { name: 'Gated', prices: { month: usd('9') }, features: { apiCalls: unlimited() }, gates: { apiCalls: ['100/minute'] } },
  },
})

type Instance = Farebox<typeof catalog>

function setUp(instances = 1) {
  const clock = manualClock()
  const distant = distantStore(clock)
  const start = (): Instance => toBeClosed(createFarebox({ catalog, store: distant.store, clock, storeTimeout: null }))
  const all = Array.from({ length: instances }, start)
  const [first = start()] = all
  return { clock, distant, start, all, first }
}

/** As many callers as it says, each one after the other until it is refused. Answers how much was granted. */
async function useUp(instances: readonly Instance[], callers: number, customer = 'ann'): Promise<number> {
  let granted = 0
  const call = async (farebox: Instance): Promise<void> => {
    while ((await farebox.consume({ customer, feature: 'apiCalls' })).allowed) granted += 1
  }
  await Promise.all(instances.flatMap((farebox) => Array.from({ length: callers }, () => call(farebox))))
  return granted
}

async function consume(farebox: Instance, times: number, feature: 'apiCalls' | 'tokens' = 'apiCalls', customer = 'ann'): Promise<Decision> {
  let last = await farebox.consume({ customer, feature })
  for (let time = 1; time < times; time += 1) last = await farebox.consume({ customer, feature })
  return last
}

async function counterOf(distant: DistantStore, feature = 'apiCalls', id = bucket, customer = 'ann') {
  const reading = await distant.read(customer, feature, [id])
  return { used: reading.buckets[0]?.used, reserved: reading.buckets[0]?.reserved }
}

function reservationsIn(calls: readonly (readonly UsageOperation[])[]): readonly UsageOperation[] {
  return calls.flat().filter(({ verb }) => verb === 'reserve')
}

describe('a leased feature', () => {
  it.each([[1, 64], [4, 16], [16, 2], [3, 1]])('grants exactly the limit to %i instances of %i callers, and asks the store seldom', async (instances, callers) => {
    const { distant, all } = setUp(instances)

    expect(await useUp(all, callers)).toBe(limit)
    expect(reservationsIn(distant.calls).length).toBeGreaterThan(0)
    expect(distant.calls.length).toBeLessThan(limit * 0.1)
    await Promise.all(all.map((farebox) => farebox.close()))
    expect(await counterOf(distant)).toEqual({ used: limit, reserved: 0 })
  })

  it('says after each call what is left, as if it had asked', async () => {
    const { first } = setUp()
    for (let used = 1; used <= 300; used += 1) {
      const decision = await first.consume({ customer: 'ann', feature: 'apiCalls' })
      expect(decision).toMatchObject({ allowed: true, used, reserved: 0, limit, remaining: limit - used, repeated: false })
      expect(decision.drawn).toEqual([{ bucket, kind: 'allowance', amount: 1 }])
    }
    expect(await first.check({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ used: 300, reserved: 0, remaining: limit - 300 })
    expect((await first.snapshot({ customer: 'ann' })).usage).toMatchObject({ apiCalls: { used: 300, reserved: 0 } })
  })

  it('lets in whoever has just paid, also where another instance was told', async () => {
    const { all, first } = setUp(2)
    const [, other = first] = all
    await useUp(all, 8)
    expect(await first.consume({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ allowed: false, reason: 'quota-exceeded' })

    await other.override({ customer: 'ann', plan: 'pro', until: null })
    expect(await first.consume({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ allowed: true, plan: 'pro', used: limit + 1 })
    expect(await useUp(all, 8)).toBe(limit - 1)
  })

  it('changes the terms with the next call in the instance that changed the plan', async () => {
    const { distant, first } = setUp()
    await consume(first, 100)
    await first.override({ customer: 'ann', plan: 'gated', until: null })
    expect(await consume(first, 1)).toMatchObject({ plan: 'gated', limit: null, used: 101 })
    await first.close()
    expect(await counterOf(distant)).toEqual({ used: 101, reserved: 0 })
  })

  it('asks the store for what has a key, and counts it once', async () => {
    const { distant, first } = setUp()
    await consume(first, 100)
    const keyed = { customer: 'ann', feature: 'apiCalls', idempotencyKey: 'k' } as const
    expect(await first.consume(keyed)).toMatchObject({ allowed: true, repeated: false })
    expect(await first.consume(keyed)).toMatchObject({ allowed: true, repeated: true })
    await first.close()
    expect(await counterOf(distant)).toEqual({ used: 101, reserved: 0 })
  })

  it.each([
    ['a key', { idempotencyKey: 'k' }],
    ['an amount above every block', {}],
  ])('gives its own block back before it refuses what has %s', async (_, more) => {
    const { distant, first } = setUp()
    await consume(first, 90, 'tokens')
    expect((await counterOf(distant, 'tokens')).reserved).toBeGreaterThan(0)

    const rest = { customer: 'ann', feature: 'tokens', amount: limit - 90, ...more } as const
    expect(await first.consume(rest)).toMatchObject({ allowed: true, used: limit, remaining: 0 })
    await first.close()
    expect(await counterOf(distant, 'tokens')).toEqual({ used: limit, reserved: 0 })
  })

  it('gives back what was not spent in time, when others call', async () => {
    const { clock, distant, first } = setUp()
    for (const customer of ['ann', 'bob', 'cem', 'dan']) await consume(first, 50, 'apiCalls', customer)
    expect((await counterOf(distant)).reserved).toBeGreaterThan(0)

    for (let round = 0; round < 20; round += 1) {
      clock.advance(second)
      await consume(first, 1, 'apiCalls', 'eve')
    }
    for (const customer of ['ann', 'bob', 'cem', 'dan']) {
      expect(await counterOf(distant, 'apiCalls', bucket, customer)).toEqual({ used: 50, reserved: 0 })
    }
  })

  it('gives back what was not spent in time, when it sweeps', async () => {
    const { clock, distant, first } = setUp()
    await consume(first, 50)
    expect(await first.sweep()).toMatchObject({ leases: 0 })
    clock.advance(second)
    expect(await first.sweep()).toMatchObject({ leases: 1 })
    expect(await counterOf(distant)).toEqual({ used: 50, reserved: 0 })
    expect(await first.sweep()).toMatchObject({ leases: 0 })
  })

  it('gives back what was not spent in time, when nobody calls any more, and lets its timer rest', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { clock, distant, first } = setUp()
    await consume(first, 50)
    expect((await counterOf(distant)).reserved).toBeGreaterThan(0)
    clock.advance(999)
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await counterOf(distant)).reserved).toBeGreaterThan(0)
    clock.advance(1)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await counterOf(distant)).toEqual({ used: 50, reserved: 0 })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(vi.getTimerCount()).toBe(0)

    await consume(first, 50)
    expect(vi.getTimerCount()).toBe(1)
    await first.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells the store later what it could not be told at once, when nobody calls any more', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { clock, distant, first } = setUp()
    await consume(first, 50)
    distant.loseOneIn(1)
    clock.advance(second)
    await vi.advanceTimersByTimeAsync(2_000)
    distant.loseOneIn(0)
    expect((await counterOf(distant)).reserved).toBeGreaterThan(0)
    clock.advance(5 * second)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await counterOf(distant)).toEqual({ used: 50, reserved: 0 })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('lets no more than 10,000 wait, however many customers they are of', async () => {
    const { clock, distant } = setUp()
    let open = Promise.resolve()
    const { usage, records } = distant.store
    const execute = async (operations: readonly UsageOperation[]) => (await open, usage.execute(operations))
    const farebox = toBeClosed(createFarebox({ catalog, store: { usage: { ...usage, execute }, records }, clock, storeTimeout: null }))
    const customers = ['ann', 'bob', 'cem']
    for (const customer of customers) await consume(farebox, 50, 'apiCalls', customer)
    const line: { resume?: () => void } = {}
    open = new Promise((resolve) => (line.resume = resolve))
    const call = (times: number) => customers.flatMap((customer) => Array.from({ length: times }, () => farebox.consume({ customer, feature: 'apiCalls' })))
    const begun = call(300)
    for (let tick = 0; tick < 50; tick += 1) await Promise.resolve()
    const waiting = call(4_000)
    line.resume?.()

    const decisions = await Promise.all([...begun, ...waiting])
    const overloaded = decisions.filter(({ reason }) => reason === 'unavailable').length
    expect(overloaded).toBeGreaterThan(2_000)
    expect(overloaded).toBeLessThan(3 * 4_000 - 9_000)
    // Nobody waits any more.
    expect(await farebox.consume({ customer: 'dan', feature: 'apiCalls' })).toMatchObject({ allowed: true })
    const more = await Promise.all(call(3_300))
    expect(more.filter(({ reason }) => reason === 'unavailable')).toEqual([])
    await farebox.close()
  })

  it('stops at the requests that the gates have admitted, however small their amounts are', async () => {
    const { first } = setUp()
    await first.override({ customer: 'ann', plan: 'gated', until: null })
    for (let call = 0; call < 20; call += 1) await first.consume({ customer: 'ann', feature: 'apiCalls', amount: 50 })
    let passed = 0
    while ((await first.consume({ customer: 'ann', feature: 'apiCalls' })).allowed) passed += 1
    expect(passed).toBe(80)
  })

  it('tells what gates and overage have left, as if it had asked', async () => {
    const { first } = setUp()
    await first.override({ customer: 'ann', plan: 'gated', until: null })
    for (let used = 1; used <= 40; used += 1) {
      const { gates } = await first.consume({ customer: 'ann', feature: 'apiCalls' })
      expect(gates).toMatchObject([{ id: '100/minute', limit: 100, remaining: 100 - used }])
    }
    await first.override({ customer: 'bob', plan: 'pro', until: null })
    await consume(first, 150, 'tokens', 'bob')
    await first.grant({ customer: 'bob', feature: 'tokens', amount: 1_000, key: 'k' })
    for (let used = 1; used <= 60; used += 1) {
      expect(await consume(first, 1, 'tokens', 'bob')).toMatchObject({ allowed: true, overage: 50, used: 100 + used })
    }
  })

  it('takes no more back into a block than was spent of it, and nothing of another period', async () => {
    const { clock, distant, first } = setUp()
    clock.set(Date.UTC(2026, 1, 1) - second)
    const old = await first.consume({ customer: 'ann', feature: 'apiCalls', amount: 3 })
    clock.advance(second)
    const { drawn } = await first.consume({ customer: 'ann', feature: 'apiCalls', amount: 200 })
    await consume(first, 20)
    expect(await first.release({ customer: 'ann', feature: 'apiCalls', drawn })).toMatchObject({ kind: 'released', amount: 200 })
    expect(await first.release({ customer: 'ann', feature: 'apiCalls', drawn: old.drawn })).toMatchObject({ kind: 'released', amount: 3 })
    expect(await useUp([first], 4)).toBe(limit - 20)
    await first.close()
    expect(await counterOf(distant)).toEqual({ used: 0, reserved: 0 })
    expect(await counterOf(distant, 'apiCalls', `allowance:${Date.UTC(2026, 1, 1)}`)).toEqual({ used: limit, reserved: 0 })
  })

  it('ends a block that the store made after it was given up', async () => {
    const { clock, distant } = setUp()
    const { usage, records } = distant.store
    const late: UsageOperation[] = []
    let isCut = false
    const execute = async (operations: readonly UsageOperation[]) => {
      const held = isCut ? operations.filter(({ verb }) => verb === 'reserve') : []
      late.push(...held)
      if (held.length > 0) throw new FareboxError('unavailable', 'The line is slow')
      return usage.execute(operations)
    }
    const farebox = toBeClosed(createFarebox({ catalog, store: { usage: { ...usage, execute }, records }, clock, storeTimeout: null }))
    await consume(farebox, 50)
    isCut = true
    while (late.length === 0) await farebox.consume({ customer: 'ann', feature: 'apiCalls' })
    isCut = false
    clock.advance(6 * second)
    await farebox.sweep()
    await usage.execute(late)
    expect((await counterOf(distant)).reserved).toBeGreaterThan(0)
    clock.advance(6 * second)
    await farebox.sweep()
    expect((await counterOf(distant)).reserved).toBe(0)
  })

  it('keeps a block no longer than it may, however long the answer took, and not at all when the clock goes back', async () => {
    const { clock, distant } = setUp()
    const { usage, records } = distant.store
    let delay = 0
    const execute = async (operations: readonly UsageOperation[]) => {
      clock.advance(operations.some(({ verb }) => verb === 'reserve') ? delay : 0)
      return usage.execute(operations)
    }
    const farebox = toBeClosed(createFarebox({ catalog, store: { usage: { ...usage, execute }, records }, clock, storeTimeout: null }))
    await consume(farebox, 50)
    delay = 900
    const asked = reservationsIn(distant.calls).length
    while (reservationsIn(distant.calls).length === asked) await consume(farebox, 1)
    const calls = distant.calls.length
    await consume(farebox, 1)
    expect(distant.calls).toHaveLength(calls)
    clock.advance(100)
    delay = 0
    await consume(farebox, 1)
    expect(distant.calls.length).toBeGreaterThan(calls)

    await consume(farebox, 50)
    const before = distant.calls.length
    await consume(farebox, 1)
    expect(distant.calls).toHaveLength(before)
    clock.advance(-hour)
    await consume(farebox, 1)
    expect(distant.calls.length).toBeGreaterThan(before)
  })

  it('answers everybody while another instance changes the plan again and again', async () => {
    for (let order = 0; order < 20; order += 1) {
      const clock = manualClock()
      const distant = distantStore(clock, seededRandom(order))
      const [first, other] = [0, 1].map(() => toBeClosed(createFarebox({ catalog, store: distant.store, clock, storeTimeout: null })))
      if (first === undefined || other === undefined) throw new Error('There are two')
      await consume(first, 60)
      const asked: Promise<Decision>[] = []
      for (let turn = 0; turn < 6; turn += 1) {
        const changing = turn % 2 === 0 ? other.override({ customer: 'ann', plan: 'pro', until: null }) : other.endOverride({ customer: 'ann', key: 'pro' })
        for (let tick = 0; tick < 60; tick += 1) {
          asked.push(first.consume({ customer: 'ann', feature: 'apiCalls' }), first.consume({ customer: 'ann', feature: 'apiCalls' }))
          await Promise.resolve()
        }
        await changing
      }
      const refused = (await Promise.all(asked)).filter(({ allowed }) => !allowed)
      expect(refused, `order ${order}`).toEqual([])
      await first.close()
      expect(await counterOf(distant)).toEqual({ used: 60 + asked.length, reserved: 0 })
    }
  })

  it('tells the store when it closes what could not be told before', async () => {
    const { clock, distant, first } = setUp()
    await consume(first, 50)
    distant.loseOneIn(1)
    clock.advance(second)
    await first.sweep()
    distant.loseOneIn(0)
    await first.close()
    expect(await counterOf(distant)).toEqual({ used: 50, reserved: 0 })
  })

  it('keeps blocks of 10,000 customers, and asks the store for all others', async () => {
    const { distant, first } = setUp()
    await consume(first, 1)
    await Promise.all(Array.from({ length: 10_000 }, async (_, index) => consume(first, 2, 'apiCalls', `customer-${index}`)))
    distant.calls.length = 0
    await consume(first, 60, 'apiCalls', 'one too many')
    expect(reservationsIn(distant.calls)).toEqual([])
    await consume(first, 60, 'apiCalls', 'customer-7')
    expect(reservationsIn(distant.calls)).not.toEqual([])
  })

  it('closes when everybody has an answer and the store knows what was spent, and takes nothing more', async () => {
    const { distant, first } = setUp()
    await consume(first, 50)
    await first.consume({ customer: 'bob', feature: 'exports' })
    const asked = Array.from({ length: 200 }, () => first.consume({ customer: 'ann', feature: 'apiCalls' }))
    const other = first.consume({ customer: 'bob', feature: 'exports' })
    await Promise.all([first.close(), first.close()])

    expect((await Promise.all(asked)).every(({ allowed }) => allowed)).toBe(true)
    expect(await other).toMatchObject({ allowed: true })
    expect(await counterOf(distant)).toEqual({ used: 250, reserved: 0 })
    expect(await first.consume({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ allowed: false, reason: 'unavailable' })
  })

  it('loses at most one block with an instance that dies, and never grants more than the limit', async () => {
    const { clock, distant, start, first } = setUp()
    await consume(first, 500)
    const { reserved = 0 } = await counterOf(distant)
    expect(reserved).toBeGreaterThan(0)
    expect(reserved).toBeLessThanOrEqual(limit / 8)

    // It never comes back; in time its block counts as spent.
    const heir = start()
    clock.advance(5 * minute + second)
    const granted = 500 + (await useUp([heir], 16))
    expect(granted).toBeLessThanOrEqual(limit)
    expect(granted).toBeGreaterThanOrEqual(limit - reserved)
    await heir.close()
    expect(await counterOf(distant)).toEqual({ used: limit, reserved: 0 })
    clock.set(Date.UTC(2026, 1, 1))
    expect(await start().consume({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ allowed: true, used: 1 })
  })

  it('takes nothing ahead that is billed', async () => {
    const { clock, distant, start, first } = setUp()
    await first.override({ customer: 'ann', plan: 'pro', until: null })
    expect(await consume(first, 150, 'tokens')).toMatchObject({ allowed: true, used: 100, overage: 50 })
    clock.advance(hour)
    await consume(start(), 1, 'tokens')
    expect(await counterOf(distant, 'tokens', `overage:${january}`)).toEqual({ used: 51, reserved: 0 })
  })

  it('gives back what a failed request had drawn', async () => {
    const { distant, first } = setUp()
    await consume(first, 49)
    const { drawn } = await first.consume({ customer: 'ann', feature: 'apiCalls' })
    expect(await first.release({ customer: 'ann', feature: 'apiCalls', drawn })).toEqual({ kind: 'released', amount: 1, repeated: false })
    expect(await first.check({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ used: 49 })
    await first.close()
    expect(await counterOf(distant)).toEqual({ used: 49, reserved: 0 })
  })

  it('gives back to the store what was drawn from a block that has ended', async () => {
    const { clock, distant, first } = setUp()
    const { drawn } = await consume(first, 50)
    clock.advance(second)
    await first.sweep()
    expect(await first.release({ customer: 'ann', feature: 'apiCalls', drawn })).toMatchObject({ kind: 'released', amount: 1 })
    expect(await counterOf(distant)).toEqual({ used: 49, reserved: 0 })
  })

  it('passes the gates ahead, and never lets more pass than they would', async () => {
    const { clock, all, first } = setUp(3)
    await first.override({ customer: 'ann', plan: 'gated', until: null })
    const burst = await useUp(all, 4)
    expect(burst).toBeLessThanOrEqual(100)
    expect(burst).toBeGreaterThan(90)
    expect(await first.consume({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ reason: 'rate-limited', retryAt: clock.now() + 600 })
    clock.advance(minute)
    expect(await useUp(all, 4)).toBeLessThanOrEqual(100)
  })

  it('spends a block in its own period alone', async () => {
    const { clock, distant, first } = setUp()
    clock.set(Date.UTC(2026, 1, 1) - 20)
    await consume(first, 50)
    clock.advance(20)
    expect(await consume(first, 50)).toMatchObject({ used: 50, limit, resetsAt: Date.UTC(2026, 2, 1) })
    await first.close()
    expect(await counterOf(distant)).toEqual({ used: 50, reserved: 0 })
    expect(await counterOf(distant, 'apiCalls', `allowance:${Date.UTC(2026, 1, 1)}`)).toEqual({ used: 50, reserved: 0 })
  })

  it('ends what a lost answer may have left behind, so that all of the limit can be reached', async () => {
    const { clock, distant, all } = setUp(2)
    distant.loseOneIn(3)
    let granted = 0
    for (let call = 0; call < 1_000; call += 1) {
      for (const farebox of all) if ((await farebox.consume({ customer: 'ann', feature: 'apiCalls' })).allowed) granted += 1
      clock.advance(5)
    }
    distant.loseOneIn(0)
    clock.advance(6 * second)
    await Promise.all(all.map((farebox) => farebox.sweep()))
    await Promise.all(all.map((farebox) => farebox.sweep()))

    const { used = 0, reserved } = await counterOf(distant)
    expect(reserved).toBe(0)
    expect(used).toBeGreaterThanOrEqual(granted)
    expect(granted + (await useUp(all, 4))).toBe(limit - (used - granted))
  })

  it('holds nothing where the store answers at once', async () => {
    const store = memoryStore()
    const farebox = toBeClosed(createFarebox({ catalog, store }))
    for (let call = 0; call < 50; call += 1) await farebox.consume({ customer: 'ann', feature: 'apiCalls' })
    const period = Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth())
    const [reading] = await store.usage.read([{ customer: 'ann', feature: 'apiCalls', buckets: [`allowance:${period}`], gates: [] }])
    expect(reading?.buckets).toEqual([{ id: `allowance:${period}`, used: 50, reserved: 0 }])
  })

  it('leaves a customer who calls now and then to the store', async () => {
    const { clock, distant, first } = setUp()
    for (let call = 0; call < 20; call += 1) {
      await consume(first, 1)
      clock.advance(20 * minute)
    }
    expect(reservationsIn(distant.calls)).toEqual([])
    expect(await counterOf(distant)).toEqual({ used: 20, reserved: 0 })
  })
})

describe('a leased feature on Workers', () => {
  it('asks the store for every request', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })
    vi.resetModules()
    const workers = await import('../../src/index.ts')
    const clock = manualClock()
    const distant = distantStore(clock)
    const farebox = toBeClosed(workers.createFarebox({ catalog, store: distant.store, clock }))
    for (let call = 0; call < 50; call += 1) await farebox.consume({ customer: 'ann', feature: 'apiCalls' })
    expect(distant.calls.flat().map(({ verb }) => verb)).toEqual(Array.from({ length: 50 }, () => 'consume'))
  })
})

describe('the catalog', () => {
  it.each([
    ['lease', 5], ['lease.most', { most: 1 }], ['lease.most', { most: 1.5 }], ['lease.idle', { idle: 0 }], ['lease.idle', { idle: minute + 1 }],
    ['lease.other', { other: 1 }],
  ])('refuses %s of %o', (path, lease) => {
    const feature = { ...metered({ unit: 'call' }), lease: typeof lease === 'object' ? { most: 10, idle: 10, ...lease } : lease }
    const features: object = { apiCalls: feature }
    const plans = { free: { name: 'Free', default: true, features: {} } }
    expect(() => defineCatalog({ features: features as { apiCalls: typeof catalog.features.apiCalls }, plans })).toThrow(`features.apiCalls.${path}`)
  })
})
