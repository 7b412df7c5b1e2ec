import type { ReactElement } from 'react'
import { expect, it } from 'vitest'
import { render } from 'vitest-browser-react'
import { CancelFlow, CreditLedger, PricingCalculator, UsageTable } from '../index.ts'
import { BillingMock, mockPaidSnapshot } from '../testing/index.ts'
import '../styles.css'

const grants = [1, 2].map((number) => ({
  id: `g${number}`, feature: 'apiCalls', amount: 100, used: 0, remaining: 100, priority: 0, effectiveAt: '2026-11-01T00:00:00.000Z', expiresAt: null,
}))

it.each<[name: string, ui: ReactElement]>([
  ['UsageTable', <UsageTable key="table" />],
  ['CreditLedger', <CreditLedger key="ledger" />],
  ['PricingCalculator', <PricingCalculator key="calculator" interval="year" />],
  ['CancelFlow', <CancelFlow key="flow" />],
])('keeps the room of what comes: %s', async (_name, ui) => {
  const { container } = await render(
    <>
      <div><BillingMock snapshot={null} server="loading">{ui}</BillingMock></div>
      <div><BillingMock snapshot={mockPaidSnapshot({ grants })}>{ui}</BillingMock></div>
    </>,
  )
  const [before, after] = container.children
  await expect.poll(() => after?.querySelector('[aria-busy]')).toBeNull()
  expect(before?.querySelector('[aria-busy]')).not.toBeNull()
  const [loading = 0, loaded = 0] = [before, after].map((one) => one?.getBoundingClientRect().height)
  // But for a row, of which nobody knows how many there are.
  expect(loading).toBeGreaterThan(loaded - 52)
  expect(loading).toBeLessThan(loaded + 52)
})
