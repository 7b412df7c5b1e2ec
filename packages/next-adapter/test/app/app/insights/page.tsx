import { withMeterOnPage } from '@farebox/next'
import { notFound } from 'next/navigation'
import { farebox, reach } from '../billing.ts'

interface Props {
  readonly searchParams: Promise<{ readonly missing?: string }>
}

export default withMeterOnPage(
  farebox,
  'apiCalls',
  async ({ searchParams }: Props, { decision }) => {
    const text = reach('insights-page')
    if ((await searchParams).missing !== undefined) notFound()
    return (
      <p>
        {text} left: {decision.remaining}
      </p>
    )
  },
  { signInUrl: '/sign-in' },
)
