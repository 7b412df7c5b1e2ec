import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { FareboxError } from '../errors/error.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { inBatches } from './in-batches.ts'

const atFault = new FareboxError('unavailable', 'At fault', { reason: 'undone' })
const lost = new FareboxError('unavailable', 'Lost')
const isUndone = (error: unknown): boolean => error === atFault

/** A store whose calls are answered when the test says so. */
function createCalls(): { run: (items: readonly number[]) => Promise<readonly number[]>; calls: number[][]; answer: () => void } {
  const calls: number[][] = []
  const waiting: (() => void)[] = []
  return {
    calls,
    async run(items) {
      calls.push([...items])
      await new Promise<void>((resolve) => waiting.push(resolve))
      return items.map((item) => item * 2)
    },
    answer: () => waiting.shift()?.(),
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

describe('inBatches()', () => {
  it('runs when its turn is over, and puts what comes meanwhile into one call', async () => {
    const { run, calls, answer } = createCalls()
    const ask = inBatches({ run, isUndone, most: 4 })
    const asked = [ask(1)]
    await Promise.resolve()
    expect(calls).toEqual([[1]])
    asked.push(ask(2), ask(3), ask(4))
    await settle()
    expect(calls).toEqual([[1]])
    for (let call = 0; call < 2; call += 1) {
      answer()
      await settle()
    }

    expect(calls).toEqual([[1], [2, 3, 4]])
    expect(await Promise.all(asked)).toEqual([2, 4, 6, 8])
    void ask(5)
    await Promise.resolve()
    expect(calls.at(-1)).toEqual([5])
    answer()
  })

  it('takes along who asks in the same turn, and those who were answered together go on together', async () => {
    const { run, calls, answer } = createCalls()
    const first = inBatches({ run, isUndone })
    const second = inBatches({ run, isUndone })
    const asked = [1, 2, 3].map(async (item) => second(await first(item)))
    for (let call = 0; call < 2; call += 1) {
      await settle()
      answer()
    }
    expect(await Promise.all(asked)).toEqual([4, 8, 12])
    expect(calls).toEqual([[1, 2, 3], [2, 4, 6]])
  })

  it('makes a second call where as many wait as fit into one, and no third', async () => {
    const { run, calls, answer } = createCalls()
    const ask = inBatches({ run, isUndone, most: 3 })
    const asked = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(ask)
    await settle()
    expect(calls).toEqual([[1, 2, 3], [4, 5, 6]])
    answer()
    await settle()
    expect(calls.slice(2)).toEqual([[7, 8, 9]])
    // What is left is not worth a call beside another.
    answer()
    await settle()
    expect(calls).toHaveLength(3)
    answer()
    await settle()
    expect(calls.slice(3)).toEqual([[10]])
    answer()
    expect(await Promise.all(asked)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20])
  })

  it('lets the one at fault fail alone, wherever it stands, and asks nothing twice that may have happened', async () => {
    const places = fc.uniqueArray(fc.nat(19), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(places, async (wrong) => {
        const done: number[] = []
        const ask = inBatches<number, number>({
          isUndone,
          async run(items) {
            await Promise.resolve()
            if (items.some((item) => wrong.includes(item))) throw atFault
            done.push(...items)
            return items
          },
        })
        const outcomes = await Promise.allSettled(Array.from({ length: 20 }, async (_, index) => ask(index)))
        expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual(wrong.toSorted((a, b) => a - b))
        expect(done.toSorted((a, b) => a - b)).toEqual(outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : [])))
      }),
    )
  })

  it('fails all of a call that may have happened, and goes on with the next', async () => {
    let calls = 0
    const ask = inBatches<number, number>({
      isUndone,
      async run(items) {
        calls += 1
        await Promise.resolve()
        if (calls === 2) throw lost
        return items
      },
    })
    const first = ask(1)
    await Promise.resolve()
    const outcomes = await Promise.allSettled([first, ask(2), ask(3)])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(await ask(4)).toBe(4)
    expect(calls).toBe(3)
  })

  it('calls beside one that hangs, for what waits behind it and for what comes', async () => {
    const { run, calls, answer } = createCalls()
    const clock = manualClock()
    const ask = inBatches({ run, isUndone, clock })
    const asked = [ask(1)]
    await Promise.resolve()
    asked.push(ask(2))
    clock.advance(1001)
    asked.push(ask(3))
    await Promise.resolve()
    expect(calls).toEqual([[1], [2, 3]])
    asked.push(ask(4))
    answer()
    answer()
    await settle()
    answer()
    expect(calls).toEqual([[1], [2, 3], [4]])
    expect(await Promise.all(asked)).toEqual([2, 4, 6, 8])
  })

  it('goes on beside one that hangs with what was asked for meanwhile', async () => {
    const { run, calls, answer } = createCalls()
    const clock = manualClock()
    let hangs = true
    const stuck = new Promise<readonly number[]>(() => undefined)
    const ask = inBatches<number, number>({ isUndone, clock, run: async (items) => (hangs ? (calls.push([...items]), stuck) : run(items)) })
    void ask(1)
    await settle()
    hangs = false
    clock.advance(1001)
    const asked = [ask(2)]
    for (let item = 3; item <= 5; item += 1) {
      await settle()
      asked.push(ask(item))
      answer()
    }
    await settle()
    answer()
    expect(await Promise.all(asked)).toEqual([4, 6, 8, 10])
    expect(calls).toEqual([[1], [2], [3], [4], [5]])
  })

  it('calls beside eight at most, however many hang, and goes on when they come back', async () => {
    const { run, calls, answer } = createCalls()
    const clock = manualClock()
    const ask = inBatches({ run, isUndone, clock })
    const asked: Promise<number>[] = []
    for (let item = 1; item <= 12; item += 1) {
      asked.push(ask(item))
      await Promise.resolve()
      if (item <= 8) clock.advance(1001)
    }
    expect(calls).toEqual([[1], [2], [3], [4], [5], [6], [7], [8]])
    for (let call = 0; call < 9; call += 1) {
      answer()
      await settle()
    }
    expect(calls.slice(8)).toEqual([[9, 10, 11, 12]])
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 12 }, (_, index) => 2 * (index + 1)))
  })

  it('calls beside one that hangs for what waits behind it, though nobody asks for anything more', async () => {
    vi.useFakeTimers()
    try {
      const { run, calls, answer } = createCalls()
      const ask = inBatches({ run, isUndone })
      const hanging = ask(1)
      await Promise.resolve()
      const asked = ask(2)
      await vi.advanceTimersByTimeAsync(1001)
      expect(calls).toEqual([[1], [2]])
      answer()
      answer()
      expect(await Promise.all([hanging, asked])).toEqual([2, 4])
      await vi.advanceTimersByTimeAsync(1001)
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('keeps no place for calls that never come back, so that what comes later is called for', async () => {
    const { run, calls, answer } = createCalls()
    const clock = manualClock()
    let hangs = true
    const stuck = new Promise<readonly number[]>(() => undefined)
    const ask = inBatches<number, number>({ isUndone, clock, run: async (items) => (hangs ? stuck : run(items)) })
    for (let item = 1; item <= 8; item += 1) {
      void ask(item)
      await settle()
      clock.advance(1001)
    }
    hangs = false
    clock.advance(2000)
    const asked = ask(9)
    await settle()
    answer()
    await settle()
    expect(calls).toEqual([[9]])
    expect(await asked).toBe(18)
  })

  it('gives each a call of its own, and holds up none, where requests may not share one', async () => {
    const { run, calls, answer } = createCalls()
    const ask = inBatches({ run, isUndone, waiting: 0, shared: false })
    const asked = [1, 2, 3].map(ask)
    expect(calls).toEqual([[1], [2], [3]])
    for (let call = 0; call < 3; call += 1) answer()
    expect(await Promise.all(asked)).toEqual([2, 4, 6])
    await expect(inBatches({ run: async () => Promise.reject(atFault), isUndone, shared: false })(1)).rejects.toBe(atFault)
  })

  it('refuses what would wait behind too many, and an answer of another length', async () => {
    const { run, answer } = createCalls()
    const ask = inBatches({ run, isUndone, waiting: 2 })
    const asked = [ask(1)]
    await Promise.resolve()
    asked.push(ask(2), ask(3))
    await expect(ask(4)).rejects.toMatchObject({ code: 'overloaded' })
    answer()
    await settle()
    answer()
    expect(await Promise.all(asked)).toEqual([2, 4, 6])
    await expect(inBatches({ run: async () => [], isUndone })(1)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
