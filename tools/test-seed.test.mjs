import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testSeedOf } from './test-seed.mjs'

test('the same sources have the same seed wherever they are, and a change of one of them another', () => {
  const roots = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'test-seed-')))
  try {
    for (const root of roots) {
      mkdirSync(join(root, 'packages', 'core', 'src'), { recursive: true })
      writeFileSync(join(root, 'packages', 'core', 'src', 'one.ts'), 'export const one = 1\n')
    }
    const [first, second] = roots.map(testSeedOf)
    expect(second).toBe(first)
    expect(Number(first)).toBeLessThan(2 ** 30)
    writeFileSync(join(roots[1] ?? '', 'packages', 'core', 'src', 'one.ts'), 'export const one = 2\n')
    expect(testSeedOf(roots[1] ?? '')).not.toBe(first)
  } finally {
    for (const root of roots) rmSync(root, { recursive: true })
  }
})
