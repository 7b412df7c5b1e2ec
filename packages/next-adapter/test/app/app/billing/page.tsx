import { findSnapshot } from '@farebox/next'
import { BillingPeriod, BillingProvider, FeatureGate, PlanBadge, PricingTable, UsageBar, UsageDashboard } from '@farebox/react'
import '@farebox/react/styles.css'
import { type ReactNode, Suspense } from 'react'
import { farebox } from '../billing.ts'

/** The numbers are on their way while the page is sent. */
export default function Billing(): ReactNode {
  return (
    <BillingProvider snapshot={findSnapshot(farebox)} locale="de-DE" timeZone="Europe/Berlin" labels={{ apiCalls: 'Aufrufe' }}>
      <PlanBadge />
      <BillingPeriod />
      <UsageBar feature="apiCalls" />
      <FeatureGate feature="exports" fallback={<p>exports: hidden</p>}>
        <p>exports: shown</p>
      </FeatureGate>
      <Suspense fallback={<p>wait</p>}>
        <UsageDashboard />
      </Suspense>
      <PricingTable />
    </BillingProvider>
  )
}
