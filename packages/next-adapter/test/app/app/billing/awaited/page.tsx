import { requireAuthOnPage } from '@farebox/next'
import { BillingDashboard, BillingProvider, UsageBar } from '@farebox/react'
import '@farebox/react/styles.css'
import { farebox } from '../../billing.ts'

/** The page waits for the numbers. */
export default requireAuthOnPage(
  farebox,
  async (_, { caller: { customer, canManageBilling } }) => (
    <BillingProvider snapshot={await farebox.snapshot({ customer, canManageBilling })}>
      <UsageBar feature="apiCalls" label="API calls" />
      <BillingDashboard />
    </BillingProvider>
  ),
  { signInUrl: '/sign-in' },
)
