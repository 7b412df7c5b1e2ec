// Proves that what a package exports, what it builds and what its reference documents are the same list.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, workspaceFolders } from './bootstrap.mjs'
import { conclude } from './source-files.mjs'

/**
 * @typedef {{ '@farebox/source': string, types?: string, default: string }} DevelopmentExport
 * @typedef {{
 *   exports: Record<string, DevelopmentExport>,
 *   publishConfig: { exports: Record<string, unknown> },
 *   bin?: Record<string, string>,
 * }} Manifest
 */

/**
 * @param {Manifest} manifest
 * @param {string[]} built entries of the tsup configuration
 * @param {string[]} documented entry points of the typedoc configuration
 * @returns {string[]}
 */
export function findExportFaults(manifest, built, documented) {
  const sources = Object.values(manifest.exports).map((target) => target['@farebox/source'].replace(/^\.\//, ''))
  const programs = Object.values(manifest.bin ?? {}).map((file) => file.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))
  const published = Object.fromEntries(
    Object.entries(manifest.exports).map(([name, target]) => [name, publishedTarget(target['@farebox/source'])]),
  )
  return [
    ...difference('exported or a program', [...sources, ...programs], 'built', built),
    ...difference('exported', sources.filter((path) => !path.endsWith('.css')), 'documented', documented),
    ...Object.entries(manifest.exports).flatMap(([name, { '@farebox/source': source, ...target }]) =>
      same(published[name], target)
        ? []
        : [`exports["${name}"] does not lead to what is built from ${source}`],
    ),
    ...(same(published, manifest.publishConfig.exports) ? [] : ['publishConfig.exports differs from exports']),
  ]
}

/** @param {string} source */
function publishedTarget(source) {
  const file = source.replace('./src/', './dist/')
  if (file.endsWith('.css')) return { types: './stylesheet.d.ts', default: file }
  return { types: file.replace(/\.tsx?$/, '.d.ts'), default: file.replace(/\.tsx?$/, '.js') }
}

/**
 * @param {string} leftName
 * @param {string[]} left
 * @param {string} rightName
 * @param {string[]} right
 */
function difference(leftName, left, rightName, right) {
  return [
    ...left.filter((path) => !right.includes(path)).map((path) => `${path} is ${leftName} but not ${rightName}`),
    ...right.filter((path) => !left.includes(path)).map((path) => `${path} is ${rightName} but not ${leftName}`),
  ]
}

/**
 * @param {unknown} left
 * @param {unknown} right
 */
function same(left, right) {
  return JSON.stringify(left) === JSON.stringify(right)
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

if (import.meta.main) {
  const folders = workspaceFolders().filter((folder) => folder.startsWith('packages/'))
  const faults = []
  for (const folder of folders) {
    const at = (/** @type {string} */ name) => join(root, folder, name)
    if (!existsSync(at('LICENSE'))) faults.push(`${folder}: no LICENSE`)
    const { default: configuration } = await import(pathToFileURL(at('tsup.config.ts')).href)
    const { entryPoints } = readJson(at('typedoc.json'))
    const found = findExportFaults(readJson(at('package.json')), configuration.entry, entryPoints)
    faults.push(...found.map((fault) => `${folder}: ${fault}`))
  }
  conclude(faults, `exports: ${folders.length} packages`)
}
