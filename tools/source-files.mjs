import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const generated = new Set(['node_modules', 'dist', '.tsc', '.next', '.git', '.cache', '.examples', '.gallery', 'coverage'])

/**
 * Every file below a folder, as paths relative to the root with forward slashes, generated folders left out.
 *
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
export function listFiles(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return generated.has(entry.name) ? [] : listFiles(root, path)
    return [path]
  })
}

/**
 * The files below a folder that a predicate picks, with their text.
 *
 * @param {string} root
 * @param {string} folder
 * @param {(path: string) => boolean} isWanted
 * @returns {Map<string, string>}
 */
export function readFiles(root, folder, isWanted) {
  const wanted = listFiles(root, folder).filter(isWanted)
  return new Map(wanted.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

/** @param {string} path */
export function isSource(path) {
  return /\.(ts|tsx|mts|mjs)$/.test(path) && !path.endsWith('.d.ts')
}

/** @param {string} path */
export function isTest(path) {
  return /\.(test|test-d)\.(ts|tsx|mjs)$/.test(path) || /^(packages|examples)\/[^/]+\/test\//.test(path)
}

/**
 * Ends a check: prints its faults, or what was looked at when there is none.
 *
 * @param {string[]} faults
 * @param {string} lookedAt
 */
export function conclude(faults, lookedAt) {
  for (const fault of faults) process.stdout.write(`${fault}\n`)
  process.stdout.write(faults.length === 0 ? `${lookedAt}: no fault\n` : `${lookedAt}: ${faults.length} faults\n`)
  process.exitCode = faults.length === 0 ? 0 : 1
}
