import { requireAuthOnPage } from '@farebox/next'
import { BillingDashboard } from '@farebox/react'
import { farebox } from '../../farebox.ts'

/** The app sells no seats and no credits, so these sections stay away. */
const sections = ['notices', 'plan', 'period', 'usage', 'upcoming', 'paymentMethods', 'invoices'] as const

export default requireAuthOnPage(
  farebox,
  () => (
    <>
      <h1>Your billing</h1>
      <BillingDashboard sections={sections} />
    </>
  ),
  { signInUrl: '/sign-in' },
)
