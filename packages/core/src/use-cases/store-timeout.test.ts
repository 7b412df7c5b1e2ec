import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { allowance } from '../domain/allowance.ts'
import { defineCatalog } from '../domain/define-catalog.ts'
import { metered } from '../domain/feature.ts'
import { memoryStore } from '../drivers/memory/index.ts'
import { createFarebox } from '../create-farebox.ts'
import type { Store } from '../ports/store.ts'
import type { UsageOperation, UsageOutcome } from '../ports/usage-store.ts'
import { withTimeout } from './store-timeout.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), logins: metered({ unit: 'login', onError: 'allow' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(100).per('month'), logins: allowance(100).per('month') } },
  },
})

/** A store across a network, of which some calls never answer; what they do happens all the same. */
function remoteStore(): { store: Store; hang: (calls: number) => void; calls: () => number } {
  const { usage, records } = memoryStore()
  let hanging = 0
  let calls = 0
  const never = new Promise<never>(() => undefined)
  const store: Store = {
    records,
    usage: {
      ...usage,
      async execute(operations: readonly UsageOperation[]): Promise<readonly UsageOutcome[]> {
        calls += 1
        const outcomes = await usage.execute(operations)
        if (hanging === 0) return outcomes
        hanging -= 1
        return never
      },
    },
  }
  return { store, hang: (number) => void (hanging = number), calls: () => calls }
}

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())

describe('withTimeout()', () => {
  it('fails each call of both stores that does not answer in time, and leaves no timer behind', async () => {
    const never = new Promise<never>(() => undefined)
    const hanging = new Proxy({}, { get: (_, name) => (name === 'label' ? 'linearizable' : () => never) }) as Store['usage'] & Store['records']
    const { usage, records } = withTimeout({ usage: hanging, records: hanging }, 200)
    const asked = [
      usage.execute([]), usage.read([]), usage.raiseVersion('c', 1), usage.sweep(), usage.forget('c'), usage.inspect?.(),
      usage.history({ customer: 'c', feature: 'f', from: 0, to: 1 }),
      records.load('c', ['customers']), records.commit('c', []), records.forget('c'),
      records.find({ collection: 'outbox', index: 'dueAt', where: { atMost: 1 }, limit: 1 }),
    ]
    const calls = asked.map(async (answer) => answer)
    const settled = Promise.allSettled(calls)
    await vi.advanceTimersByTimeAsync(199)
    expect(vi.getTimerCount()).toBe(calls.length)
    await vi.advanceTimersByTimeAsync(1)

    for (const outcome of await settled) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unavailable', reason: 'timeout' } })
    }
    expect(vi.getTimerCount()).toBe(0)
  })

  it('starts no timer where the answer is there at once, and clears it when the answer comes', async () => {
    const { usage } = withTimeout(memoryStore(), 200)
    expect(usage.execute([])).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
    const reading = usage.read([])
    expect(vi.getTimerCount()).toBe(1)
    expect(await reading).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells what the store itself says went wrong', async () => {
    const store = memoryStore()
    const broken = { ...store.usage, read: () => Promise.reject(new Error('The line is cut')) }
    await expect(withTimeout({ ...store, usage: broken }, 200).usage.read([])).rejects.toThrow('The line is cut')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a farebox whose store hangs', () => {
  it('refuses after five seconds, allows what was declared so, and goes on with what waits', async () => {
    const remote = remoteStore()
    const farebox = createFarebox({ catalog, store: remote.store })
    await farebox.consume({ customer: 'ann', feature: 'apiCalls' })
    remote.hang(1)
    const asked = [
      farebox.consume({ customer: 'ann', feature: 'apiCalls' }),
      farebox.consume({ customer: 'ann', feature: 'logins' }),
    ]
    await vi.advanceTimersByTimeAsync(1)
    const next = farebox.consume({ customer: 'ann', feature: 'apiCalls' })
    await vi.advanceTimersByTimeAsync(4_999)

    expect(await Promise.all(asked)).toMatchObject([
      { allowed: false, reason: 'unavailable' },
      { allowed: true, reason: 'unavailable' },
    ])
    // What hung was counted, as nobody here can know; it is never asked for twice.
    expect(await next).toMatchObject({ allowed: true, used: 3 })
    expect(remote.calls()).toBe(3)
  })

  it('asks again once for what has a key, and counts it once', async () => {
    const remote = remoteStore()
    const farebox = createFarebox({ catalog, store: remote.store, storeTimeout: 1_000 })
    await farebox.consume({ customer: 'ann', feature: 'apiCalls' })
    remote.hang(1)
    const keyed = farebox.consume({ customer: 'ann', feature: 'apiCalls', idempotencyKey: 'k' })
    await vi.advanceTimersByTimeAsync(1_000)

    expect(await keyed).toMatchObject({ allowed: true, repeated: false, used: 2 })
  })

  it('waits for as long as it takes where it was told to', async () => {
    const remote = remoteStore()
    const farebox = createFarebox({ catalog, store: remote.store, storeTimeout: null })
    await farebox.consume({ customer: 'ann', feature: 'apiCalls' })
    expect(vi.getTimerCount()).toBe(0)
    remote.hang(1)
    void farebox.consume({ customer: 'ann', feature: 'apiCalls' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([0, -1, 1.5, Number.NaN, 2 ** 31, '5'])('refuses %s as a timeout', (storeTimeout) => {
    const options: object = { catalog, store: memoryStore(), storeTimeout }
    expect(() => createFarebox(options as Parameters<typeof createFarebox>[0])).toThrow(/storeTimeout/)
  })
})
