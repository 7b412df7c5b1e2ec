import type { ReactNode } from 'react'
import { held, reach } from '../billing.ts'

async function Behind(): Promise<ReactNode> {
  return <p>{reach('held-report')}</p>
}

export default function Streaming(): ReactNode {
  return (
    <main>
      <p>around the gate</p>
      <held.PlanGate plan="free" loading={<p>deciding</p>} fallback={<p>closed</p>}>
        <Behind />
      </held.PlanGate>
    </main>
  )
}
