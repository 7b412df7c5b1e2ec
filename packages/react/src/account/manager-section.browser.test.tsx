import { expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BillingMock, mockPaidSnapshot } from '../testing/index.ts'
import { BillingDashboard } from '../index.ts'
import '../styles.css'

// What is to be loaded is gone, as after a new version of the app has taken its place.
vi.mock(import('./manager-section.tsx'), () => ({
  get ManagerSection(): never {
    throw new TypeError('Failed to fetch dynamically imported module')
  },
}))

it('shows what the snapshot tells also where the code of the other sections cannot be loaded, and says so in each of them', async () => {
  await render(<BillingMock snapshot={mockPaidSnapshot()} labels={{ apiCalls: 'API calls' }}><BillingDashboard /></BillingMock>)
  await expect.element(page.getByRole('meter', { name: 'API calls' })).toBeVisible()
  for (const name of ['Seats', 'Next bill', 'Payment method', 'Invoices', 'Change plan']) {
    const alert = page.getByRole('region', { name, exact: true }).getByRole('alert')
    await expect.element(alert).toHaveTextContent('Could not load. Try again')
  }
})

it('is not there for who may not manage the billing', async () => {
  await render(<BillingMock snapshot={mockPaidSnapshot({ canManageBilling: false })}><BillingDashboard /></BillingMock>)
  await expect.element(page.getByRole('region', { name: 'Plan', exact: true })).toBeVisible()
  expect(page.getByRole('alert').elements()).toEqual([])
})
