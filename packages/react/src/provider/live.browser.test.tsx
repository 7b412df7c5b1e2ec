import { StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BillingProvider, UsageBar, createBillingClient } from '../index.ts'
import { mockPaidSnapshot, mockSnapshot, mockUsage } from '../testing/mock-snapshot.ts'

const here = location.href

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  history.replaceState(null, '', here)
})

/** A server whose one customer can be changed, and the requests that reach it. */
function createServer() {
  const requests: string[] = []
  const server = { snapshot: mockSnapshot() }
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const { method, url } = new Request(input)
    const { pathname } = new URL(url)
    requests.push(`${method} ${pathname}`)
    if (pathname === '/api/quote') {
      const calls = server.snapshot.usage['apiCalls'] ?? mockUsage(0, 5)
      server.snapshot = mockSnapshot({ usage: { apiCalls: mockUsage(calls.used + 1, 5) } })
      return new Response(null, { headers: { ratelimit: `"apiCalls";r=${4 - calls.used}`, 'ratelimit-policy': '"apiCalls";q=5;qu="call"' } })
    }
    return Response.json(server.snapshot)
  }
  return { server, requests, fetch }
}

function Tab({ client, name }: { client: ReturnType<typeof createBillingClient>; name: string }) {
  return (
    <BillingProvider client={client}>
      <UsageBar feature="apiCalls" label={name} />
    </BillingProvider>
  )
}

/** As of a page that may store nothing. */
function denied(): never {
  throw new DOMException('denied', 'SecurityError')
}

function meter(name: string) {
  return page.getByRole('meter', { name })
}

/** Messages between tabs are delivered in tasks of their own. */
async function settle(check: () => unknown): Promise<void> {
  vi.useRealTimers()
  await vi.waitFor(check, 30_000)
}

describe('a live provider', () => {
  it('reads again when the page is looked at, and when the network is back', async () => {
    const { server, requests, fetch } = createServer()
    await render(<Tab client={createBillingClient({ fetch })} name="Calls" />)
    await expect.element(meter('Calls')).toHaveAttribute('aria-valuenow', '3')
    server.snapshot = mockSnapshot({ usage: { apiCalls: mockUsage(4, 5) } })
    dispatchEvent(new Event('visibilitychange'))
    await expect.element(meter('Calls')).toHaveAttribute('aria-valuenow', '4')
    server.snapshot = mockSnapshot({ usage: { apiCalls: mockUsage(5, 5) } })
    dispatchEvent(new Event('online'))
    await expect.element(meter('Calls')).toHaveAttribute('aria-valuenow', '5')
    expect(requests).toEqual(['GET /api/billing/me', 'GET /api/billing/me', 'GET /api/billing/me'])
  })

  it('reads again when the window is turned to, once for both events of it, and at most once in five seconds', async () => {
    const { fetch } = createServer()
    const quiet = createBillingClient({ fetch, initialSnapshot: mockSnapshot() })
    const refresh = vi.fn(quiet.refresh)
    await render(<Tab client={{ ...quiet, refresh }} name="Calls" />)
    dispatchEvent(new Event('focus'))
    dispatchEvent(new Event('visibilitychange'))
    expect(refresh).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(4999)
    dispatchEvent(new Event('focus'))
    expect(refresh).toHaveBeenCalledTimes(1)
    dispatchEvent(new Event('online'))
    expect(refresh).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(1)
    dispatchEvent(new Event('focus'))
    expect(refresh).toHaveBeenCalledTimes(3)
  })

  it('reads again when somebody comes back after a while in which the page stood still, and its timers with it', async () => {
    const { fetch } = createServer()
    const quiet = createBillingClient({ fetch, initialSnapshot: mockSnapshot() })
    const refresh = vi.fn(quiet.refresh)
    await render(<Tab client={{ ...quiet, refresh }} name="Calls" />)
    dispatchEvent(new Event('focus'))
    vi.setSystemTime(Date.now() + 5000)
    dispatchEvent(new Event('visibilitychange'))
    expect(refresh).toHaveBeenCalledTimes(2)
  })

  it('follows what another tab does, with one request, and does not answer it', async () => {
    const { requests, fetch } = createServer()
    const mine = createBillingClient({ fetch, initialSnapshot: mockSnapshot() })
    const other = createBillingClient({ fetch, initialSnapshot: mockSnapshot() })
    await render(<><Tab client={mine} name="Mine" /><Tab client={other} name="Other" /></>)
    await mine.fetch('/api/quote')
    await expect.element(meter('Mine')).toHaveAttribute('aria-valuenow', '4')
    await mine.fetch('/api/quote')
    vi.advanceTimersByTime(1000)
    await settle(() => expect(other.getSnapshot().data?.usage['apiCalls']?.used).toBe(5))
    await expect.element(meter('Other')).toHaveAttribute('aria-valuenow', '5')
    expect(requests).toEqual(['GET /api/quote', 'GET /api/quote', 'GET /api/billing/me'])
  })

  it('does not tell other tabs that a gate opens, which it does by itself', async () => {
    const { server, requests, fetch } = createServer()
    const gated = async (input: RequestInfo | URL): Promise<Response> => {
      const response = await fetch(input)
      const usage = server.snapshot.usage['apiCalls'] ?? mockUsage(0, 5)
      const resetsAt = new Date(Date.UTC(2026, 10, 21) + requests.length).toISOString()
      const gates = [{ id: '100/minute', limit: 100, window: 60, remaining: 100, resetsAt }]
      server.snapshot = mockSnapshot({ usage: { apiCalls: { ...usage, gates } } })
      return response
    }
    const initialSnapshot = mockSnapshot({ usage: { apiCalls: mockUsage(3, 5) } })
    const mine = createBillingClient({ fetch: gated, initialSnapshot })
    const other = createBillingClient({ fetch: gated, initialSnapshot })
    await render(<><Tab client={mine} name="Mine" /><Tab client={other} name="Other" /></>)
    await mine.fetch('/api/quote')
    vi.advanceTimersByTime(1000)
    await expect.element(meter('Other')).toHaveAttribute('aria-valuenow', '4')
    const heard = vi.fn()
    const listener = new BroadcastChannel('farebox')
    listener.addEventListener('message', heard)
    vi.advanceTimersByTime(1000)
    const last = new BroadcastChannel('farebox')
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origins
    last.postMessage({ customer: 'nobody' })
    await settle(() => expect(heard).toHaveBeenCalled())
    last.close()
    listener.close()
    expect(heard.mock.calls.map(([{ data }]) => data)).toEqual([{ customer: 'nobody' }])
    expect(requests).toEqual(['GET /api/quote', 'GET /api/billing/me'])
  })

  it('does not tell back what it reads for another tab has told something, also where usage never rests', async () => {
    const { server, requests, fetch } = createServer()
    const busy = async (input: RequestInfo | URL): Promise<Response> => {
      const response = await fetch(input)
      server.snapshot = mockSnapshot({ usage: { apiCalls: mockUsage(requests.length, 100) } })
      return response
    }
    const mine = createBillingClient({ fetch: busy, initialSnapshot: mockSnapshot() })
    const other = createBillingClient({ fetch: busy, initialSnapshot: mockSnapshot() })
    await render(<><Tab client={mine} name="Mine" /><Tab client={other} name="Other" /></>)
    const heard = vi.fn()
    const listener = new BroadcastChannel('farebox')
    listener.addEventListener('message', heard)
    await mine.refresh()
    await mine.refresh()
    vi.advanceTimersByTime(1000)
    await expect.poll(() => requests).toHaveLength(3)
    await expect.element(meter('Other')).toHaveAttribute('aria-valuenow', '2')
    vi.advanceTimersByTime(1000)
    const last = new BroadcastChannel('farebox')
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origins
    last.postMessage({ customer: 'nobody' })
    await settle(() => expect(heard.mock.lastCall?.[0].data).toEqual({ customer: 'nobody' }))
    last.close()
    listener.close()
    expect(heard).toHaveBeenCalledTimes(2)
    expect(requests).toHaveLength(3)
  })

  it('reads what it heard while it was hidden as soon as it is looked at, however soon that is', async () => {
    const { requests, fetch } = createServer()
    const mine = createBillingClient({ fetch, initialSnapshot: mockSnapshot() })
    await render(<Tab client={mine} name="Mine" />)
    const hidden = vi.spyOn(document, 'hidden', 'get')
    dispatchEvent(new Event('focus'))
    await expect.poll(() => requests).toHaveLength(1)
    hidden.mockReturnValue(true)
    const heard = vi.fn()
    const other = new BroadcastChannel('farebox')
    const listener = new BroadcastChannel('farebox')
    listener.addEventListener('message', heard)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origins
    other.postMessage({ customer: 'ann', numbers: 'others' })
    await settle(() => expect(heard).toHaveBeenCalled())
    other.close()
    listener.close()
    expect(requests).toHaveLength(1)
    hidden.mockReturnValue(false)
    dispatchEvent(new Event('visibilitychange'))
    await expect.poll(() => requests).toHaveLength(2)
  })

  it('takes no harm from what others say on its channel', async () => {
    const { requests, fetch } = createServer()
    const failures = vi.fn()
    addEventListener('error', failures, { once: true })
    await render(<Tab client={createBillingClient({ fetch, initialSnapshot: mockSnapshot() })} name="Mine" />)
    const other = new BroadcastChannel('farebox')
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origins
    for (const message of ['hello', {}, { customer: 'ann', numbers: 'others' }]) other.postMessage(message)
    other.close()
    await settle(() => expect(requests).toHaveLength(1))
    expect(failures).not.toHaveBeenCalled()
    removeEventListener('error', failures)
  })

  it.each([
    ['has no channels', undefined],
    ['gives none to a page that may store nothing', denied],
  ])('is there where the browser %s, and reads again when it is looked at', async (_, channel) => {
    vi.stubGlobal('BroadcastChannel', channel)
    const { server, fetch } = createServer()
    const { unmount } = await render(<Tab client={createBillingClient({ fetch })} name="Calls" />)
    await expect.element(meter('Calls')).toHaveAttribute('aria-valuenow', '3')
    server.snapshot = mockSnapshot({ usage: { apiCalls: mockUsage(4, 5) } })
    dispatchEvent(new Event('focus'))
    await expect.element(meter('Calls')).toHaveAttribute('aria-valuenow', '4')
    vi.advanceTimersByTime(1000)
    await unmount()
  })

  it('leaves tabs of other customers alone', async () => {
    const { requests, fetch } = createServer()
    const mine = createBillingClient({ fetch, initialSnapshot: mockSnapshot() })
    const other = createBillingClient({ fetch, initialSnapshot: mockSnapshot({ customer: 'bob' }) })
    const heard = vi.fn()
    const listener = new BroadcastChannel('farebox')
    listener.addEventListener('message', heard)
    await render(<><Tab client={mine} name="Mine" /><Tab client={other} name="Other" /></>)
    await mine.fetch('/api/quote')
    vi.advanceTimersByTime(1000)
    await settle(() => expect(heard).toHaveBeenCalledTimes(1))
    listener.close()
    expect(requests).toEqual(['GET /api/quote'])
  })

  it.each(['checkout', 'portal'])('has the server read Stripe on return from %s, once, and takes the mark away', async (from) => {
    const { server, requests, fetch } = createServer()
    server.snapshot = mockPaidSnapshot()
    const wishes: boolean[] = []
    const getToken = ({ fresh }: { readonly fresh: boolean }): string => {
      wishes.push(fresh)
      return 'token'
    }
    history.replaceState(null, '', `?${from}=done&tab=2`)
    const client = createBillingClient({ fetch, getToken, initialSnapshot: mockSnapshot() })
    await render(<StrictMode><Tab client={client} name="Calls" /></StrictMode>)
    await expect.element(meter('Calls')).toHaveAttribute('aria-valuenow', '6')
    expect(requests).toEqual(['POST /api/billing/converge'])
    expect(location.search).toBe('?tab=2')
    await client.refresh()
    await client.refresh()
    expect(wishes).toEqual([false, true, false])
  })

  it('only takes the mark away where nothing was bought', async () => {
    const { requests, fetch } = createServer()
    history.replaceState(null, '', '?checkout=canceled')
    await render(<Tab client={createBillingClient({ fetch, initialSnapshot: mockSnapshot() })} name="Calls" />)
    await expect.element(meter('Calls')).toHaveAttribute('aria-valuenow', '3')
    expect(location.search).toBe('')
    expect(requests).toEqual([])
  })

  it('leaves an address to the app where it says something else by the same name', async () => {
    const { requests, fetch } = createServer()
    history.replaceState(null, '', '?checkout=cart&portal=2')
    await render(<Tab client={createBillingClient({ fetch, initialSnapshot: mockSnapshot() })} name="Calls" />)
    await expect.element(meter('Calls')).toHaveAttribute('aria-valuenow', '3')
    expect(location.search).toBe('?checkout=cart&portal=2')
    expect(requests).toEqual([])
  })

  it('stops with the page', async () => {
    const { requests, fetch } = createServer()
    const { unmount } = await render(<Tab client={createBillingClient({ fetch, initialSnapshot: mockSnapshot() })} name="Calls" />)
    await unmount()
    dispatchEvent(new Event('visibilitychange'))
    dispatchEvent(new Event('online'))
    dispatchEvent(new Event('focus'))
    expect(requests).toEqual([])
  })
})
