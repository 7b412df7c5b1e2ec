import { requirePlanOnPage } from '@farebox/next'
import { farebox, reach } from '../../billing.ts'

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

export default requirePlanOnPage(
  farebox,
  'pro',
  async ({ params }: Props, { caller }) => {
    const { id } = await params
    return (
      <p>
        {reach('report-page')} {id} of {caller.customer}
      </p>
    )
  },
  { signInUrl: '/sign-in' },
)
