import type { Snapshot } from '@farebox/core/protocol'
import { type ReactElement, Profiler, StrictMode } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BillingPage, stillClient } from '../../test/billing-states.tsx'
import { mockPaidSnapshot, mockSnapshot, mockUsage } from '../testing/mock-snapshot.ts'
import { type MeteredName, BillingProvider, UsageBar, createBillingClient, useBilling, useEntitlement } from '../index.ts'

const bar = page.getByRole('meter', { name: 'API calls' })

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

  it('asks the server itself when the promise it was given is broken', async () => {
    const fetch = vi.fn(async () => Response.json(mockSnapshot()))
    const broken = Promise.reject<Snapshot>(new Error('no database'))
    await render(<BillingPage client={createBillingClient({ fetch })} snapshot={broken} />)
    await expect.element(bar).toHaveAttribute('aria-valuetext', '3 of 5 calls')
    expect(fetch).toHaveBeenCalledTimes(1)
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
