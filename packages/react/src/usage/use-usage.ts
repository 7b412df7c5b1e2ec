import { type Usage, deriveUsage } from '@farebox/core/client'
import type { UsageView } from '@farebox/core/protocol'
import type { MeteredName } from '../provider/register.ts'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'

/** Many meters ask at each change of one: what did not change has to be the same object. */
const known = /* @__PURE__ */ new WeakMap<UsageView, Usage>()

/** Usage of one metered feature; `data` is `null` when the server knows no such feature. Renders again only when it changes. */
export function useUsage(feature: MeteredName): Reading<Usage | null> {
  return useSnapshot(({ usage }) => {
    const view = usage[feature]
    if (!view) return null
    const derived = known.get(view) ?? deriveUsage(view)
    known.set(view, derived)
    return derived
  })
}
