// Proves that what a browser loads is marked for the client and holds no server code.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from './bootstrap.mjs'
import { conclude } from './source-files.mjs'

/** Entries that a browser loads, as source (for which files get in) and as built (for what is published). */
const browserEntries = [
  { source: 'packages/core/src/catalog/index.ts', built: 'packages/core/dist/catalog/index.js' },
  { source: 'packages/core/src/client/index.ts', built: 'packages/core/dist/client/index.js' },
  { source: 'packages/core/src/protocol/index.ts', built: 'packages/core/dist/protocol/index.js' },
  { source: 'packages/react/src/index.ts', built: 'packages/react/dist/index.js' },
  { source: 'packages/react/src/admin/index.ts', built: 'packages/react/dist/admin/index.js' },
  { source: 'packages/react/src/query/swr/index.ts', built: 'packages/react/dist/query/swr/index.js' },
  { source: 'packages/react/src/query/tanstack-query/index.ts', built: 'packages/react/dist/query/tanstack-query/index.js' },
]
const clientEntries = ['packages/react/dist/index.js', 'packages/react/dist/admin/index.js']

const allowed = /^packages\/(core\/src\/(catalog|client|protocol|domain|errors)|core\/dist|react\/(src|dist))\//
const own = ['react', 'react-dom', 'react/jsx-runtime']

/**
 * What reaches the browser through one entry but must not.
 *
 * @param {string} entry path from the root
 * @param {string} [folder] the root
 * @returns {Promise<string[]>}
 */
export async function findServerCode(entry, folder = root) {
  const { metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: folder,
    bundle: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: entry.includes('/src/') ? ['@farebox/source'] : ['default'],
    external: ['node:*', ...own],
  })
  const files = Object.keys(metafile.inputs).filter((path) => !allowed.test(path))
  const imports = Object.values(metafile.inputs).flatMap(({ imports: list }) => list.filter(({ external }) => external))
  const outside = imports.map(({ path }) => path).filter((path) => !own.includes(path))
  return [...files, ...outside].map((what) => `${entry} brings ${what} to the browser`)
}

/**
 * @param {string} entry
 * @param {string} text
 * @returns {string[]}
 */
export function findMissingDirective(entry, text) {
  return /^\s*(['"])use client\1/.test(text) ? [] : [`${entry} does not begin with "use client"`]
}

if (import.meta.main) {
  const entries = browserEntries.flatMap(({ source, built }) => [source, built])
  const found = await Promise.all(entries.map((entry) => findServerCode(entry)))
  const missing = clientEntries.flatMap((entry) => findMissingDirective(entry, readFileSync(join(root, entry), 'utf8')))
  conclude([...found.flat(), ...missing], `client: ${entries.length} entries`)
}
