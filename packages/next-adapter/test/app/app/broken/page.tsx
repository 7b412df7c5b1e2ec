import type { Problem } from '@farebox/core'
import type { ReactNode } from 'react'
import { broken, reach } from '../billing.ts'

async function Behind(): Promise<ReactNode> {
  return <p>{reach('broken-report')}</p>
}

function why({ status }: Problem): ReactNode {
  return <p>{`closed: ${status}`}</p>
}

export default function Broken(): ReactNode {
  return (
    <main>
      <broken.PlanGate plan="free" fallback={why}>
        <Behind />
      </broken.PlanGate>
      <broken.FeatureGate feature="apiCalls" fallback={why}>
        <Behind />
      </broken.FeatureGate>
      <broken.QuotaGate feature="apiCalls">
        <Behind />
      </broken.QuotaGate>
    </main>
  )
}
