import type { Catalog, Farebox, Snapshot } from '@farebox/core'
import { checkAuth } from './check.ts'
import { readRequestHeader } from './read-request-header.ts'

/**
 * The snapshot of whoever is asking, for `<BillingProvider snapshot={findSnapshot(farebox)}>`: not awaited, so that the page need
 * not wait for it. `undefined` where nobody is signed in, or where it cannot be read now; then the browser asks itself.
 *
 * @throws FareboxError `invalid-configuration` inside `use cache` and `unstable_cache`, whose results are shared by callers.
 */
export async function findSnapshot<C extends Catalog>(farebox: Farebox<C>): Promise<Snapshot | undefined> {
  const header = await readRequestHeader()
  const passed = await checkAuth(farebox, {})(header)
  if (passed.kind === 'stop') return undefined
  const { customer, canManageBilling } = passed.caller
  return farebox.snapshot({ customer, canManageBilling }).catch(() => undefined)
}
