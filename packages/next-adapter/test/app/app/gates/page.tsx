import type { Problem } from '@farebox/core'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { FeatureGate, PlanGate, QuotaGate, reach } from '../billing.ts'

async function Report(): Promise<ReactNode> {
  return <p>{reach('gated-report')}</p>
}

/** Says why a gate is closed. */
function why(gate: string): (problem: Problem) => ReactNode {
  return ({ status, type }) => <p>{`${gate}: ${status} ${type}`}</p>
}

function leave({ upgradeUrl }: Problem): never {
  redirect(upgradeUrl ?? '/')
}

interface Props {
  readonly searchParams: Promise<{ readonly leaving?: string }>
}

export default async function Gated({ searchParams }: Props): Promise<ReactNode> {
  const { leaving } = await searchParams
  return (
    <main>
      <p>for everybody</p>
      <PlanGate plan="pro" fallback={<p>plan: closed</p>}>
        <Report />
      </PlanGate>
      <PlanGate plan={['free', 'pro']} fallback={why('plans')}>
        {({ caller }) => <p>{`plans: ${caller.customer}`}</p>}
      </PlanGate>
      <FeatureGate feature="exports" fallback={leaving === undefined ? why('exports') : leave}>
        <p>exports: open</p>
      </FeatureGate>
      <FeatureGate feature="tokens" fallback={<p>tokens: closed</p>}>
        <p>tokens: open</p>
      </FeatureGate>
      <FeatureGate feature="apiCalls" fallback={<p>calls: closed</p>}>
        <p>calls: open</p>
      </FeatureGate>
      <QuotaGate feature="apiCalls" fallback={<p>one call: closed</p>}>
        <p>one call: open</p>
      </QuotaGate>
      <QuotaGate feature="apiCalls" amount={3} fallback={why('three calls')}>
        <p>three calls: open</p>
      </QuotaGate>
    </main>
  )
}
