import type * as React from 'react'
import { BillingNotice } from '../notices/billing-notice.tsx'
import { TrialCountdown } from '../notices/trial-countdown.tsx'
import { useNotices } from '../notices/use-notices.ts'
import { BillingPeriod } from '../plans/billing-period.tsx'
import { PlanBadge } from '../plans/plan-badge.tsx'
import { PricingTable } from '../plans/pricing-table.tsx'
import { CreditBalance } from '../usage/credit-balance.tsx'
import { UsageDashboard } from '../usage/usage-dashboard.tsx'
import type { DashboardSection } from './dashboard-messages.ts'
import { InvoiceList } from './invoice-list.tsx'
import { PaymentMethodList } from './payment-method-list.tsx'
import { SeatList } from './seat-list.tsx'
import { UpcomingBill } from './upcoming-bill.tsx'

/** What stands in a section unless something else is given. */
export function dashboardContent(section: DashboardSection): React.ReactElement {
  switch (section) {
    case 'notices':
      return <Notices />
    case 'plan':
      return <div data-surface=""><div data-row=""><PlanBadge /><TrialCountdown /></div></div>
    case 'period':
      return <div data-surface=""><BillingPeriod /></div>
    case 'usage':
      return <UsageDashboard />
    case 'credits':
      return <CreditBalance />
    case 'seats':
      return <SeatList />
    case 'upcoming':
      return <UpcomingBill />
    case 'paymentMethods':
      return <PaymentMethodList />
    case 'invoices':
      return <InvoiceList />
    case 'planChange':
      return <PricingTable />
    default:
      return section satisfies never
  }
}

/** The first stays what it is whatever it says, and so can tell what has become critical. */
function Notices(): React.ReactElement {
  const others = useNotices().data?.slice(1)
  return (
    <>
      <BillingNotice />
      {others?.map((notice) => <BillingNotice key={notice.notice.kind} notice={notice} />)}
    </>
  )
}
