import type { Snapshot } from '@farebox/core/protocol'
import { Activity, type ReactElement, Profiler, StrictMode, Suspense } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BillingPage, stillClient } from '../../test/billing-states.tsx'
import { mockPaidSnapshot, mockSnapshot, mockUsage } from '../testing/mock-snapshot.ts'
import { type BillingClient, type MeteredName, BillingProvider, PlanBadge, PortalButton, SeatList, UsageBar, createBillingClient, useBilling, useEntitlement } from '../index.ts'

const bar = page.getByRole('meter', { name: 'API calls' })

// Of some things React complains once a page, in whichever test it is that meets them first.
const complain = vi.spyOn(console, 'error')

function Facts(): ReactElement {
  const calls = useEntitlement('apiCalls')
  const other = useEntitlement('exports')
  const { status, client } = useBilling()
  return <p>{[status, calls.status, calls.data?.terms.kind, other.data === null, typeof client.refresh].join(' ')}</p>
}

describe('BillingProvider', () => {
  it('loads the snapshot once, also in strict mode', async () => {
    const fetch = vi.fn(async () => Response.json(mockSnapshot()))
    await render(
      <StrictMode>
        <BillingPage client={createBillingClient({ fetch })} />
      </StrictMode>,
    )
    await expect.element(bar).toHaveAttribute('aria-valuetext', '3 of 5 calls')
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  it('loads nothing that it was given, and takes a newer snapshot that it is given later', async () => {
    const fetch = vi.fn(async () => Response.json(mockSnapshot()))
    const client = createBillingClient({ fetch })
    const { rerender } = await render(<BillingPage client={client} snapshot={mockSnapshot()} />)
    await expect.element(bar).toHaveAttribute('aria-valuetext', '3 of 5 calls')
    await rerender(<BillingPage client={client} snapshot={mockPaidSnapshot()} />)
    await expect.element(bar).toHaveAttribute('aria-valuetext', '6 of 500 calls')
    await rerender(<BillingPage client={client} snapshot={mockSnapshot()} />)
    expect(client.getSnapshot().data?.plan).toBe('pro')
    expect(fetch).not.toHaveBeenCalled()
  })

  it.each([
    ['itself', null],
    ['by a promise', Promise.resolve(null)],
  ])('asks nothing where it is told %s that nobody is signed in, and what is there says so', async (_, snapshot) => {
    const fetch = vi.fn(async () => Response.json(mockSnapshot()))
    const client = createBillingClient({ fetch })
    const { container, rerender } = await render(<Suspense><BillingPage client={client} snapshot={snapshot} live={snapshot === null} /></Suspense>)
    await expect.poll(() => container.textContent).toContain('API callsSign in first.')
    dispatchEvent(new Event('focus'))
    expect(fetch).not.toHaveBeenCalled()
    await rerender(<Suspense><BillingPage client={client} /></Suspense>)
    await expect.element(bar).toHaveAttribute('aria-valuetext', '3 of 5 calls')
    expect(fetch).toHaveBeenCalledTimes(1)
    await rerender(<Suspense><BillingPage client={client} snapshot={null} /></Suspense>)
    await expect.poll(() => container.textContent).toContain('API callsSign in first.')
    expect(client.getSnapshot()).toEqual({ status: 'error', error: { status: 401 } })
  })

  it('asks the server itself when the promise it was given is broken', async () => {
    const fetch = vi.fn(async () => Response.json(mockSnapshot()))
    const broken = Promise.reject<Snapshot>(new Error('no database'))
    await render(<BillingPage client={createBillingClient({ fetch })} snapshot={broken} />)
    await expect.element(bar).toHaveAttribute('aria-valuetext', '3 of 5 calls')
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  it('offers to try again when the promise is broken and the server cannot be reached either', async () => {
    const answers = [new Response(null, { status: 503 }), Response.json(mockSnapshot())]
    const client = createBillingClient({ fetch: async () => answers.shift() ?? Response.error() })
    const broken = Promise.reject<Snapshot>(new Error('no database'))
    await render(
      <BillingProvider client={client} snapshot={broken} live={false}>
        <Suspense fallback="Waiting"><UsageBar feature="apiCalls" label="API calls" /></Suspense>
      </BillingProvider>,
    )
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.element(bar).toHaveAttribute('aria-valuetext', '3 of 5 calls')
    expect(complain.mock.calls).toEqual([])
  })

  it('gives React nothing to complain of when another promise takes the place of one that was waited for', async () => {
    const client = stillClient()
    const ui = (snapshot: Promise<Snapshot>) => (
      <BillingProvider client={client} snapshot={snapshot} live={false}>
        <Suspense fallback="Waiting">
          <PlanBadge />
          <UsageBar feature="apiCalls" label="API calls" />
        </Suspense>
      </BillingProvider>
    )
    let arrive: ((snapshot: Snapshot) => void) | undefined
    const first = new Promise<Snapshot>((resolve) => (arrive = resolve))
    const { rerender } = await render(ui(first))
    arrive?.(mockSnapshot())
    await first
    await rerender(ui(first))
    await rerender(ui(Promise.resolve(mockPaidSnapshot())))
    await expect.element(bar).toHaveAttribute('aria-valuetext', '6 of 500 calls')
    expect(complain.mock.calls).toEqual([])
  })

  it('renders a bounded number of times while it waits for a promise, without a boundary', async () => {
    const server = new EventTarget()
    const slow = new Promise<Snapshot>((resolve) => {
      server.addEventListener('answer', () => resolve(mockSnapshot()))
    })
    const client = stillClient()
    const renders = vi.fn()
    function Count(): null {
      renders()
      return null
    }
    await render(
      <BillingProvider client={client} snapshot={slow}>
        <Count />
        <UsageBar feature="apiCalls" label="API calls" />
      </BillingProvider>,
    )
    expect(renders).toHaveBeenCalled()
    server.dispatchEvent(new Event('answer'))
    await expect.element(bar).toHaveAttribute('aria-valuetext', '3 of 5 calls')
    expect(renders.mock.calls.length).toBeLessThanOrEqual(4)
  })

  it('follows another client', async () => {
    const { rerender } = await render(<BillingPage client={stillClient(mockSnapshot())} />)
    await rerender(<BillingPage client={stillClient(mockPaidSnapshot())} />)
    await expect.element(bar).toHaveAttribute('aria-valuetext', '6 of 500 calls')
  })
})

/** A server that knows who asks, and can be told to wait. */
function createPeople() {
  const people = { customer: 'ann' as string | null, requests: new Array<string>() }
  const gate = new EventTarget()
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const { method, url } = new Request(input)
    const route = `${method} ${new URL(url).pathname.replace('/api/billing', '')}`
    const { customer } = people
    people.requests.push(route)
    if (customer === null) return Response.json({ type: '/problems/unauthenticated', title: '', status: 401 }, { status: 401 })
    if (route === 'POST /portal') await new Promise((resolve) => gate.addEventListener('open', resolve, { once: true }))
    if (route === 'POST /portal') return new Response(null, { status: 503 })
    if (route === 'GET /seats') {
      return Response.json({ seats: { [`${customer}'s seats`]: { used: 1, limit: 5, remaining: 4, members: [] } } })
    }
    return Response.json(mockSnapshot({ customer, planName: `${customer}'s plan` }))
  }
  return { people, gate, fetch, client: () => createBillingClient({ fetch, navigate: () => undefined }) }
}

function Page({ client, snapshot }: { readonly client: BillingClient; readonly snapshot?: Snapshot | undefined }): ReactElement {
  return (
    <BillingProvider client={client} {...(snapshot && { snapshot })} live={false}>
      <PlanBadge />
      <SeatList />
      <PortalButton />
    </BillingProvider>
  )
}

describe('another person', () => {
  it('never sees what the one before saw, with a client of their own', async () => {
    const { people, gate, client } = createPeople()
    const { rerender } = await render(<Page client={client()} />)
    await expect.element(page.getByText("ann's seats")).toBeVisible()
    await page.getByRole('button', { name: 'Manage billing' }).click()
    people.customer = 'bob'
    await rerender(<Page client={client()} />)
    expect(document.body.textContent).not.toContain('ann')
    await expect.element(page.getByRole('button', { name: 'Manage billing' })).not.toHaveAttribute('aria-busy')
    await expect.element(page.getByText("bob's seats")).toBeVisible()
    gate.dispatchEvent(new Event('open'))
    await expect.element(page.getByText("bob's plan")).toBeVisible()
    expect(page.getByText('That did not work.').elements()).toEqual([])
  })

  it('is not shown what the server rendered for the one before', async () => {
    const { people, client } = createPeople()
    const snapshot = mockSnapshot({ customer: 'ann', planName: "ann's plan" })
    const { rerender } = await render(<Page client={client()} snapshot={snapshot} />)
    await expect.element(page.getByText("ann's plan")).toBeVisible()
    people.customer = 'bob'
    const second = client()
    await rerender(<Page client={second} snapshot={snapshot} />)
    expect(document.body.textContent).not.toContain('ann')
    await expect.element(page.getByText("bob's plan")).toBeVisible()
    await rerender(<Page client={second} snapshot={snapshot} />)
    await expect.element(page.getByText("bob's plan")).toBeVisible()
  })

  it('is not shown what the server was slow to tell of the one before', async () => {
    const { client } = createPeople()
    const shared = client()
    let arrive: ((snapshot: Snapshot) => void) | undefined
    const slow = new Promise<Snapshot>((resolve) => (arrive = resolve))
    const { rerender } = await render(<BillingProvider client={shared} snapshot={slow} live={false} />)
    await rerender(<Page client={shared} snapshot={mockSnapshot({ customer: 'bob', planName: "bob's plan" })} />)
    await expect.element(page.getByText("bob's plan")).toBeVisible()
    arrive?.(mockSnapshot({ customer: 'ann', planName: "ann's plan" }))
    await slow
    await Promise.resolve()
    expect(shared.getSnapshot().data?.customer).toBe('bob')
  })

  it('is not shown again what the server rendered for the one before, when the page was hidden meanwhile', async () => {
    const { people, client } = createPeople()
    const shared = client()
    const snapshot = mockSnapshot({ customer: 'ann', planName: "ann's plan" })
    const ui = (mode: 'visible' | 'hidden') => <Activity mode={mode}><Page client={shared} snapshot={snapshot} /></Activity>
    const { rerender } = await render(ui('visible'))
    await expect.element(page.getByText("ann's plan")).toBeVisible()
    people.customer = 'bob'
    await shared.refresh()
    await expect.element(page.getByText("bob's seats")).toBeVisible()
    await rerender(ui('hidden'))
    await rerender(ui('visible'))
    await Promise.resolve(snapshot)
    await expect.element(page.getByText("bob's plan")).toBeVisible()
    expect(shared.getSnapshot().data?.customer).toBe('bob')
  })

  it('never sees what the one before saw, with the same client, nor does somebody who signed out', async () => {
    const { people, client } = createPeople()
    const shared = client()
    await render(<Page client={shared} />)
    await expect.element(page.getByText("ann's seats")).toBeVisible()
    people.customer = 'bob'
    await shared.refresh()
    await expect.element(page.getByText("bob's seats")).toBeVisible()
    expect(document.body.textContent).not.toContain('ann')
    people.customer = null
    await shared.refresh()
    await expect.element(page.getByRole('alert')).toBeVisible()
    await expect.poll(() => document.body.textContent).not.toContain('bob')
    people.customer = 'ann'
    await shared.refresh()
    await expect.element(page.getByText("ann's seats")).toBeVisible()
    expect(document.body.textContent).not.toContain('bob')
  })
})

describe('hooks', () => {
  it('render again only the meter that changed', async () => {
    const features = Array.from({ length: 50 }, (_, index) => `feature${index}`)
    const usageFrom = (used: number) => Object.fromEntries(features.map((feature, index) => [feature, mockUsage(index === 7 ? used : 1, 9)]))
    const client = stillClient(mockSnapshot({ usage: usageFrom(1) }))
    const rendered: string[] = []
    await render(
      <BillingProvider client={client}>
        {features.map((feature) => (
          <Profiler key={feature} id={feature} onRender={(id) => rendered.push(id)}>
            <UsageBar feature={feature as MeteredName} />
          </Profiler>
        ))}
      </BillingProvider>,
    )
    expect(rendered).toHaveLength(50)
    rendered.length = 0
    client.accept(mockSnapshot({ usage: usageFrom(2) }))
    await expect.element(page.getByRole('meter', { name: 'feature7' })).toHaveAttribute('aria-valuenow', '2')
    expect(rendered).toEqual(['feature7'])
    client.observe(new Response(null, { headers: { ratelimit: '"feature7";r=5', 'ratelimit-policy': '"feature7";q=9;qu="call"' } }))
    await expect.element(page.getByRole('meter', { name: 'feature7' })).toHaveAttribute('aria-valuenow', '4')
    expect(rendered).toEqual(['feature7', 'feature7'])
  })

  it('tell what the customer is entitled to, in every state', async () => {
    await render(<BillingProvider client={stillClient()}><Facts /></BillingProvider>)
    await expect.element(page.getByText('pending pending  false function')).toBeVisible()
    await render(<BillingProvider client={stillClient(mockSnapshot())}><Facts /></BillingProvider>)
    await expect.element(page.getByText('success success metered true function')).toBeVisible()
  })
})
