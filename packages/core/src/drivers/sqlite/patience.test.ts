import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { whenFree } from './patience.ts'

describe('a database that stays busy', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it.each([
    { waits: 0, tries: [150, 300] },
    { waits: 1_000, tries: [5, 6] },
    { waits: 5_000, tries: [2, 2] },
  ])('is given up after five seconds, where its client waits $waits ms by itself each time', async ({ waits, tries: [least, most] }) => {
    let tries = 0
    const outcome = whenFree(() => {
      tries += 1
      vi.advanceTimersByTime(waits)
      throw new Error('database is locked')
    }).catch((error: unknown) => error)
    await vi.runAllTimersAsync()

    expect(await outcome).toMatchObject({ code: 'unavailable', message: expect.stringContaining('busy') })
    expect(tries).toBeGreaterThanOrEqual(least ?? 0)
    expect(tries).toBeLessThanOrEqual(most ?? 0)
  })
})

it('is asked again also where its errors are of another realm, as those of `node:sqlite` within Jest', async () => {
  const errors: unknown[] = [runInNewContext("new Error('database is locked')")]
  expect(errors[0]).not.toBeInstanceOf(Error)
  await expect(whenFree(() => {
    const [error] = errors.splice(0)
    if (error !== undefined) throw error
    return 'free'
  })).resolves.toBe('free')
})
