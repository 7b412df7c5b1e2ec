import { requireFeatureOnPage } from '@farebox/next'
import { farebox } from '../../billing.ts'

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

export default requireFeatureOnPage(
  farebox, 'exports', async ({ params }: Props, { caller }) => <p>report {(await params).id} of {caller.customer}</p>, { signInUrl: '/sign-in' },
)
