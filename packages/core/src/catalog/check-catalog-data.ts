import { defineCatalog } from '../domain/define-catalog.ts'
import { type Fault, isFareboxError } from '../errors/error.ts'
import type { CatalogData } from './catalog-data.ts'

/** What is wrong with a catalog as data, by `defineCatalog`'s own rules: all faults at once, none where it is right. */
export function checkCatalogData(data: unknown): readonly Fault[] {
  try {
    // Everything about it is looked at as it runs: whatever it is, `defineCatalog` says what is wrong with it.
    defineCatalog(data as CatalogData)
    return []
  } catch (error) {
    if (isFareboxError(error) && error.code === 'invalid-catalog') return error.faults
    throw error
  }
}
