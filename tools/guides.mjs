// Puts the guides into what a package is published with: who installed it from npm has no repository to look into.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { root } from './bootstrap.mjs'
import { listFiles } from './source-files.mjs'

/** The section of the README that leads from an empty folder to a paid upgrade: a guide of its own where it is published. */
const start = /^#(# Start\n.*?)(?=^## )/ms

/** Guides are about using Farebox; decisions about making it, the reference is in the types. */
const guide = /^docs\/(?!decisions\/|reference\/).+\.md$/

/**
 * The text of a guide where links lead to what is published beside it. Of other links the words alone are left.
 *
 * @param {string} path of the guide, from the root
 * @param {string} text
 * @param {Map<string, string>} published what is published, by its path from the root: its path in the package
 * @returns {string}
 */
export function withPublishedLinks(path, text, published) {
  const from = published.get(path) ?? path
  return text.replaceAll(/\[([^\]]+)\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)/g, (_, words, target, anchor = '') => {
    const to = published.get(posix.join(posix.dirname(path), target))
    return to === undefined ? words : `[${words}](${posix.relative(posix.dirname(from), to)}${anchor})`
  })
}

/**
 * Writes all guides to `dist/docs` of a package.
 *
 * @param {string} folder of the package, from the root
 */
export function writeGuides(folder) {
  const guides = listFiles(root, 'docs').filter((path) => guide.test(path))
  /** @type {[string, string][]} */
  const places = guides.map((path) => [path, `dist/${path}`])
  const published = new Map([...places, ['README.md', 'dist/docs/start.md'], [`${folder}/README.md`, 'README.md']])
  rmSync(join(root, folder, 'dist', 'docs'), { recursive: true, force: true })
  for (const path of ['README.md', ...guides]) {
    const text = readFileSync(join(root, path), 'utf8')
    const file = join(root, folder, published.get(path) ?? path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, withPublishedLinks(path, path === 'README.md' ? (start.exec(text)?.[1] ?? '') : text, published))
  }
}
