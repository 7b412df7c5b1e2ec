import { afterEach, describe, expect, it, vi } from 'vitest'
import { memoryStore } from '../../drivers/memory/index.ts'
import { FareboxError } from '../../errors/error.ts'
import { type Clock, systemClock } from '../../ports/clock.ts'
import type { ConsumeOperation, UsageOperation, UsageOutcome, UsageStore } from '../../ports/usage-store.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { usageStoreContract } from '../../testing/usage-store-contract.ts'
import { createUsageBatcher } from './usage-batcher.ts'

function consumption(changes: Partial<ConsumeOperation> = {}): ConsumeOperation {
  return {
    verb: 'consume',
    customer: 'customer-1',
    feature: 'apiCalls',
    amount: 1,
    key: null,
    keyFor: 60_000,
    freshness: { version: 1, validFrom: 0, validUntil: null, loaded: true },
    gates: [],
    buckets: [{ id: 'allowance:0', kind: 'allowance', limit: 1000, keepUntil: null }],
    ...changes,
  }
}

/** A store across a network: answers when it is told to, in the order asked, and remembers its calls. */
function remoteStore(clock: Clock = systemClock): {
  store: UsageStore
  sizes: number[]
  answer: (failure?: { readonly error: FareboxError; readonly done: boolean }) => Promise<void>
  used: () => Promise<number>
} {
  const { usage } = memoryStore({ clock })
  const sizes: number[] = []
  const calls: ((failure?: { readonly error: FareboxError; readonly done: boolean }) => void)[] = []
  const store: UsageStore = {
    ...usage,
    execute(operations) {
      sizes.push(operations.length)
      return new Promise((resolve, reject) => {
        calls.push((failure) => {
          if (failure !== undefined && !failure.done) return reject(failure.error)
          try {
            const outcomes = usage.execute(operations)
            return failure === undefined ? resolve(outcomes) : reject(failure.error)
          } catch (error) {
            return reject(error instanceof Error ? error : new Error('The store threw'))
          }
        })
      })
    },
  }
  return {
    store,
    sizes,
    async answer(failure) {
      await ticks()
      const call = calls.shift()
      expect(call, 'A call is under way').toBeDefined()
      call?.(failure)
      await ticks()
    },
    async used() {
      const [reading] = await usage.read([{ customer: 'customer-1', feature: 'apiCalls', buckets: ['allowance:0'], gates: [] }])
      return reading?.buckets[0]?.used ?? 0
    },
  }
}

async function ticks(): Promise<void> {
  for (let tick = 0; tick < 10; tick += 1) await Promise.resolve()
}

async function submitted(submit: () => UsageOutcome | Promise<UsageOutcome>): Promise<UsageOutcome | FareboxError> {
  try {
    return await submit()
  } catch (error) {
    if (error instanceof FareboxError) return error
    throw error
  }
}

const lost = new FareboxError('unavailable', 'The line is down')

afterEach(() => vi.useRealTimers())

describe('createUsageBatcher()', () => {
  it('answers without a promise where the store does', () => {
    const batcher = createUsageBatcher(memoryStore().usage)

    expect(batcher.submit(consumption())).toMatchObject({ kind: 'taken', repeated: false })
    expect(batcher.submit(consumption({ amount: 1000 }))).toMatchObject({ kind: 'refused', by: 'bucket' })
  })

  it('throws at once what a store throws at once', () => {
    const batcher = createUsageBatcher(memoryStore().usage)

    expect(() => batcher.submit(consumption({ amount: -1 }))).toThrow(expect.objectContaining({ code: 'invalid-request' }))
  })

  it('sends what arrives while a call is under way as one next call, in order', async () => {
    const remote = remoteStore()
    const batcher = createUsageBatcher(remote.store)

    const outcomes = Array.from({ length: 6 }, async (_, index) => batcher.submit(consumption({ amount: 100 * (index + 1) })))
    await remote.answer()
    await remote.answer()

    expect(remote.sizes).toEqual([1, 5])
    const kinds = (await Promise.all(outcomes)).map((outcome) => outcome.kind)
    expect(kinds).toEqual(['taken', 'taken', 'taken', 'taken', 'refused', 'refused'])
  })

  it('sends what one tick asks for together, once it knows that the store answers later', async () => {
    const remote = remoteStore()
    const batcher = createUsageBatcher(remote.store)
    const first = batcher.submit(consumption())
    await remote.answer()
    await first

    const outcomes = Array.from({ length: 7 }, async () => batcher.submit(consumption()))
    await remote.answer()

    await Promise.all(outcomes)
    expect(remote.sizes).toEqual([1, 7])
    expect(await remote.used()).toBe(8)
  })

  it('puts no more into a call than it may', async () => {
    const remote = remoteStore()
    const batcher = createUsageBatcher(remote.store, { most: 3 })

    const outcomes = Array.from({ length: 9 }, async () => batcher.submit(consumption()))
    for (let call = 0; call < 4; call += 1) await remote.answer()

    await Promise.all(outcomes)
    expect(remote.sizes).toEqual([1, 3, 3, 2])
    expect(await remote.used()).toBe(9)
  })

  it('keeps as many calls under way as the store has lanes, shares what waits between them, and closes after all', async () => {
    const { store, sizes, answer, used } = remoteStore()
    const batcher = createUsageBatcher({ ...store, lanes: 2 })
    const first = batcher.submit(consumption())
    await answer()
    await first
    const others = Promise.all(Array.from({ length: 100 }, async () => batcher.submit(consumption())))
    await answer()
    expect(sizes).toEqual([1, 50, 50])
    const few = Promise.all(Array.from({ length: 8 }, async () => batcher.submit(consumption())))
    const closed = batcher.close()
    await answer()
    await others
    expect(sizes).toEqual([1, 50, 50, 8])
    await answer()
    await Promise.all([few, closed])
    expect(await used()).toBe(109)
  })

  it('closes after lanes that opened while it was closing', async () => {
    const { store, sizes, answer, used } = remoteStore()
    const batcher = createUsageBatcher({ ...store, lanes: 2 })
    const first = batcher.submit(consumption())
    await answer()
    await first
    const asked = Promise.all(Array.from({ length: 100 }, async () => batcher.submit(consumption())))
    let isClosed = false
    const closing = batcher.close().then(() => (isClosed = true))
    for (let tick = 0; tick < 10; tick += 1) await Promise.resolve()
    expect(sizes).toEqual([1, 50, 50])
    await answer()
    expect(isClosed).toBe(false)
    await answer()
    expect(isClosed).toBe(true)
    await Promise.all([asked, closing])
    expect(await used()).toBe(101)
  })

  it('refuses with `overloaded` when too many wait, and counts none of those', async () => {
    const remote = remoteStore()
    const batcher = createUsageBatcher(remote.store, { waiting: 4 })

    const outcomes = Array.from({ length: 7 }, async () => submitted(() => batcher.submit(consumption())))
    await remote.answer()
    await remote.answer()

    const codes = (await Promise.all(outcomes)).map((outcome) => (outcome instanceof FareboxError ? outcome.code : outcome.kind))
    expect(codes).toEqual(['taken', 'taken', 'taken', 'taken', 'taken', 'overloaded', 'overloaded'])
    expect(await remote.used()).toBe(5)
  })

  it('narrows misuse down to the operation at fault, and its neighbours count', async () => {
    const remote = remoteStore()
    const batcher = createUsageBatcher(remote.store)
    const amounts = [1, 1, 1, 1.5, 1, 1, 1, 1]

    const outcomes = amounts.map(async (amount) => submitted(() => batcher.submit(consumption({ amount }))))
    for (let call = 0; call < 8; call += 1) await remote.answer()

    expect(remote.sizes).toEqual([1, 7, 4, 2, 2, 1, 1, 3])
    const codes = (await Promise.all(outcomes)).map((outcome) => (outcome instanceof FareboxError ? outcome.code : outcome.kind))
    expect(codes).toEqual(['taken', 'taken', 'taken', 'invalid-request', 'taken', 'taken', 'taken', 'taken'])
    expect(await remote.used()).toBe(7)
  })

  it.each([
    ['happened', true],
    ['did not happen', false],
  ])('tries again what has a key when a call is lost that %s, and counts it once', async (_, done) => {
    const remote = remoteStore()
    const batcher = createUsageBatcher(remote.store)
    const first = batcher.submit(consumption({ key: 'first' }))
    await remote.answer()
    await first

    const keys = ['a', null, 'b', null]
    const outcomes = keys.map(async (key) => submitted(() => batcher.submit(consumption({ key }))))
    await remote.answer({ error: lost, done })
    await remote.answer()

    expect(remote.sizes).toEqual([1, 4, 2])
    const answers = await Promise.all(outcomes)
    expect(answers).toMatchObject([{ kind: 'taken', repeated: false }, lost, { kind: 'taken', repeated: false }, lost])
    expect(await remote.used()).toBe(done ? 5 : 3)
  })

  it('tells a key that was counted before its own first try as repeated, and the second of two callers with one key too', async () => {
    const clock = manualClock()
    const remote = remoteStore(clock)
    const batcher = createUsageBatcher(remote.store, { clock })
    const before = batcher.submit(consumption({ key: 'old', keyFor: 3_600_000 }))
    await remote.answer()
    expect(await before).toMatchObject({ kind: 'taken', repeated: false })
    clock.advance(60_000)

    const outcomes = ['old', 'new', 'new'].map(async (key) => batcher.submit(consumption({ key, keyFor: 3_600_000 })))
    clock.advance(2_000)
    await remote.answer({ error: lost, done: true })
    clock.advance(1_000)
    await remote.answer()

    const answers = await Promise.all(outcomes)
    expect(answers).toMatchObject([{ repeated: true }, { repeated: false }, { repeated: true }])
    expect(await remote.used()).toBe(2)
  })

  it('fails what the store could not answer, tries again what may be, and leaves the neighbours their outcomes', async () => {
    const { usage } = memoryStore()
    const sizes: number[] = []
    const batcher = createUsageBatcher({
      ...usage,
      async execute(operations) {
        const outcomes = await usage.execute(operations)
        sizes.push(operations.length)
        return operations.map((operation, index) => {
          const isLost = operation.customer === 'elsewhere' && sizes.length === 2
          return isLost ? { kind: 'failed', error: lost } : (outcomes[index] ?? { kind: 'failed', error: lost })
        })
      },
    })
    await batcher.submit(consumption())

    const elsewhere = { customer: 'elsewhere' }
    const asked = [consumption(), consumption(elsewhere), consumption({ ...elsewhere, key: 'k' }), consumption()]
    const outcomes = await Promise.all(asked.map(async (operation) => submitted(() => batcher.submit(operation))))

    expect(outcomes).toMatchObject([{ kind: 'taken' }, lost, { kind: 'taken', repeated: false }, { kind: 'taken' }])
    expect(sizes).toEqual([1, 4, 1])
  })

  it('throws what a store that answers at once could not answer', () => {
    const batcher = createUsageBatcher({ ...memoryStore().usage, execute: () => [{ kind: 'failed', error: lost }] })

    expect(() => batcher.submit(consumption())).toThrow(lost)
  })

  it('gives up after trying once more', async () => {
    const remote = remoteStore()
    const batcher = createUsageBatcher(remote.store)
    const first = submitted(() => batcher.submit(consumption({ key: 'first' })))
    await remote.answer({ error: lost, done: false })
    await remote.answer({ error: lost, done: false })
    expect(await first).toBe(lost)

    const outcomes = ['a', 'b'].map(async (key) => submitted(() => batcher.submit(consumption({ key }))))
    await remote.answer({ error: lost, done: false })
    await remote.answer({ error: lost, done: false })

    expect(await Promise.all(outcomes)).toEqual([lost, lost])
    expect(remote.sizes).toEqual([1, 1, 2, 2])
  })

  it('tries settlements and releases of reservations again, but no release by draws, nor by a key that may have come back', async () => {
    const remote = remoteStore()
    const batcher = createUsageBatcher(remote.store)
    const ending = { expiresIn: 60_000, onExpiry: 'release', overdraft: 0 } as const
    const [overdraftBucket] = consumption().buckets
    if (overdraftBucket === undefined) throw new Error('There is a bucket')
    const held = ['r', 's'].map(async (reservation) =>
      batcher.submit({ ...consumption({ amount: 10 }), verb: 'reserve', reservation, ...ending, overdraftBucket }),
    )
    await remote.answer()
    await remote.answer()
    await Promise.all(held)

    const place = { customer: 'customer-1', feature: 'apiCalls' }
    const endings: readonly UsageOperation[] = [
      { verb: 'settle', ...place, reservation: 'r', amount: 4 },
      { verb: 'release', ...place, target: { by: 'reservation', reservation: 's' } },
      { verb: 'release', ...place, target: { by: 'drawn', drawn: [{ bucket: 'allowance:0', kind: 'allowance', amount: 1 }] } },
      { verb: 'release', ...place, target: { by: 'key', key: 'k' } },
    ]
    const outcomes = endings.map(async (operation) => submitted(() => batcher.submit(operation)))
    await remote.answer({ error: lost, done: true })
    await remote.answer()

    expect(await Promise.all(outcomes)).toMatchObject([
      { kind: 'ended', amount: 4, repeated: false },
      { kind: 'ended', amount: 0, repeated: false },
      lost,
      lost,
    ])
    expect(await remote.used()).toBe(3)
  })

  it.each([1, 2])('asks beside calls that hang for what they have held up for a second, and closes after all (%i lanes)', async (lanes) => {
    vi.useFakeTimers()
    const { store, sizes, answer, used } = remoteStore()
    const batcher = createUsageBatcher({ ...store, lanes })
    const hanging: (UsageOutcome | Promise<UsageOutcome>)[] = []
    for (let lane = 0; lane < lanes; lane += 1) {
      hanging.push(batcher.submit(consumption({ key: 'hanging' })))
      await ticks()
    }
    const waiting = [1, 2, 3].map(async () => batcher.submit(consumption()))
    await vi.advanceTimersByTimeAsync(999)
    expect(sizes).toHaveLength(lanes)
    await vi.advanceTimersByTimeAsync(1)
    expect(sizes.slice(lanes)).toEqual([3])
    const later = batcher.submit(consumption())
    await vi.advanceTimersByTimeAsync(1000)
    expect(sizes.slice(lanes)).toEqual([3, 1])

    const closed = batcher.close()
    for (const _ of sizes) await answer()
    expect(await Promise.all([...hanging, ...waiting, later])).toHaveLength(lanes + 4)
    await closed
    expect(await used()).toBe(5)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('takes no lane from others when calls that hung come back', async () => {
    vi.useFakeTimers()
    const { store, sizes, answer } = remoteStore()
    const batcher = createUsageBatcher(store)
    const submit = async (): Promise<UsageOutcome> => batcher.submit(consumption())
    const asked = [submit(), submit()]
    await vi.advanceTimersByTimeAsync(1000)
    expect(sizes).toEqual([1, 1])
    // The one that hung comes back, while the one beside it is under way: what comes waits for that one alone.
    await answer()
    asked.push(submit(), submit())
    await ticks()
    expect(sizes).toEqual([1, 1])
    await answer()
    expect(sizes).toEqual([1, 1, 2])
    await answer()
    expect(await Promise.all(asked)).toHaveLength(4)
    asked.push(submit())
    await ticks()
    expect(sizes).toEqual([1, 1, 2, 1])
    await answer()
    await Promise.all(asked)
  })

  it('asks beside calls that hang for so much only as may wait', async () => {
    vi.useFakeTimers()
    const { store, sizes } = remoteStore()
    const batcher = createUsageBatcher(store, { waiting: 3 })
    for (let round = 0; round < 6; round += 1) {
      void batcher.submit(consumption())
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(sizes).toEqual([1, 1, 1, 1])
  })

  it('says that a store which leaves out an answer is unavailable', async () => {
    const store: UsageStore = { ...memoryStore().usage, execute: () => [] }
    const batcher = createUsageBatcher(store)

    expect(() => batcher.submit(consumption())).toThrow(expect.objectContaining({ code: 'unavailable' }))
  })

  it('closes when everything that was taken has its outcome, and takes nothing more', async () => {
    const remote = remoteStore()
    const batcher = createUsageBatcher(remote.store)
    const outcomes = Array.from({ length: 3 }, async () => batcher.submit(consumption()))
    let closed = false
    const close = async (): Promise<void> => {
      await batcher.close()
      closed = true
    }
    const closing = close()

    await ticks()
    expect(closed).toBe(false)
    expect(() => batcher.submit(consumption())).toThrow(expect.objectContaining({ code: 'unavailable' }))

    await remote.answer()
    await remote.answer()
    await closing
    expect((await Promise.all(outcomes)).map((outcome) => outcome.kind)).toEqual(['taken', 'taken', 'taken'])
    await createUsageBatcher(remote.store).close()
  })

  it('goes back to answering at once when the store does', async () => {
    const { usage } = memoryStore()
    let isRemote = true
    const batcher = createUsageBatcher({
      ...usage,
      execute: (operations) => (isRemote ? Promise.resolve(usage.execute(operations)) : usage.execute(operations)),
    })
    await batcher.submit(consumption())
    isRemote = false
    await batcher.submit(consumption())
    await ticks()

    expect(batcher.submit(consumption())).toMatchObject({ kind: 'taken' })
  })

  it.each([
    ['at once', (usage: UsageStore): UsageStore => usage],
    ['later', (usage: UsageStore): UsageStore => ({ ...usage, execute: async (operations) => usage.execute(operations) })],
  ])('changes no rule of a store that answers %s', async (_, reach) => {
    const rules = usageStoreContract({
      hasClock: true,
      create() {
        const clock = manualClock()
        const store = reach(memoryStore({ clock }).usage)
        const batcher = createUsageBatcher(store, { most: 7 })
        const execute = async (operations: readonly UsageOperation[]): Promise<readonly UsageOutcome[]> =>
          Promise.all(operations.map(async (operation) => batcher.submit(operation)))
        return { store: { ...store, execute }, clock, close: async () => batcher.close() }
      },
    })
    // Behind the batcher neighbours are told apart: what a whole call refuses is another rule there.
    const kept = rules.filter((rule) => !rule.name.startsWith('faults:'))

    for (const rule of kept) await rule.run()
    expect(kept.length).toBeGreaterThan(80)
  })

  it('lets each operation travel alone where requests may not share a call, and closes when the last has come back', async () => {
    const remote = remoteStore()
    const batcher = createUsageBatcher(remote.store, { shared: false })
    const outcomes = Promise.all(Array.from({ length: 3 }, async () => batcher.submit(consumption())))
    const keyed = batcher.submit(consumption({ key: 'k' }))
    await ticks()
    expect(remote.sizes).toEqual([1, 1, 1, 1])
    let isClosed = false
    const closing = batcher.close().then(() => (isClosed = true))
    for (let call = 0; call < 3; call += 1) await remote.answer()
    await remote.answer({ error: new FareboxError('unavailable', 'The answer is lost'), done: true })
    expect(isClosed).toBe(false)
    await remote.answer()

    expect(await outcomes).toMatchObject([{ kind: 'taken' }, { kind: 'taken' }, { kind: 'taken' }])
    expect(await keyed).toMatchObject({ kind: 'taken', repeated: false })
    expect(await remote.used()).toBe(4)
    await closing
  })

  it('tells everybody who closes it when nothing is under way any more', async () => {
    const remote = remoteStore()
    const batcher = createUsageBatcher(remote.store)
    const outcome = batcher.submit(consumption())
    const closed = Promise.all([batcher.close(), batcher.close()])
    await remote.answer()

    expect(await outcome).toMatchObject({ kind: 'taken' })
    expect(await closed).toHaveLength(2)
    await batcher.close()
  })
})
