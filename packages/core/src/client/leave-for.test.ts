import { afterEach, expect, it, vi } from 'vitest'
import { leaveFor } from './leave-for.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A page that is not left, whatever it is sent to. */
function stay() {
  vi.useFakeTimers()
  const assign = vi.fn()
  const page = new EventTarget()
  vi.stubGlobal('location', { assign })
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  const settled = vi.fn()
  void leaveFor('https://pay.example.com/').then(settled)
  const show = (persisted: boolean) => page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))
  return { assign, settled, show }
}

it('goes to the page, and is done when nothing has come for ten seconds', async () => {
  const { assign, settled } = stay()
  expect(assign).toHaveBeenCalledExactlyOnceWith('https://pay.example.com/')
  await vi.advanceTimersByTimeAsync(9999)
  expect(settled).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(settled).toHaveBeenCalledOnce()
})

it('is done when somebody has come back, not when the page that is left has loaded', async () => {
  const { settled, show } = stay()
  show(false)
  await vi.advanceTimersByTimeAsync(0)
  expect(settled).not.toHaveBeenCalled()
  show(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(settled).toHaveBeenCalledOnce()
})
