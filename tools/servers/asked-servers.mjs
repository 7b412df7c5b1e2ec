import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

const asking = /\binject\(\s*'(\w+)'/g
const importing = /\bfrom '(\.[^']+)'/g

/**
 * What the test files ask the run for with `inject('name')`, themselves or through what they import by a relative path.
 *
 * @param {readonly string[]} files
 * @returns {ReadonlySet<string>}
 */
export function findAskedServers(files) {
  const asked = new Set()
  const seen = new Set(files)
  // The set grows while it is walked.
  for (const file of seen) {
    if (!existsSync(file)) continue
    const text = readFileSync(file, 'utf8')
    for (const [, name] of text.matchAll(asking)) asked.add(name)
    for (const [, path = ''] of text.matchAll(importing)) seen.add(resolve(dirname(file), path))
  }
  return asked
}
