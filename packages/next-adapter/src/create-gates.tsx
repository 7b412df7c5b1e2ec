import {
  type Catalog, type Farebox, type FeatureKeyOf, type MeteredKeyOf, type Pass, type PlanKeyOf, type Problem, type Stop,
} from '@farebox/core'
import { type ReactNode, Suspense } from 'react'
import { type Check, checkFeature, checkPlan, checkQuota } from './check.ts'
import { readRequestHeader } from './read-request-header.ts'

/** What every gate takes, as the gates of `@farebox/react` do. */
export interface GateProps {
  /**
   * What stands in place of the children where the gate is closed, also where nothing could be decided; nothing unless said
   * otherwise. A function is told why, and may call `redirect()`.
   */
  readonly fallback?: ReactNode | ((problem: Problem) => ReactNode)
  /** What stands there until it is decided; `fallback` unless said otherwise, and nothing where that is a function. */
  readonly loading?: ReactNode
  /** What the gate shows. A function is called only where the gate is open, and told who passed. */
  readonly children?: ReactNode | ((passed: Pass) => ReactNode | Promise<ReactNode>)
}

/** Gates for server components, with the names of one catalog. */
export interface Gates<C extends Catalog> {
  /** Open to customers of one of these plans. */
  readonly PlanGate: (props: GateProps & { readonly plan: PlanKeyOf<C> | readonly PlanKeyOf<C>[] }) => ReactNode
  /** Open to customers who have the feature, also when nothing of it is left. */
  readonly FeatureGate: (props: GateProps & { readonly feature: FeatureKeyOf<C> }) => ReactNode
  /** Open while `amount` of a metered feature is left; 1 unless said otherwise. Counts nothing. */
  readonly QuotaGate: (props: GateProps & { readonly feature: MeteredKeyOf<C>; readonly amount?: number }) => ReactNode
}

/**
 * Server components that show their children to whom the server lets pass: what is behind a closed gate is not rendered, and
 * nothing of it is sent. Each decides anew in every request, by the same check as the guards, and stays closed where nothing can
 * be decided. Each is a Suspense boundary, so that the page around it does not wait.
 *
 * A gate chooses what a page shows; guard the page, the routes and the actions behind it all the same. In a client component use
 * the gates of `@farebox/react`, which show alone.
 */
export function createGates<C extends Catalog>(farebox: Farebox<C>): Gates<C> {
  return {
    PlanGate: ({ plan, ...props }) => gate(checkPlan(farebox, plan), props),
    FeatureGate: ({ feature, ...props }) => gate(havingFeature(farebox, feature), props),
    QuotaGate: ({ feature, amount = 1, ...props }) => gate(checkQuota(farebox, feature, amount), props),
  }
}

/** What is used up, or asked for too often (429), is had. */
function havingFeature<C extends Catalog>(farebox: Farebox<C>, feature: FeatureKeyOf<C>): Check<Pass> {
  return async (header) => {
    const passed = await checkFeature(farebox, feature)(header)
    return passed.kind === 'stop' && passed.status === 429 ? farebox.guard.authenticate(header) : passed
  }
}

function gate(check: Check<Pass>, { loading, ...props }: GateProps): ReactNode {
  const { fallback } = props
  const waiting = loading === undefined && typeof fallback !== 'function' ? fallback : loading
  return (
    <Suspense fallback={waiting}>
      <Decided check={check} {...props} />
    </Suspense>
  )
}

type DecidedProps = Pick<GateProps, 'fallback' | 'children'> & { readonly check: Check<Pass> }

async function Decided({ check, fallback, children }: DecidedProps): Promise<ReactNode> {
  const passed = await check(await readRequestHeader())
  if (passed.kind === 'stop') return closed(passed, fallback)
  return typeof children === 'function' ? children(passed) : children
}

function closed({ problem }: Stop, fallback: GateProps['fallback']): ReactNode {
  return typeof fallback === 'function' ? fallback(problem) : fallback
}
