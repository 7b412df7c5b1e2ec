import * as React from 'react'
import type { GateFieldsProps } from './gate-fields.tsx'

/** What of the editor is loaded when it is shown: many look at plans and prices alone. */
export interface CatalogParts {
  readonly GateFields: React.ComponentType<GateFieldsProps>
  readonly CatalogRules: React.ComponentType
  readonly CatalogFile: React.ComponentType
}

/** The rest of the editor: `undefined` while it is loading, `null` where it could not be loaded; and the way to try again. */
export function useCatalogParts(): readonly [parts: CatalogParts | null | undefined, retry: () => void] {
  const [parts, setParts] = React.useState<CatalogParts | null>()
  const load = (): void => void import('./catalog-parts.ts').then(setParts, () => setParts(null))
  function retry(): void {
    setParts(undefined)
    load()
  }
  React.useEffect(load, [])
  return [parts, retry]
}
