import type { UsageView } from '@farebox/core/protocol'
import { Profiler, type ReactElement } from 'react'
import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BillingProvider, UsageBar, UsageDashboard, type UsageDashboardProps, UsageTable } from '../index.ts'
import { BillingMock, createMockClient, mockSnapshot, mockUsage } from '../testing/index.ts'
import '../styles.css'

const names = Array.from({ length: 50 }, (_, index) => `feature${index}`)

function fifty(change: Record<string, UsageView> = {}) {
  return mockSnapshot({ usage: { ...Object.fromEntries(names.map((name) => [name, mockUsage(10, 1000)])), ...change } })
}

function shown(): (string | null)[] {
  return page.getByRole('meter').elements().map((meter) => meter.getAttribute('aria-label'))
}

/** A dashboard of 50 meters, what each of them rendered, and a way to use something. */
async function showFifty(whole: (count: (name: string) => void) => ReactElement) {
  const renders = new Map<string, number>()
  const client = createMockClient({ snapshot: fifty() })
  const count = (name: string): void => void renders.set(name, (renders.get(name) ?? 0) + 1)
  await render(<BillingProvider client={client} live={false}>{whole(count)}</BillingProvider>)
  renders.clear()
  let usage = { ...fifty().usage }
  /** As the headers of a metered response change it: every other meter stays the very same object. */
  const use = (name: string, used: number): void => {
    usage = { ...usage, [name]: mockUsage(used, 1000) }
    client.accept({ ...mockSnapshot(), usage })
  }
  /** As an answer of the server changes it: everything is a new object. */
  const read = (name: string, used: number): void => client.accept(structuredClone(fifty({ [name]: mockUsage(used, 1000) })))
  return { renders, use, read }
}

function dashboard(count: (name: string) => void) {
  return (
    <Profiler id="dashboard" onRender={() => count('dashboard')}>
      <UsageDashboard>
        {(feature) => (
          <Profiler id={feature} onRender={count}>
            <UsageBar feature={feature} />
          </Profiler>
        )}
      </UsageDashboard>
    </Profiler>
  )
}

describe('UsageDashboard', () => {
  it('shows every meter that the customer has, as the catalog names them', async () => {
    await render(
      <BillingMock
        snapshot={mockSnapshot({ usage: { apiCalls: mockUsage(1, 5), foreign: mockUsage(0, 0), b: mockUsage(5, 5), c: mockUsage(4, 5) } })}
        labels={{ apiCalls: 'API calls' }}
      >
        <UsageDashboard />
      </BillingMock>,
    )
    expect(shown()).toEqual(['API calls', 'b', 'c'])
    await expect.element(page.getByRole('list')).toBeVisible()
    expect(page.getByRole('listitem').elements()).toHaveLength(3)
  })

  it.each<[string, Pick<UsageDashboardProps, 'features' | 'order'>, string[]]>([
    ['what is nearest to its limit first', { order: 'pressing' }, ['tokens', 'c', 'apiCalls']],
    ['what it is told, in this order', { features: ['tokens', 'apiCalls'] }, ['tokens', 'apiCalls']],
  ])('shows %s', async (_, props, order) => {
    await render(
      <BillingMock snapshot={mockSnapshot({ usage: { apiCalls: mockUsage(1, 5), tokens: mockUsage(5, 5), c: mockUsage(4, 5) } })}>
        <UsageDashboard {...props} />
      </BillingMock>,
    )
    expect(shown()).toEqual(order)
  })

  it('moves a meter only when it crosses a threshold, and says so once', async () => {
    const client = createMockClient({ snapshot: mockSnapshot({ usage: { a: mockUsage(10, 100), b: mockUsage(20, 100) } }) })
    await render(
      <BillingProvider client={client} live={false}>
        <UsageDashboard order="pressing" />
      </BillingProvider>,
    )
    const [, second] = page.getByRole('meter').elements()
    const spoken = page.getByRole('status')
    expect(spoken.elements()).toHaveLength(1)
    client.accept(mockSnapshot({ usage: { a: mockUsage(10, 100), b: mockUsage(79, 100) } }))
    await expect.element(page.getByRole('meter', { name: 'b' })).toHaveAttribute('aria-valuenow', '79')
    expect(shown()).toEqual(['a', 'b'])
    expect(spoken.element().textContent).toBe('')
    client.accept(mockSnapshot({ usage: { a: mockUsage(10, 100), b: mockUsage(80, 100) } }))
    await expect.poll(shown).toEqual(['b', 'a'])
    expect(spoken.element().textContent).toBe('b: 80 of 100 calls, 20 left')
    expect(page.getByRole('meter', { name: 'b' }).element()).toBe(second)
  })

  it('keeps bars that are beside each other at one height, whatever their words', async () => {
    await page.viewport(880, 600)
    const usage = { a: mockUsage(1, 5), tokens: mockUsage(1_700_000, 2_000_000, { unit: 'token', reserved: 40_000 }), c: mockUsage(3, null) }
    const { container } = await render(<BillingMock snapshot={mockSnapshot({ usage })}><UsageDashboard /></BillingMock>)
    const heights = (selector: string): number[] => [...container.querySelectorAll(selector)].map((one) => one.getBoundingClientRect().bottom)
    expect(new Set(heights('li')).size).toBe(1)
    expect(new Set(heights('[data-slot=usage-bar-track]')).size).toBe(1)
    await page.viewport(800, 600)
  })

  it('renders the one meter of 50 that changed', async () => {
    const { renders, use, read } = await showFifty(dashboard)
    use('feature7', 11)
    await expect.element(page.getByRole('meter', { name: 'feature7' })).toHaveAttribute('aria-valuenow', '11')
    expect(renders.get('feature7')).toBe(1)
    read('feature7', 12)
    await expect.element(page.getByRole('meter', { name: 'feature7' })).toHaveAttribute('aria-valuenow', '12')
    expect(Object.fromEntries(renders)).toEqual({ feature7: 2, dashboard: 2 })
  })

  it('renders one meter for each of 1,000 changes', async () => {
    const { renders, use } = await showFifty(dashboard)
    for (let change = 0; change < 1000; change += 1) {
      use(names[change % 50]!, 11 + Math.floor(change / 50))
      // Each is seen for itself, as if it came with a response of its own.
      await Promise.resolve()
    }
    await expect.element(page.getByRole('meter', { name: 'feature49' })).toHaveAttribute('aria-valuenow', '30')
    const { dashboard: commits = 0, ...meters } = Object.fromEntries(renders)
    expect(Object.keys(meters)).toHaveLength(50)
    expect(Math.max(...Object.values(meters))).toBeLessThanOrEqual(20)
    expect(Object.values(meters).reduce((sum, count) => sum + count)).toBe(commits)
  })
})

describe('what is said', () => {
  it('is all that happened at once, and no more than that', async () => {
    const client = createMockClient({ snapshot: mockSnapshot({ usage: { a: mockUsage(10, 100), b: mockUsage(20, 100) } }) })
    await render(
      <BillingProvider client={client} live={false}>
        <UsageDashboard />
      </BillingProvider>,
    )
    const spoken = page.getByRole('status')
    client.accept(mockSnapshot({ usage: { a: mockUsage(80, 100), b: mockUsage(100, 100) } }))
    await expect.poll(() => spoken.element().textContent).toBe('a: 80 of 100 calls, 20 left\nb: 100 of 100 calls, limit reached')
    client.accept(mockSnapshot({ usage: { a: mockUsage(95, 100), b: mockUsage(100, 100) } }))
    await expect.poll(() => spoken.element().textContent).toBe('a: 95 of 100 calls, 5 left')
  })
})

describe('UsageTable', () => {
  it('renders no other row than that which changed', async () => {
    const { use } = await showFifty(() => <UsageTable />)
    const rows = page.getByRole('row').elements()
    const changed: Node[] = []
    const observer = new MutationObserver((records) => changed.push(...records.map(({ target }) => target)))
    observer.observe(rows[0]!.closest('table')!, { subtree: true, childList: true, characterData: true, attributes: true })
    use('feature7', 900)
    await expect.poll(() => rows[8]?.textContent).toContain('900of\u{A0}1,000 calls')
    observer.disconnect()
    expect(changed.length).toBeGreaterThan(0)
    expect(changed.every((node) => rows[8]?.contains(node))).toBe(true)
  })

  it('names its columns and its rows', async () => {
    await render(
      <BillingMock
        labels={{ apiCalls: 'API calls', tokens: 'Tokens' }}
        snapshot={mockSnapshot({ usage: { apiCalls: mockUsage(1200, 5000), tokens: mockUsage(7, null, { unit: 'token' }), c: mockUsage(9, 9) } })}
      >
        <UsageTable />
      </BillingMock>,
    )
    const table = page.getByRole('region', { name: 'Usage' }).getByRole('table', { name: 'Usage' })
    expect(table.getByRole('columnheader').elements().map((cell) => cell.textContent)).toEqual(['Feature', 'Used', 'Left'])
    const rows = table.getByRole('row').elements().slice(1)
    expect(rows.map((row) => [...row.children].map((cell) => cell.textContent))).toEqual([
      ['API calls', '1,200of\u{A0}5,000 calls', '3,800Resets Dec 1, 2026'],
      ['Tokens', '7 tokens', 'no limitResets Dec 1, 2026'],
      ['c', '9of\u{A0}9 calls', 'limit reachedResets Dec 1, 2026'],
    ])
    expect(table.getByRole('rowheader').elements()).toHaveLength(3)
  })

  it('says so of what the plan does not have, where it is asked for', async () => {
    await render(
      <BillingMock snapshot={mockSnapshot({ usage: { tokens: mockUsage(0, 0) } })}>
        <UsageTable features={['tokens']} />
      </BillingMock>,
    )
    const [, row] = page.getByRole('row').elements()
    expect([...(row?.children ?? [])].map((cell) => cell.textContent)).toEqual(['tokens', '0 calls', 'not in your plan'])
  })
})
