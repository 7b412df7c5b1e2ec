import * as React from 'react'
import { TrialCountdown } from '../notices/trial-countdown.tsx'
import { ErrorState } from '../parts/error-state.tsx'
import { type OnDemand, onDemand } from '../parts/on-demand.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { BillingPeriod } from '../plans/billing-period.tsx'
import { PlanBadge } from '../plans/plan-badge.tsx'
import { useSnapshot } from '../provider/use-snapshot.ts'
import type { DashboardSection } from './dashboard-messages.ts'

/** Sections that only those see who manage the billing. */
type ManagerSectionName = 'seats' | 'upcoming' | 'paymentMethods' | 'invoices' | 'planChange'

/** How many lines keep the room of a section; of cards, so many of them. */
const lines = { notices: 2, credits: 3, seats: 1, upcoming: 4, paymentMethods: 5, invoices: 8, planChange: 3 }

function Room({ of: section }: { readonly of: keyof typeof lines }): React.ReactElement {
  const skeleton = <Skeleton lines={lines[section]} />
  return section === 'planChange' ? skeleton : <div data-surface="">{skeleton}</div>
}

function UsageRoom(): React.ReactElement {
  const { data: count = 3 } = useSnapshot(({ usage }) => Object.values(usage).filter(({ limit }) => limit !== 0).length)
  return <div data-slot="usage-dashboard"><Skeleton lines={count} /></div>
}

/** Most customers have nothing that they should know, and no room is kept for it. */
function NoticeRoom(): React.ReactNode {
  return useSnapshot(({ notices }) => notices.length > 0).data && <Room of="notices" />
}

/** Sections beside plan and period, for which the page waits. The code of each comes when it is shown. */
const later: Readonly<Record<Exclude<DashboardSection, 'plan' | 'period'>, OnDemand<object>>> = {
  notices: /* @__PURE__ */ onDemand(async () => (await import('./notice-list.tsx')).NoticeList, () => <NoticeRoom />),
  usage: /* @__PURE__ */ onDemand(async () => (await import('../usage/usage-dashboard.tsx')).UsageDashboard, () => <UsageRoom />),
  credits: /* @__PURE__ */ onDemand(async () => (await import('../usage/credit-balance.tsx')).CreditBalance, () => <Room of="credits" />),
  seats: /* @__PURE__ */ onDemand(async () => (await import('./seat-list.tsx')).SeatList, () => <Room of="seats" />),
  upcoming: /* @__PURE__ */ onDemand(async () => (await import('./upcoming-bill.tsx')).UpcomingBill, () => <Room of="upcoming" />),
  paymentMethods: /* @__PURE__ */ onDemand(
    async () => (await import('./payment-method-list.tsx')).PaymentMethodList, () => <Room of="paymentMethods" />,
  ),
  invoices: /* @__PURE__ */ onDemand(async () => (await import('./invoice-list.tsx')).InvoiceList, () => <Room of="invoices" />),
  planChange: /* @__PURE__ */ onDemand(async () => (await import('../plans/pricing-table.tsx')).PricingTable, () => <Room of="planChange" />),
}

/** Neither its code nor its figures are asked for before it is known who manages the billing. */
function ManagerSection({ name }: { readonly name: ManagerSectionName }): React.ReactElement {
  const manager = useSnapshot(({ canManageBilling }) => canManageBilling)
  const Content = later[name]
  if (manager.status === 'success') return <Content />
  return manager.error ? <div data-surface=""><ErrorState of={manager} /></div> : <Room of={name} />
}

/** What stands in a section unless something else is given. */
export function dashboardContent(section: DashboardSection): React.ReactElement {
  switch (section) {
    case 'plan':
      return <div data-surface=""><div data-row=""><PlanBadge /> <TrialCountdown /></div></div>
    case 'period':
      return <div data-surface=""><BillingPeriod /></div>
    case 'notices':
    case 'usage':
    case 'credits': {
      const Content = later[section]
      return <Content />
    }
    default:
      return <ManagerSection name={section} />
  }
}
