import * as React from 'react'
import { loadCatalogParts } from './load-catalog-parts.ts'
import type { CatalogParts } from './plan-editor-context.ts'

/** The rest of the editor: `undefined` while it is loading, `null` where it could not be loaded; and the way to try again. */
export function useCatalogParts(): readonly [parts: CatalogParts | null | undefined, load: () => void] {
  const [parts, setParts] = React.useState<CatalogParts | null>()
  const load = (): void => void loadCatalogParts().then(setParts, () => setParts(null))
  React.useEffect(load, [])
  return [parts, load]
}
