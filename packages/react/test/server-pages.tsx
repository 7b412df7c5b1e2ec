import type { Snapshot } from '@farebox/core/protocol'
import { BillingDashboard, BillingProvider, PlanBadge, PricingOffers, PricingTable, UsageBar, createBillingClient } from '@farebox/react'
import { AdminCustomerPanel, PlanEditor } from '@farebox/react/admin'
import { type ReactElement, Suspense } from 'react'
import { catalogData } from '../gallery/states/admin.tsx'
import { BillingPage, billingStates, stillClient } from './billing-states.tsx'
import { mockPlans } from '../src/testing/mock-answers.ts'
import { mockPaidSnapshot, mockSnapshot } from '../src/testing/mock-snapshot.ts'

/** A snapshot that is still being read. */
function later(): Promise<Snapshot> {
  return new Promise((resolve) => setTimeout(resolve, 20, mockSnapshot()))
}

/** What a server component hands to the client: inherits from `Promise`, but its `then` gives nothing back. */
function streamed(): Promise<Snapshot> {
  return Object.create(Promise.prototype, {
    // oxlint-disable-next-line unicorn/no-thenable -- React's own promises are thenables of this kind
    then: { value: (resolve: (snapshot: Snapshot) => void) => void setTimeout(resolve, 20, mockSnapshot()) },
  })
}

function Meter(): ReactElement {
  return <UsageBar feature="apiCalls" label="API calls" />
}

function Page({ snapshot, hasBoundary }: { readonly snapshot: Promise<Snapshot>; readonly hasBoundary: boolean }): ReactElement {
  return (
    <BillingProvider client={stillClient()} snapshot={snapshot}>
      {hasBoundary ? <Suspense fallback="wait"><Meter /></Suspense> : <Meter />}
      <PlanBadge />
    </BillingProvider>
  )
}

function Account(): ReactElement {
  return (
    <BillingProvider client={stillClient()} snapshot={mockPaidSnapshot({ notices: [{ kind: 'paused', at: '2026-12-21T06:30:00.000Z' }] })}>
      <Meter />
      <BillingDashboard />
    </BillingProvider>
  )
}

function inLocale(locale: string): () => ReactElement {
  return () => <BillingPage client={stillClient()} snapshot={mockPaidSnapshot()} locale={locale} timeZone="Asia/Tokyo" />
}

/** Pages that a server renders and a browser hydrates, both from here. */
export const serverPages: Readonly<Record<string, () => ReactElement | Promise<ReactElement>>> = {
  ...billingStates,
  'in German': inLocale('de-DE'),
  'in Arabic': inLocale('ar-EG'),
  'in Japanese': inLocale('ja-JP'),
  'with what the server knew': () => <BillingPage client={stillClient()} snapshot={mockSnapshot()} />,
  'with prices': () => (
    <BillingProvider client={stillClient()} snapshot={mockSnapshot()} locale="de-DE">
      <Meter />
      <PricingTable plans={mockPlans()} interval="year" />
      <PricingTable plans={mockPlans()} layout="matrix" />
      <PricingOffers plans={mockPlans()} name="Quotes" />
    </BillingProvider>
  ),
  'with a promise': () => <Page snapshot={later()} hasBoundary={false} />,
  'with a promise in a boundary': () => <Page snapshot={later()} hasBoundary />,
  'with a streamed promise': () => <Page snapshot={streamed()} hasBoundary />,
  'answered before a boundary is hydrated': () => (
    <BillingProvider client={createBillingClient({ fetch: async () => Response.json(mockSnapshot()) })}>
      <Suspense fallback="wait"><Meter /></Suspense>
    </BillingProvider>
  ),
  'of the whole account, before a server has its code': () => <Account />,
  'of the whole account': async () => {
    await Promise.all([import('../src/account/snapshot-sections.tsx'), import('../src/account/manager-sections.tsx')])
    return <Account />
  },
  'of admins': () => (
    <BillingProvider client={stillClient()} snapshot={mockSnapshot()} locale="de-DE">
      <Meter />
      <AdminCustomerPanel defaultCustomer="ann" />
      <PlanEditor defaultValue={catalogData} defaultOpen={['pro', 'team']} />
    </BillingProvider>
  ),
  'with a broken promise': () => <Page snapshot={Promise.reject(new Error('no database'))} hasBoundary={false} />,
}
