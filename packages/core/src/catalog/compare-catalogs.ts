import type { Catalog } from '../domain/catalog.ts'
import { planPush } from './plan-push.ts'
import type { PushStep } from './push-step.ts'
import { pushedState } from './pushed-state.ts'

/**
 * What `farebox push` would do for `to` in an account to which `from` was pushed: the very steps, of the same plan. What
 * somebody changed in Stripe's dashboard since is not in it, and prices have made-up ids.
 */
export function compareCatalogs(from: Catalog, to: Catalog, installation?: string): readonly PushStep[] {
  return planPush(to, pushedState(from, installation), installation)
}
