import type { Snapshot } from '@farebox/core/protocol'
import type { ReactElement } from 'react'
import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BillingMock, createMockClient, mockPaidSnapshot, mockSnapshot, mockUsage } from '../testing/index.ts'
import { BillingProvider, FeatureGate, PlanGate, QuotaGate } from '../index.ts'

async function text(ui: ReactElement, snapshot: Snapshot | null, server: 'answers' | 'loading' | 'failing' = 'answers'): Promise<string> {
  const { container } = await render(<BillingMock snapshot={snapshot} server={server}><div data-testid="gate">{ui}</div></BillingMock>)
  return container.querySelector('[data-testid=gate]')?.textContent ?? ''
}

const gates: readonly [string, (more: { loading?: string }) => ReactElement, Snapshot, Snapshot][] = [
  ['PlanGate', (more) => <PlanGate plan="pro" fallback="closed" {...more}>open</PlanGate>, mockPaidSnapshot(), mockSnapshot()],
  ['FeatureGate', (more) => <FeatureGate feature="apiCalls" fallback="closed" {...more}>open</FeatureGate>, mockSnapshot(), mockSnapshot({ usage: {}, entitlements: {} })],
  [
    'QuotaGate', (more) => <QuotaGate feature="apiCalls" amount={2} fallback="closed" {...more}>open</QuotaGate>, mockSnapshot(),
    mockSnapshot({ usage: { apiCalls: mockUsage(4, 5) } }),
  ],
]

describe.each(gates)('%s', (_, gate, opened, closed) => {
  it('shows its children or the fallback', async () => {
    expect(await text(gate({}), opened)).toBe('open')
    expect(await text(gate({}), closed)).toBe('closed')
  })

  it('shows the fallback while it is loading, unless there is something for that', async () => {
    expect(await text(gate({}), null, 'loading')).toBe('closed')
    expect(await text(gate({ loading: 'loading' }), null, 'loading')).toBe('loading')
  })

  it('shows the fallback where nothing could be read', async () => {
    await text(gate({ loading: 'loading' }), null, 'failing')
    await expect.element(page.getByTestId('gate')).toHaveTextContent('closed')
  })

  it('follows the snapshot', async () => {
    const client = createMockClient({ snapshot: closed })
    await render(<BillingProvider client={client} live={false}><div data-testid="gate">{gate({})}</div></BillingProvider>)
    await expect.element(page.getByTestId('gate')).toHaveTextContent('closed')
    client.accept({ ...opened, entitlementVersion: 9 })
    await expect.element(page.getByTestId('gate')).toHaveTextContent('open')
  })
})

describe('gates', () => {
  it('give functions what they know', async () => {
    expect(await text(<PlanGate plan={['free', 'pro']}>{(plan) => `on ${plan}`}</PlanGate>, mockSnapshot())).toBe('on free')
    expect(await text(<FeatureGate feature="apiCalls">{({ terms }) => terms?.kind}</FeatureGate>, mockSnapshot())).toBe('metered')
    expect(await text(<QuotaGate feature="apiCalls">{({ remaining }) => `${remaining} left`}</QuotaGate>, mockSnapshot())).toBe('2 left')
  })

  it('open for what has no limit, and for what is billed beyond it', async () => {
    const unlimited = mockSnapshot({ usage: { apiCalls: mockUsage(9, null) } })
    const billed = mockSnapshot({ usage: { apiCalls: mockUsage(5, 5, { remaining: null, overage: 3 }) } })
    expect(await text(<QuotaGate feature="apiCalls">open</QuotaGate>, unlimited)).toBe('open')
    expect(await text(<QuotaGate feature="apiCalls">open</QuotaGate>, billed)).toBe('open')
  })

  it('are open for a feature of which nothing is left, for it is there', async () => {
    const spent = mockSnapshot({ usage: { apiCalls: mockUsage(5, 5) } })
    expect(await text(<FeatureGate feature="apiCalls" fallback="closed">open</FeatureGate>, spent)).toBe('open')
    expect(await text(<QuotaGate feature="apiCalls" fallback="closed">open</QuotaGate>, spent)).toBe('closed')
  })
})
