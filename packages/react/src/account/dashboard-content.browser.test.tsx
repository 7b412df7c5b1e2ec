import { beforeEach, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BillingMock, mockPaidSnapshot } from '../testing/index.ts'
import { BillingDashboard } from './billing-dashboard.tsx'
import '../styles.css'

/** What is to be loaded is gone, as after a new version of the app has taken its place. */
const { asked, gone } = vi.hoisted(() => {
  const names: string[] = []
  return {
    asked: names,
    gone: (name: string): never => {
      names.push(name)
      throw new TypeError('Failed to fetch dynamically imported module')
    },
  }
})

vi.mock(import('./manager-sections.tsx'), () => ({ get managerSections() { return gone('sections') } }))

beforeEach(() => {
  asked.length = 0
})

it('shows what the snapshot tells also where the code of the other sections cannot be loaded, and says so in each of them', async () => {
  await render(<BillingMock snapshot={mockPaidSnapshot()} labels={{ apiCalls: 'API calls' }}><BillingDashboard /></BillingMock>)
  await expect.element(page.getByRole('meter', { name: 'API calls' })).toBeVisible()
  for (const name of ['Seats', 'Next bill', 'Payment method', 'Invoices', 'Change plan']) {
    const alert = page.getByRole('region', { name, exact: true }).getByRole('alert')
    await expect.element(alert).toHaveTextContent('Could not load. Try again')
  }
  expect(page.getByRole('alert').elements()).toHaveLength(5)
})

it('does not ask for the code of what only managers see, for who is none', async () => {
  await render(<BillingMock snapshot={mockPaidSnapshot({ canManageBilling: false })}><BillingDashboard /></BillingMock>)
  await expect.element(page.getByText('Invoices, payment and plan changes are for people who manage billing.')).toBeVisible()
  expect(page.getByRole('alert').elements()).toEqual([])
  expect(asked).toEqual([])
})

it('does not ask for it before it is known who looks, and keeps the room', async () => {
  const { container } = await render(<BillingMock snapshot={null} server="loading"><BillingDashboard sections={['plan', 'invoices']} /></BillingMock>)
  await expect.poll(() => container.querySelectorAll('[data-section=invoices] [data-slot=skeleton-line]')).toHaveLength(8)
  expect(asked).toEqual([])
})
