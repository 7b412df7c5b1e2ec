// Forbids, in every tracked file, what hides a fault or leaves work undone.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './bootstrap.mjs'
import { conclude, isSource, isTest } from './source-files.mjs'

const longest = 300
const subject = /^tools\/check-words(\.test)?\.mjs$/
const skip = /\b(it|test|describe|suite)(\.\w+)*\.(skip|todo)\(/

/** @type {{ what: string, pattern: RegExp, applies: (path: string) => boolean }[]} */
const rules = [
  { what: '@ts-ignore or @ts-nocheck', pattern: /@ts-(ignore|nocheck)/, applies: isSource },
  { what: '@ts-expect-error outside a test', pattern: /@ts-expect-error/, applies: (path) => isSource(path) && !isTest(path) },
  { what: 'the type any', pattern: /(\bas any\b|: any\b(?! \w)|<any>|\bany\[\])/, applies: isSource },
  { what: 'a cast through unknown', pattern: /\bas unknown as\b/, applies: isSource },
  { what: 'unfinished work', pattern: /\b(TODO|FIXME|XXX)\b/, applies: (path) => isSource(path) || path.endsWith('.md') },
  { what: 'a focused test', pattern: /\b(it|test|describe|suite)(\.\w+)*\.only\(/, applies: isTest },
]

/**
 * @param {string} path
 * @param {string} text
 * @returns {string[]}
 */
export function findWordFaults(path, text) {
  if (subject.test(path)) return []
  const lines = text.split('\n')
  const faults = lines.flatMap((line, index) =>
    rules
      .filter(({ pattern, applies }) => applies(path) && pattern.test(line))
      .map(({ what }) => `${path}:${index + 1} has ${what}`),
  )
  if (isTest(path)) {
    for (const [index, line] of lines.entries()) {
      const hasReason = /^\s*\/\/ skipped: \S/.test(lines[index - 1] ?? '')
      if (skip.test(line) && !hasReason) faults.push(`${path}:${index + 1} skips without "// skipped: <reason>" above it`)
    }
  }
  const count = text.trimEnd().split('\n').length
  const isBounded = /^(packages|examples)\/[^/]+\/src\//.test(path) && isSource(path) && !isTest(path)
  if (isBounded && count > longest) faults.push(`${path} has ${count} lines; the longest allowed is ${longest}`)
  return faults
}

if (import.meta.main) {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0')
  const paths = tracked.filter((path) => isSource(path) || path.endsWith('.md'))
  const faults = paths.flatMap((path) => findWordFaults(path, readFileSync(join(root, path), 'utf8')))
  conclude(faults, `words: ${paths.length} files`)
}
