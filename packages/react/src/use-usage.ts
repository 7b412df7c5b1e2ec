import { type Resource, type Usage, deriveUsage } from '@farebox/core/client'
import type { MeteredName } from './register.ts'
import { useResource } from './use-resource.ts'

/** Usage of one metered feature; `data` is `null` when the server knows no such feature. Renders again only when it changes. */
export function useUsage(feature: MeteredName): Resource<Usage | null> {
  return useResource(({ usage }) => {
    const view = usage[feature]
    return view ? deriveUsage(view) : null
  })
}
