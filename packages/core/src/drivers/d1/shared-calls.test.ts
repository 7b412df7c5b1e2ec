import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { UsageOutcome } from '../../ports/usage-store.ts'
import { type Call, createSharedCalls } from './shared-calls.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())

function callOf(...names: readonly string[]): Call {
  return { raise: null, operations: names.map((reservation) => ({ verb: 'settle', customer: 'c', feature: 'f', reservation, amount: 1 })) }
}

/** Answers each operation with its name, when it is told to. */
function heldRun(): { run: (calls: readonly Call[]) => Promise<readonly UsageOutcome[]>; made: string[][]; end: (failure?: Error) => Promise<void> } {
  const made: string[][] = []
  const endings: ((failure?: Error) => void)[] = []
  return {
    made,
    async run(calls) {
      const names = calls.flatMap(({ operations }) => operations.map((operation) => ('reservation' in operation ? operation.reservation : '')))
      made.push(names)
      await new Promise<void>((resolve, reject) => void endings.push((failure) => (failure === undefined ? resolve() : reject(failure))))
      return names.map((name) => ({ kind: 'unknown', now: name.length, as: null }))
    },
    async end(failure) {
      endings.shift()?.(failure)
      await vi.advanceTimersByTimeAsync(0)
    },
  }
}

const told = (...lengths: readonly number[]): readonly unknown[] => lengths.map((now) => ({ kind: 'unknown', now, as: null }))

describe('calls that share', () => {
  it('go alone at first, and together while one is under way, each with its own outcomes', async () => {
    const { run, made, end } = heldRun()
    const share = createSharedCalls(run)
    const answers = [share(callOf('1')), share(callOf('22', '333')), share(callOf('4444'))]
    await end()
    await end()
    expect(made).toEqual([['1'], ['22', '333', '4444']])
    expect(await Promise.all(answers)).toEqual([told(1), told(2, 3), told(4)])
    expect(vi.getTimerCount()).toBe(0)
    const next = share(callOf('5'))
    await end()
    expect(await next).toEqual(told(1))
  })

  it('fail together, and the next ones go on', async () => {
    const { run, end } = heldRun()
    const share = createSharedCalls(run)
    const settled = Promise.allSettled([share(callOf('1')), share(callOf('2')), share(callOf('3'))])
    await end()
    await end(new Error('The line is cut'))
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    const next = share(callOf('4'))
    await end()
    expect(await next).toEqual(told(1))
  })

  it('take no more than 500 operations along', async () => {
    const { run, made, end } = heldRun()
    const share = createSharedCalls(run)
    const many = Array.from({ length: 300 }, (_, index) => `${index}`)
    const answers = [share(callOf('1')), share(callOf(...many)), share(callOf(...many))]
    await end()
    await end()
    await end()
    expect(made.map((names) => names.length)).toEqual([1, 300, 300])
    expect((await Promise.all(answers)).map((outcomes) => outcomes.length)).toEqual([1, 300, 300])
  })

  it('are refused where ten thousand wait, and not again when they have been answered', async () => {
    const { run, end } = heldRun()
    const share = createSharedCalls(run)
    const answers = Array.from({ length: 10_001 }, async () => share(callOf('1')))
    await expect(share(callOf('1'))).rejects.toMatchObject({ code: 'overloaded' })
    for (let call = 0; call < 22; call += 1) await end()
    expect((await Promise.all(answers)).flat()).toHaveLength(10_001)
    const next = share(callOf('1'))
    await end()
    expect(await next).toEqual(told(1))
  })

  it('are made by one of those who wait for them', async () => {
    const request = new AsyncLocalStorage<string>()
    const { run, made, end } = heldRun()
    const makers: (string | undefined)[] = []
    const share = createSharedCalls(async (calls) => {
      makers.push(request.getStore())
      return run(calls)
    })
    const answers = ['1', '2', '3'].map(async (name) => request.run(name, async () => share(callOf(name))))
    await end()
    await end()
    await Promise.all(answers)
    expect(made.map((names, index) => names.includes(makers[index] ?? ''))).toEqual([true, true])
  })

  it('do not wait for a request that is gone, and say so where it had taken them along', async () => {
    const { run, made, end } = heldRun()
    const share = createSharedCalls(run)
    void share(callOf('gone'))
    const second = share(callOf('second'))
    await vi.advanceTimersByTimeAsync(1999)
    const taken = share(callOf('taken')).catch((error: unknown) => error)
    expect(made).toEqual([['gone']])
    await vi.advanceTimersByTimeAsync(1)
    expect(made).toEqual([['gone'], ['second']])
    await vi.advanceTimersByTimeAsync(2000)
    expect(made).toEqual([['gone'], ['second'], ['taken']])
    // The first one never comes back; those after it do.
    await end()
    await end()
    await end()
    expect(await second).toEqual(told(6))
    expect(await taken).toEqual(told(5))
  })

  it('that went ahead of a request that is gone are made once, and nobody waits behind them', async () => {
    const made: string[][] = []
    const share = createSharedCalls(async (calls) => {
      const names = calls.flatMap(({ operations }) => operations.map((operation) => ('reservation' in operation ? operation.reservation : '')))
      made.push(names)
      if (names.includes('gone')) await new Promise<never>(() => undefined)
      return names.map((name) => ({ kind: 'unknown', now: name.length, as: null }))
    })
    void share(callOf('gone'))
    const behind = [share(callOf('second')), share(callOf('third'))]
    await vi.advanceTimersByTimeAsync(2000)
    expect(await Promise.all(behind)).toEqual([told(6), told(5)])
    expect(await Promise.all([share(callOf('4')), share(callOf('55')), share(callOf('666'))])).toEqual([told(1), told(2), told(3)])
    expect(made.flat().toSorted()).toEqual(['4', '55', '666', 'gone', 'second', 'third'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('fail as timed out where the request that made the call for them is gone', async () => {
    let calls = 0
    const share = createSharedCalls(async () => {
      calls += 1
      return calls === 1 ? [{ kind: 'unknown', now: 0, as: null }] : new Promise<never>(() => undefined)
    })
    const first = share(callOf('first'))
    const leader = share(callOf('leader'))
    const along = share(callOf('along')).catch((error: unknown) => error)
    await first
    await vi.advanceTimersByTimeAsync(12_000)
    expect(await along).toMatchObject({ code: 'unavailable', reason: 'timeout' })
    expect(leader).toBeInstanceOf(Promise)
  })
})
