// Writes what a shadcn registry serves: packages/react/registry/r/<item>.json from registry.json and its files.
// `node tools/registry.mjs` compares, `--write` writes.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './bootstrap.mjs'
import { conclude } from './source-files.mjs'

const folder = join(root, 'packages', 'react', 'registry')

/**
 * @typedef {{ path: string, type: string, target: string }} RegistryFile
 * @typedef {{ name: string, type: string, title: string, description: string, dependencies: string[], files: RegistryFile[] }} RegistryItem
 */

/**
 * What is served, by file name. An item brings all of its files along, so that it can be added from a file, too.
 *
 * @param {RegistryItem[]} items
 * @param {(path: string) => string} read
 * @returns {Map<string, string>}
 */
export function renderRegistry(items, read) {
  const served = items.map((item) => {
    const files = item.files.map((file) => ({ ...file, content: read(file.path) }))
    return /** @type {const} */ ([`${item.name}.json`, { $schema: 'https://ui.shadcn.com/schema/registry-item.json', ...item, files }])
  })
  return new Map(served.map(([name, item]) => [name, `${JSON.stringify(item, null, 2)}\n`]))
}

/**
 * What an item forgets: a file that one of its files imports from beside it.
 *
 * @param {RegistryItem[]} items
 * @param {(path: string) => string} read
 * @returns {string[]}
 */
export function findMissingFiles(items, read) {
  return items.flatMap(({ name, files }) => {
    const has = new Set(files.map(({ path }) => path.replace(/\.tsx?$/, '')))
    return files.flatMap(({ path }) =>
      [...read(path).matchAll(/from '\.\/([\w-]+)'/g)]
        .map(([, imported]) => `items/${imported}`)
        .filter((imported) => !has.has(imported))
        .map((imported) => `${name}: ${path} needs ${imported}`),
    )
  })
}

/** What draws nothing: there is nothing to make one's own. */
const undrawn = new Set(['PricingOffers'])

/**
 * The components of an entry point that no item is about.
 *
 * @param {RegistryItem[]} items
 * @param {string} entry its source, in which components are what is written as `UsageBar` is
 * @returns {string[]}
 */
export function findComponentsWithoutItem(items, entry) {
  const named = new Set(items.map(({ name }) => name))
  return [...entry.matchAll(/^export \{([^}]*)\}/gm)]
    .flatMap(([, names = '']) => names.split(',').map((name) => name.trim()))
    .filter((name) => /^[A-Z][a-z]\w*$/.test(name) && !undrawn.has(name))
    .map((name) => name.replace(/\B[A-Z]/g, (letter) => `-${letter}`).toLowerCase())
    .filter((name) => !named.has(name))
    .map((name) => `${name} is a component without an item`)
}

if (import.meta.main) {
  const read = (/** @type {string} */ path) => readFileSync(join(folder, path), 'utf8')
  /** @type {{ items: RegistryItem[] }} */
  const { items } = JSON.parse(read('registry.json'))
  const served = renderRegistry(items, read)
  const faults = findMissingFiles(items, read)
  for (const entry of ['index.ts', join('admin', 'index.ts')]) {
    faults.push(...findComponentsWithoutItem(items, readFileSync(join(folder, '..', 'src', entry), 'utf8')))
  }
  const used = new Set(items.flatMap(({ files }) => files.map(({ path }) => path)))
  faults.push(...readdirSync(join(folder, 'items')).filter((name) => !used.has(`items/${name}`)).map((name) => `items/${name} is in no item`))
  const out = join(folder, 'r')
  if (process.argv.includes('--write') && faults.length === 0) {
    rmSync(out, { recursive: true, force: true })
    mkdirSync(out)
    for (const [name, text] of served) writeFileSync(join(out, name), text)
  }
  for (const [name, text] of served) {
    const file = join(out, name)
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) faults.push(`r/${name} is not as its sources; run node tools/registry.mjs --write`)
  }
  conclude(faults, `registry: ${served.size} items`)
}
