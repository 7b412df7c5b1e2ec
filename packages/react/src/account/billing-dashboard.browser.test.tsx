import type { ReactElement } from 'react'
import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BillingMock, type BillingMockProps, mockPaidSnapshot, mockUsage } from '../testing/index.ts'
import { BillingDashboard } from '../index.ts'
import '../styles.css'

function show(ui: ReactElement = <BillingDashboard />, props: BillingMockProps = {}) {
  return render(<BillingMock snapshot={mockPaidSnapshot()} labels={{ apiCalls: 'API calls' }} {...props}>{ui}</BillingMock>)
}

function headings(level: number): readonly string[] {
  return page.getByRole('heading', { level }).elements().map(({ textContent }) => textContent ?? '')
}

const all = ['Plan', 'Billing period', 'Usage', 'Credits', 'Seats', 'Next bill', 'Payment method', 'Invoices', 'Change plan']

describe('BillingDashboard', () => {
  it('has a landmark, and one below it for each section, named by its heading', async () => {
    await show()
    await expect.element(page.getByRole('region', { name: 'Billing', exact: true })).toBeVisible()
    for (const name of all) {
      const region = page.getByRole('region', { name, exact: true })
      await expect.element(region).toBeVisible()
      await expect.element(region.getByRole('heading', { name, level: 2 })).toBeVisible()
    }
  })

  it('has its cards in columns, those of usage as well', async () => {
    await page.viewport(760, 800)
    const { usage } = mockPaidSnapshot()
    const { container } = await show(undefined, { snapshot: mockPaidSnapshot({ usage: { ...usage, tokens: mockUsage(1, 5) } }) })
    await expect.element(page.getByText('tokens')).toBeVisible()
    const lefts = [...container.querySelectorAll('[data-section=plan], [data-section=period], [data-slot=usage-dashboard-item]')].map((one) => one.getBoundingClientRect().left)
    await page.viewport(414, 896)
    expect(lefts).toHaveLength(4)
    expect(new Set(lefts).size).toBe(2)
  })

  it('shows any of its sections in any order', async () => {
    await show(<BillingDashboard sections={['invoices', 'plan']} />)
    expect(headings(2)).toEqual(['Invoices', 'Plan'])
    await expect.element(page.getByRole('link', { name: 'PDF of invoice F-0001' })).toBeVisible()
  })

  it('takes sections of your own, at the level of your page', async () => {
    await show(
      <BillingDashboard.Root level={3} className="mine">
        <BillingDashboard.Section title="Team"><p>Ann and Bob</p></BillingDashboard.Section>
        <BillingDashboard.Section name="invoices" title="Receipts">none</BillingDashboard.Section>
      </BillingDashboard.Root>,
    )
    expect(headings(3)).toEqual(['Team', 'Receipts'])
    await expect.element(page.getByRole('region', { name: 'Team' })).toHaveTextContent('TeamAnn and Bob')
    await expect.element(page.getByRole('region', { name: 'Receipts' })).toHaveTextContent('Receiptsnone')
    await expect.element(page.getByRole('region', { name: 'Billing' })).toHaveClass('mine')
  })

  it('has the names of plans one level below its headings, as deep as headings go', async () => {
    const { rerender } = await show(<BillingDashboard level={4} sections={['planChange']} />)
    await expect.poll(() => headings(5)).toEqual(['Free ', 'Pro Recommended', 'Enterprise '])
    await rerender(<BillingMock snapshot={mockPaidSnapshot()}><BillingDashboard level={6} sections={['planChange']} /></BillingMock>)
    await expect.poll(() => headings(6)).toEqual(['Change plan', 'Free ', 'Pro Recommended', 'Enterprise '])
  })

  it('says what a section is once: what stands in it has no title of its own, with styles or without', async () => {
    const { container } = await show()
    await expect.element(page.getByRole('link', { name: 'PDF of invoice F-0001' })).toBeVisible()
    await expect.poll(() => container.querySelector('[aria-busy=true]')).toBeNull()
    for (const name of ['Credits', 'Seats', 'Next bill', 'Payment method', 'Invoices']) {
      const { textContent } = page.getByRole('region', { name, exact: true }).element()
      expect(textContent?.split(name)[0]).toBe('')
      expect(textContent?.slice(name.length)).not.toMatch(`^${name}`)
    }
  })

  it('stands where routes are missing, each section by itself', async () => {
    const missing = { 'GET /invoices': {}, 'GET /upcoming': {}, 'GET /payment-methods': {}, 'GET /seats': {}, 'GET /plans': {} }
    await show(undefined, { answers: missing })
    await expect.element(page.getByRole('region', { name: 'Invoices' })).toHaveTextContent('InvoicesCould not load. Try again')
    await expect.element(page.getByRole('meter', { name: 'API calls' })).toBeVisible()
    expect(headings(2)).toEqual(all)
  })

  it('tells who may not manage the billing so once, in place of everything about money', async () => {
    await show(undefined, { snapshot: mockPaidSnapshot({ canManageBilling: false }) })
    expect(headings(2)).toEqual(['Plan', 'Billing period', 'Usage', 'Credits'])
    expect(page.getByText('Invoices, payment and plan changes are for people who manage billing.').elements()).toHaveLength(1)
  })

  it('has no heading for notices, and shows all that there are', async () => {
    const at = '2026-12-21T06:30:00.000Z'
    const notices = [{ kind: 'paused', at }, { kind: 'cancellation-scheduled', at }] as const
    const { container } = await show(<BillingDashboard sections={['notices']} />, { snapshot: mockPaidSnapshot({ notices }) })
    expect([...container.querySelectorAll('[data-notice]')].map((notice) => notice.getAttribute('data-notice'))).toEqual(['paused', 'cancellation-scheduled'])
    expect(headings(2)).toEqual([])
  })

  it.each([[320, 1], [1000, 2]])('lays its sections beside each other as there is room, %i px', async (width, columns) => {
    await page.viewport(1200, 800)
    const { container } = await show(<div style={{ inlineSize: width }}><BillingDashboard sections={['plan', 'period']} /></div>)
    const starts = [...container.querySelectorAll('[data-slot=dashboard-section]')].map((section) => section.getBoundingClientRect().left)
    expect(new Set(starts).size).toBe(columns)
    await page.viewport(800, 600)
  })

  it('moves nothing of what is above when a section has loaded', async () => {
    const { container } = await show(<BillingDashboard sections={['plan', 'usage', 'invoices']} />)
    const top = () => container.querySelector('[data-section=invoices]')?.getBoundingClientRect().top
    const before = top()
    await expect.element(page.getByRole('link', { name: 'PDF of invoice F-0001' })).toBeVisible()
    expect(top()).toBe(before)
  })
})
