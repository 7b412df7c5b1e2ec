import { expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../test/billing-server.ts'
import { quotaExceeded } from '../../test/billing-states.tsx'
import { mockPaidSnapshot } from '../testing/mock-snapshot.ts'
import { BillingProvider, CancelFlow, PricingTable, UpgradePrompt } from '../index.ts'

// What is to be loaded is gone, as after a new version of the app has taken its place.
vi.mock(import('./change-dialog.tsx'), () => ({
  get ChangeDialog(): never {
    throw new TypeError('Failed to fetch dynamically imported module')
  },
  get CancelDialog(): never {
    throw new TypeError('Failed to fetch dynamically imported module')
  },
}))

it.each([
  ['PricingTable, to change', 'Downgrade to Free', <PricingTable key="table" />],
  ['UpgradePrompt', 'Upgrade to Pro', <UpgradePrompt key="prompt" problem={quotaExceeded} />],
  ['CancelFlow', 'Cancel subscription', <CancelFlow key="flow" />],
])('%s says in its dialog that it could not be loaded, asks the server for nothing, and gives the focus back', async (_, name, ui) => {
  const { client, sent, visited } = createBillingServer({}, mockPaidSnapshot())
  await render(<BillingProvider client={client} live={false}>{ui}</BillingProvider>)
  const button = page.getByRole('button', { name, exact: true })
  await button.click()
  const dialog = page.getByRole('dialog')
  await expect.element(dialog.getByRole('alert')).toHaveTextContent('Could not load. Try again')
  await userEvent.tab()
  await expect.element(dialog.getByRole('button', { name: 'Try again' })).toHaveFocus()
  await userEvent.keyboard('{Escape}')
  await expect.element(dialog).not.toBeInTheDocument()
  await expect.element(button).toHaveFocus()
  await expect.element(button).toBeEnabled()
  expect([sent, visited]).toEqual([[], []])
})
