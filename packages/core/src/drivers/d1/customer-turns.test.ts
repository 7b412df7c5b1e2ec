import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCustomerTurns } from './customer-turns.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())

/** Work that ends when it is told to. */
function heldWork(log: string[], name: string): { work: () => Promise<string>; end: () => void } {
  const endings: (() => void)[] = []
  const ended = new Promise<void>((resolve) => void endings.push(resolve))
  const work = async (): Promise<string> => {
    log.push(name)
    await ended
    return name
  }
  return { work, end: () => endings.forEach((end) => end()) }
}

describe('turns of customers', () => {
  it('follow each other for one customer, and run side by side for others', async () => {
    const turns = createCustomerTurns()
    const log: string[] = []
    const [first, second, other, both] = ['first', 'second', 'other', 'both'].map((name) => heldWork(log, name))
    const answers = [
      turns.take(['a'], first!.work),
      turns.take(['a'], second!.work),
      turns.take(['b'], other!.work),
      turns.take(['b', 'a'], both!.work),
    ]
    await vi.advanceTimersByTimeAsync(0)
    expect(log).toEqual(['first', 'other'])
    first!.end()
    other!.end()
    await vi.advanceTimersByTimeAsync(0)
    expect(log).toEqual(['first', 'other', 'second'])
    second!.end()
    both!.end()
    expect(await Promise.all(answers)).toEqual(['first', 'second', 'other', 'both'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('go on after work that failed', async () => {
    const turns = createCustomerTurns()
    const failing = turns.take(['a'], () => Promise.reject(new Error('The work failed')))
    const next = turns.take(['a'], async () => 'next')
    await expect(failing).rejects.toThrow('The work failed')
    expect(await next).toBe('next')
  })

  it('do not wait for work whose request is gone', async () => {
    const turns = createCustomerTurns()
    void turns.take(['a'], () => new Promise<never>(() => undefined))
    const next = turns.take(['a'], async () => 'next')
    await vi.advanceTimersByTimeAsync(999)
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(await next).toBe('next')
  })
})
