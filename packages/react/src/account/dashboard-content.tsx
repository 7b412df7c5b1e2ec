import * as React from 'react'
import { TrialCountdown } from '../notices/trial-countdown.tsx'
import { ErrorState } from '../parts/error-state.tsx'
import type { OnDemand } from '../parts/on-demand.tsx'
import { servedOnDemand } from '../parts/served-on-demand.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { BillingPeriod } from '../plans/billing-period.tsx'
import { PlanBadge } from '../plans/plan-badge.tsx'
import { useSnapshot } from '../provider/use-snapshot.ts'
import type { DashboardSection } from './dashboard-messages.ts'

/** Beside plan and period, for which the page waits. */
type SnapshotSection = 'notices' | 'usage' | 'credits'
type ManagerSection = Exclude<DashboardSection, SnapshotSection | 'plan' | 'period'>

/** How many lines keep the room of a section; of cards, so many of them. */
const lines = { notices: 2, usage: 3, credits: 3, seats: 1, upcoming: 4, paymentMethods: 5, invoices: 8, planChange: 3 }

/** The room of what is loading. Most customers have nothing that they should know, and none is kept for it. */
function Room({ name }: { readonly name: SnapshotSection | ManagerSection }): React.ReactNode {
  const { data: { meters = lines.usage, isNoticed } = {} } = useSnapshot(({ usage, notices }) => ({
    meters: Object.values(usage).filter(({ limit }) => limit !== 0).length, isNoticed: notices.length > 0,
  }))
  if (name === 'usage') return <div data-slot="usage-dashboard"><Skeleton lines={meters} /></div>
  const skeleton = <Skeleton lines={lines[name]} />
  if (name === 'planChange') return skeleton
  return (name !== 'notices' || isNoticed) && <div data-surface="">{skeleton}</div>
}

const SnapshotContent: OnDemand<{ readonly name: SnapshotSection }> = /* @__PURE__ */ servedOnDemand(async () => {
  const { snapshotSections } = await import('./snapshot-sections.tsx')
  return ({ name }) => React.createElement(snapshotSections[name])
}, (props) => <Room {...props} />)

const ManagerContent: OnDemand<{ readonly name: ManagerSection }> = /* @__PURE__ */ servedOnDemand(async () => {
  const { managerSections } = await import('./manager-sections.tsx')
  return ({ name }) => React.createElement(managerSections[name])
}, (props) => <Room {...props} />)

/** Neither its code nor its figures are asked for before it is known who manages the billing. */
function ForManagers(props: { readonly name: ManagerSection }): React.ReactElement {
  const manager = useSnapshot(({ canManageBilling }) => canManageBilling)
  if (manager.status === 'success') return <ManagerContent {...props} />
  return manager.error ? <div data-surface=""><ErrorState of={manager} /></div> : <Room {...props} />
}

/** What stands in a section unless something else is given. */
export function dashboardContent(name: DashboardSection): React.ReactElement {
  switch (name) {
    case 'plan':
      return <div data-surface=""><div data-row=""><PlanBadge /> <TrialCountdown /></div></div>
    case 'period':
      return <div data-surface=""><BillingPeriod /></div>
    case 'notices':
    case 'usage':
    case 'credits':
      return <SnapshotContent name={name} />
    default:
      return <ForManagers name={name} />
  }
}
