import type { UsageHistoryView } from '@farebox/core/protocol'
import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BillingProvider, UsageChart, createBillingClient } from '../index.ts'
import { BillingMock, mockSnapshot } from '../testing/index.ts'
import '../styles.css'

const view: UsageHistoryView = {
  feature: 'apiCalls',
  unit: 'call',
  periods: [
    { periodStart: '2026-08-01T00:00:00.000Z', used: 250, overage: 0 },
    { periodStart: '2026-09-01T00:00:00.000Z', used: 1_000, overage: 500 },
    { periodStart: '2026-11-01T00:00:00.000Z', used: 500, overage: 0 },
  ],
}

async function show(history: UsageHistoryView = view, locale = 'en'): Promise<HTMLElement> {
  const { container } = await render(
    <BillingMock answers={{ 'GET /usage': history }} labels={{ apiCalls: 'API calls' }} locale={locale}>
      <UsageChart feature="apiCalls" />
    </BillingMock>,
  )
  await expect.element(page.getByRole('link', { name: 'Download CSV' })).toBeVisible()
  return container
}

function boxes(container: HTMLElement, slot: string): DOMRect[] {
  return [...container.querySelectorAll(`rect[data-slot=${slot}]`)].map((bar) => bar.getBoundingClientRect())
}

describe('UsageChart', () => {
  it('stacks overage on what was used, and leaves room for a month without use', async () => {
    const container = await show()
    const plot = container.querySelector('svg')!.getBoundingClientRect()
    const used = boxes(container, 'usage-chart-used')
    const overage = boxes(container, 'usage-chart-overage')
    for (const [index, height] of [1 / 6, 4 / 6, 2 / 6].entries()) expect(used[index]!.height / plot.height).toBeCloseTo(height, 2)
    expect(overage[1]!.height / plot.height).toBeCloseTo(2 / 6, 2)
    expect(overage[1]!.bottom).toBeCloseTo(used[1]!.top, 0)
    expect(used.map(({ bottom }) => bottom)).toEqual([plot.bottom, plot.bottom, plot.bottom].map((bottom) => expect.closeTo(bottom, 0)))
    expect((used[2]!.left - used[1]!.left) / (used[1]!.left - used[0]!.left)).toBeCloseTo(2, 1)
    await expect.element(page.getByText('Overage').first()).toBeInTheDocument()
  })

  it('runs in the direction of reading', async () => {
    document.documentElement.dir = 'rtl'
    const container = await show()
    const [first, second] = boxes(container, 'usage-chart-used')
    expect(first!.left).toBeGreaterThan(second!.left)
    const [label] = [...container.querySelectorAll('[data-slot=usage-chart-axis] > *')].map((one) => one.getBoundingClientRect())
    expect(label!.left).toBeGreaterThanOrEqual(first!.left)
    expect(label!.left).toBeLessThanOrEqual(first!.right)
    document.documentElement.removeAttribute('dir')
  })

  it('shows its figures, which a pointer reads off its bars, to who comes to them by keyboard, and moves nothing', async () => {
    const container = await show()
    const below = page.getByRole('link', { name: 'Download CSV' }).element()
    const before = below.getBoundingClientRect().top
    await userEvent.tab()
    const table = container.querySelector('[data-slot=usage-chart-table]')!
    expect(document.activeElement).toBe(table)
    expect(table.getBoundingClientRect().height).toBeGreaterThan(100)
    const cell = page.getByRole('cell', { name: '500 calls' }).first().element().getBoundingClientRect()
    expect(document.elementFromPoint(cell.left + cell.width / 2, cell.top + cell.height / 2)?.closest('table')).not.toBeNull()
    expect(below.getBoundingClientRect().top).toBe(before)
    await userEvent.tab()
    await expect.element(page.getByRole('link', { name: 'Download CSV' })).toHaveFocus()
    expect(table.getBoundingClientRect().height).toBe(1)
  })

  it('offers the file as a link that is seen to be one', async () => {
    await show()
    expect(getComputedStyle(page.getByRole('link', { name: 'Download CSV' }).element()).textDecorationLine).toBe('underline')
  })

  it.each([320, 800])('keeps its dates apart, %i wide', async (width) => {
    await page.viewport(width, 600)
    const periods = Array.from({ length: 48 }, (_, hour) => ({ periodStart: new Date(Date.UTC(2026, 10, 19, hour)).toISOString(), used: hour, overage: 0 }))
    const container = await show({ ...view, periods }, 'ar')
    const dates = [...container.querySelectorAll('[data-slot=usage-chart-axis] > *')].map((date) => {
      const range = document.createRange()
      range.selectNodeContents(date)
      return range.getBoundingClientRect()
    })
    const shown = dates.filter(({ width: wide }) => wide > 0).toSorted((one, other) => one.left - other.left)
    expect(shown.length).toBe(width === 320 ? 2 : 4)
    for (const [index, { left }] of shown.entries()) expect(left).toBeGreaterThan(shown[index - 1]?.right ?? -Infinity)
    await page.viewport(800, 600)
  })

  it('tells the same in a table to those who do not see it', async () => {
    await show()
    const table = page.getByRole('figure', { name: 'API calls over time' }).getByRole('table')
    expect(table.getByRole('row').elements().map((row) => [...row.children].map((cell) => cell.textContent))).toEqual([
      ['Period from', 'Used', 'Overage'],
      ['Aug 1, 2026', '250 calls', '0 calls'],
      ['Sep 1, 2026', '1,000 calls', '500 calls'],
      ['Nov 1, 2026', '500 calls', '0 calls'],
    ])
  })

  it('shows the table to everybody where there are no styles', async () => {
    const container = await show()
    const wrapper = container.querySelector('[data-slot=usage-chart-table]')!
    expect(wrapper.getBoundingClientRect().width).toBe(1)
    for (const sheet of document.styleSheets) sheet.disabled = true
    expect(wrapper.getBoundingClientRect().width).toBeGreaterThan(100)
    for (const sheet of document.styleSheets) sheet.disabled = false
  })

  it('exports raw values, whatever the locale', async () => {
    await show({ ...view, unit: '=cmd' }, 'de-DE')
    const link = page.getByRole('link', { name: 'Download CSV' }).element()
    expect(link.getAttribute('download')).toBe('apiCalls.csv')
    const file = await fetch(link.getAttribute('href') ?? '')
    expect(file.headers.get('content-type')).toBe('text/csv;charset=utf-8')
    // What Excel knows UTF-8 by, which reading as text leaves out.
    expect([...new Uint8Array(await file.clone().arrayBuffer()).slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(await file.text()).toBe(
      "feature,unit,periodStart,used,overage\r\n" +
        "apiCalls,'=cmd,2026-08-01T00:00:00.000Z,250,0\r\n" +
        "apiCalls,'=cmd,2026-09-01T00:00:00.000Z,1000,500\r\n" +
        "apiCalls,'=cmd,2026-11-01T00:00:00.000Z,500,0\r\n",
    )
  })

  it('explains overage only where there is any, and writes hours of periods that are short', async () => {
    const periods = [
      { periodStart: '2026-11-21T05:00:00.000Z', used: 3, overage: 0 },
      { periodStart: '2026-11-21T06:00:00.000Z', used: 2, overage: 0 },
    ]
    const container = await show({ ...view, periods })
    expect(container.querySelector('[data-slot=usage-chart-legend]')?.textContent).toBe('Used')
    await expect.element(page.getByRole('rowheader', { name: 'Nov 21, 2026, 5:00 AM' })).toBeInTheDocument()
  })

  it('asks for the periods that it is told, and again after a failure', async () => {
    const asked: string[] = []
    let answer = new Response(null, { status: 503 })
    const client = createBillingClient({
      initialSnapshot: mockSnapshot(),
      fetch: async (input) => {
        asked.push(decodeURIComponent(new Request(input).url.split('/billing')[1] ?? ''))
        return answer.clone()
      },
    })
    await render(
      <BillingProvider client={client} live={false}>
        <UsageChart feature="apiCalls" from="2026-08-01T00:00:00.000Z" to="2026-12-01T00:00:00.000Z" />
      </BillingProvider>,
    )
    const retry = page.getByRole('button', { name: 'Try again' })
    await expect.element(retry).toBeVisible()
    expect(asked).toEqual(['/usage?feature=apiCalls&from=2026-08-01T00:00:00.000Z&to=2026-12-01T00:00:00.000Z'])
    answer = Response.json(view)
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('link', { name: 'Download CSV' })).toBeVisible()
    expect(asked).toHaveLength(2)
  })

  it.each(['loading', 'failing'] as const)('takes the same room, %s', async (server) => {
    const loaded = await show()
    const height = loaded.querySelector('figure')!.getBoundingClientRect().height
    const { container } = await render(
      <BillingMock server={server}>
        <UsageChart feature="apiCalls" />
      </BillingMock>,
    )
    expect(container.querySelector('figure')!.getBoundingClientRect().height).toBe(height)
    await expect.element(page.getByRole('figure').nth(1).getByRole('link')).not.toBeInTheDocument()
  })

  it('can be taken apart', async () => {
    await render(
      <BillingMock>
        <UsageChart.Root feature="apiCalls" label="Calls" className={({ history }) => history.status}>
          <UsageChart.Title render={<figcaption id="title" />} />
          <UsageChart.Export className="button">CSV</UsageChart.Export>
        </UsageChart.Root>
      </BillingMock>,
    )
    await expect.element(page.getByRole('link', { name: 'CSV' })).toHaveClass('button')
    await expect.element(page.getByRole('figure', { name: 'Calls over time' })).toHaveClass('success')
  })
})
