import { requireAuthOnPage } from '@farebox/next'
import { exportRows } from '../actions.ts'
import { farebox, reach } from '../billing.ts'

export default requireAuthOnPage(
  farebox,
  (_, { caller }) => (
    <form
      action={async () => {
        'use server'
        await exportRows('from the form')
      }}
    >
      {reach('account-page')} of {caller.customer}
      <button type="submit">Export</button>
    </form>
  ),
  { signInUrl: '/sign-in' },
)
