import type * as React from 'react'
import type { PlanName } from '../provider/register.ts'
import { useSnapshot } from '../provider/use-snapshot.ts'
import { type GateProps, gate } from './gate.ts'

/** Props of {@link PlanGate}. */
export type PlanGateProps = GateProps<PlanName> & {
  /** The plan that opens it, or each that does. */
  readonly plan: PlanName | readonly PlanName[]
}

/**
 * Display only: shows its children to customers of a plan. It protects nothing, for whoever has the page has its code: guard
 * the routes behind it with `requirePlan` on the server.
 */
export function PlanGate({ plan: plans, ...props }: PlanGateProps): React.ReactNode {
  const reading = useSnapshot(({ plan }) => [plans].flat().find((name) => name === plan) ?? null)
  return gate(reading, props)
}
