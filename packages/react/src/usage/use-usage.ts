import { type Usage, deriveUsage } from '@farebox/core/client'
import type { MeteredName } from '../provider/register.ts'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'

/** Usage of one metered feature; `data` is `null` when the server knows no such feature. Renders again only when it changes. */
export function useUsage(feature: MeteredName): Reading<Usage | null> {
  return useSnapshot(({ usage }) => {
    const view = usage[feature]
    return view ? deriveUsage(view) : null
  })
}
