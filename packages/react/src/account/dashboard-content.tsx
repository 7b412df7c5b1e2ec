import * as React from 'react'
import { BillingNotice } from '../notices/billing-notice.tsx'
import { TrialCountdown } from '../notices/trial-countdown.tsx'
import { useNotices } from '../notices/use-notices.ts'
import { type OnDemand, onDemand } from '../parts/on-demand.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { BillingPeriod } from '../plans/billing-period.tsx'
import { PlanBadge } from '../plans/plan-badge.tsx'
import { CreditBalance } from '../usage/credit-balance.tsx'
import { UsageDashboard } from '../usage/usage-dashboard.tsx'
import type { DashboardSection } from './dashboard-messages.ts'
import type { ManagerSectionName } from './manager-section.tsx'

/** How many lines keep the room of a section that has to be loaded. */
const lines: Readonly<Record<ManagerSectionName, number>> = { seats: 1, upcoming: 4, paymentMethods: 5, invoices: 8, planChange: 3 }

/** What the snapshot does not tell has to be asked for, and its code comes meanwhile: the page does not wait for either. */
const ManagerSection: OnDemand<{ readonly name: ManagerSectionName }> = /* @__PURE__ */ onDemand(
  async () => (await import('./manager-section.tsx')).ManagerSection,
  ({ name }) => {
    const skeleton = <Skeleton lines={lines[name]} />
    return name === 'planChange' ? skeleton : <div data-surface="">{skeleton}</div>
  },
)

/** What stands in a section unless something else is given. */
export function dashboardContent(section: DashboardSection): React.ReactElement {
  switch (section) {
    case 'notices':
      return <Notices />
    case 'plan':
      return <div data-surface=""><div data-row=""><PlanBadge /> <TrialCountdown /></div></div>
    case 'period':
      return <div data-surface=""><BillingPeriod /></div>
    case 'usage':
      return <UsageDashboard />
    case 'credits':
      return <CreditBalance />
    default:
      return <ManagerSection name={section} />
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
