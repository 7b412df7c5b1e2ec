import type * as React from 'react'
import type { GateFieldsProps } from './gate-fields.tsx'

/** What of the editor is loaded when it is shown: many look at plans and prices alone. */
export interface CatalogParts {
  readonly GateFields: React.ComponentType<GateFieldsProps>
  readonly CatalogRules: React.ComponentType
  readonly CatalogFile: React.ComponentType
}

export async function loadCatalogParts(): Promise<CatalogParts> {
  return import('./catalog-parts.ts')
}
