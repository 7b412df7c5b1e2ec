import { findSnapshot } from '@farebox/next'
import { BillingProvider, PlanBadge, PricingTable } from '@farebox/react'
import { type ReactNode, Suspense } from 'react'
import { farebox } from '../billing.ts'

/** Prerendered but for the numbers, which belong to whoever asks. */
export default function Billing(): ReactNode {
  return (
    <>
      <h1>Billing</h1>
      <Suspense fallback={<p>wait</p>}>
        <BillingProvider snapshot={findSnapshot(farebox)} live={false}>
          <p>plan: <PlanBadge /></p>
          <PricingTable />
        </BillingProvider>
      </Suspense>
    </>
  )
}
