import type { ReactElement } from 'react'
import { expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../test/billing-server.ts'
import {
  BillingProvider, CreditBalance, CreditLedger, InvoiceList, PaymentMethodList, PricingTable, SeatList, UpcomingBill, UsageChart, UsageDashboard,
  UsageTable,
} from '../index.ts'
import { mockSnapshot } from '../testing/index.ts'
import '../styles.css'

const history = { feature: 'apiCalls', unit: 'call', asOf: '2026-11-21T06:30:00.000Z', periods: [] }

it.each<[name: string, ui: ReactElement]>([
  ['UsageDashboard', <UsageDashboard key="list" />],
  ['UsageTable', <UsageTable key="list" />],
  ['UsageChart', <UsageChart key="list" feature="apiCalls" />],
  ['CreditBalance', <CreditBalance key="list" />],
  ['CreditLedger', <CreditLedger key="list" />],
  ['InvoiceList', <InvoiceList key="list" />],
  ['PaymentMethodList', <PaymentMethodList key="list" />],
  ['UpcomingBill', <UpcomingBill key="list" />],
  ['SeatList', <SeatList key="list" />],
  ['PricingTable', <PricingTable key="list" />],
])('that nothing was there may be outdated as well: %s', async (_name, ui) => {
  let isDown = false
  const answer = (found: object) => () => (isDown ? new Response(null, { status: 503 }) : found)
  const { client } = createBillingServer({
    'GET /me': answer(mockSnapshot({ usage: {}, grants: [], canManageBilling: true })),
    'GET /usage': answer(history),
    'GET /invoices': answer({ invoices: [], next: null }),
    'GET /payment-methods': answer({ paymentMethods: [] }),
    'GET /upcoming': answer({ upcoming: null }),
    'GET /seats': answer({ seats: {} }),
    'GET /plans': answer({ plans: [] }),
  })
  const { container } = await render(<BillingProvider client={client}>{ui}</BillingProvider>)
  await expect.poll(() => container.querySelector('[data-slot=empty-state]')).not.toBeNull()
  expect(page.getByText('outdated').elements()).toEqual([])
  isDown = true
  dispatchEvent(new Event('online'))
  await expect.element(page.getByText('outdated')).toBeVisible()
  expect(container.querySelector('[data-slot=empty-state]')).not.toBeNull()
})
