// Proves that what a browser loads holds no server code, that components are marked for the client, and that what is pure is of neither:
// a server component can use it, and brings nothing of it to the browser.
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
const pureEntries = browserEntries.map(({ built }) => built).filter((entry) => !clientEntries.includes(entry))

const allowed = /^packages\/(core\/src\/(catalog|client|protocol|domain|errors)|core\/dist|react\/(src|dist))\//
const own = ['react', 'react-dom', 'react/jsx-runtime']

/**
 * @param {string} entry path from the root
 * @param {string} folder the root
 */
function bundle(entry, folder) {
  return build({
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
}

/**
 * What reaches the browser through one entry but must not.
 *
 * @param {string} entry path from the root
 * @param {string} [folder] the root
 * @returns {Promise<string[]>}
 */
export async function findServerCode(entry, folder = root) {
  const { metafile } = await bundle(entry, folder)
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

/**
 * What keeps a server component from using an entry.
 *
 * @param {string} entry path from the root
 * @param {string} [folder] the root
 * @returns {Promise<string[]>}
 */
export async function findClientCode(entry, folder = root) {
  const { metafile } = await bundle(entry, folder)
  const marked = Object.keys(metafile.inputs).filter((path) => findMissingDirective(path, readFileSync(join(folder, path), 'utf8')).length === 0)
  const react = Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ path }) => own.includes(path)))
  return [...marked, ...react.map(({ path }) => path)].map((what) => `${entry} cannot be used on a server, for it has ${what}`)
}

if (import.meta.main) {
  const entries = browserEntries.flatMap(({ source, built }) => [source, built])
  const found = await Promise.all(entries.map((entry) => findServerCode(entry)))
  const missing = clientEntries.flatMap((entry) => findMissingDirective(entry, readFileSync(join(root, entry), 'utf8')))
  const marked = await Promise.all(pureEntries.map((entry) => findClientCode(entry)))
  conclude([...found.flat(), ...missing, ...marked.flat()], `client: ${entries.length} entries`)
}
