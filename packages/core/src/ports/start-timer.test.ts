import { afterEach, expect, test, vi } from 'vitest'
import { startTimer } from './start-timer.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('startTimer() keeps no process alive', () => {
  const timers = vi.spyOn(globalThis, 'setTimeout')
  const stop = startTimer(() => undefined, 60_000)
  const [timer] = timers.mock.results
  expect(timer?.value.hasRef()).toBe(false)
  stop()
})

test('startTimer() works where a timer is a number', () => {
  vi.spyOn(globalThis, 'setTimeout').mockReturnValue(JSON.parse('7'))
  const cleared = vi.spyOn(globalThis, 'clearTimeout').mockImplementation(() => undefined)
  startTimer(() => undefined, 60_000)()
  expect(cleared).toHaveBeenCalledWith(7)
})

test('startTimer() works once, and not at all when it was stopped', () => {
  vi.useFakeTimers()
  const work = vi.fn(() => undefined)
  startTimer(work, 100)
  const stop = startTimer(work, 100)
  stop()
  vi.advanceTimersByTime(99)
  expect(work).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1_000)
  expect(work).toHaveBeenCalledTimes(1)
})
