import { expect, it } from 'vitest'
import { findWordFaults } from './check-words.mjs'

const source = 'packages/core/src/domain/plan.ts'
const test = 'packages/core/src/domain/plan.test.ts'

it('accepts ordinary code', () => {
  expect(findWordFaults(source, 'export const company: string = many as string\n')).toEqual([])
})

it.each([
  [source, '// @ts-ignore'],
  [source, '// @ts-expect-error'],
  [source, 'const a: any = 1'],
  [source, 'const a = b as any'],
  [source, 'const a = b as unknown as string'],
  [source, '// TODO later'],
  ['README.md', 'FIXME'],
  [test, "it.only('a', () => {})"],
  [test, "describe.concurrent.only('a', () => {})"],
  [test, "it.skip('a', () => {})"],
  [test, "it.todo('a')"],
])('refuses in %s: %s', (path, line) => {
  expect(findWordFaults(path, `\n${line}\n`)).toEqual([expect.stringContaining(`${path}:2`)])
})

it('accepts a skip with its reason above it', () => {
  expect(findWordFaults(test, "// skipped: needs a display\nit.skip('a', () => {})")).toEqual([])
})

it('refuses a source of 301 lines, and lets a test be as long as it must', () => {
  expect(findWordFaults(source, 'a\n'.repeat(300))).toEqual([])
  expect(findWordFaults(source, 'a\n'.repeat(301))).toHaveLength(1)
  expect(findWordFaults(test, 'a\n'.repeat(301))).toEqual([])
})
