import type { CatalogParts } from './plan-editor-context.ts'

export async function loadCatalogParts(): Promise<CatalogParts> {
  return import('./catalog-parts.ts')
}
