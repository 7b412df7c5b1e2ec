import type { CatalogData } from '@farebox/core/catalog'

/** The text of a catalog file that says the same. */
export function writeCatalogFile(data: CatalogData): string {
  const literal = JSON.stringify(data, null, 2).replace(/^( *)"([A-Za-z_$][\w$]*)":/gm, '$1$2:')
  return `import { defineCatalog } from '@farebox/core'\n\nexport const catalog = defineCatalog(${literal})\n`
}
