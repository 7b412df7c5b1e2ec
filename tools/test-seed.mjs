import { createHash } from 'node:crypto'
import { isSource, readFiles } from './source-files.mjs'

/**
 * The seed of random tests that a state of the sources has of its own: every change is tried by histories that none before it met, and
 * the same state is judged alike wherever and as often as it is tried.
 *
 * @param {string} root
 * @returns {string} a whole number below 2^30
 */
export function testSeedOf(root) {
  const hash = createHash('sha256')
  for (const [path, text] of [...readFiles(root, 'packages', isSource)].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    hash.update(`${path}\n${text}\n`)
  }
  return String(hash.digest().readUInt32BE() >>> 2)
}
