import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { expect, it, onTestFinished } from 'vitest'
import { separateModules } from './separate-modules.mjs'

const sources = {
  'src/app/index.ts': `'use client'\nexport { page } from './page.ts'\nexport { dialog } from './dialog.ts'`,
  'src/app/page.ts': `import { words } from './words.ts'\nimport { clock } from '../clock.ts'\nexport const page = () => [words, clock(), import('./dialog.ts')]`,
  'src/app/dialog.ts': `import type { Shape } from './shape.ts'\nimport { words } from './words.ts'\nexport const dialog = (shape: Shape) => [words, shape]`,
  'src/app/words.ts': `export const words = 'words'`,
  'src/app/words.test.ts': `throw new Error('a test is not built')`,
  'src/app/shape.ts': `export type Shape = 'round'`,
  'src/clock.ts': `export const clock = () => 7`,
}

/**
 * @param {Record<string, string>} modules
 * @param {string[]} entryPoints
 * @returns {Promise<Record<string, string>>}
 */
async function make(modules, entryPoints) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'farebox-modules-')))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(modules)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const { outputFiles } = await build({
    absWorkingDir: folder, entryPoints, outdir: 'dist', bundle: true, splitting: true, write: false, format: 'esm',
    plugins: [separateModules('src/app')],
  })
  return Object.fromEntries(outputFiles.map(({ path, text }) => [path.slice(join(folder, 'dist').length + 1).replaceAll('\\', '/'), text]))
}

it('builds each module of a folder as a file of its own, of which the others import', async () => {
  const files = await make(sources, ['src/app/index.ts'])
  expect(Object.keys(files).toSorted()).toEqual(['app/dialog.js', 'app/index.js', 'app/page.js', 'app/words.js'])
  expect(files['app/index.js']).toMatch(/^"use client";[^]*from "\.\/page\.js"[^]*from "\.\/dialog\.js"/)
  expect(files['app/page.js']).toMatch(/from "\.\/words\.js"[^]*clock = [^]*import\("\.\/dialog\.js"\)/)
  expect(files['app/dialog.js']).toContain('from "./words.js"')
})

it('builds the same files in whatever order the entries were found', async () => {
  const modules = {
    ...sources,
    'src/money.ts': `export const money = () => 3`,
    'src/bell.ts': `export const bell = () => 5`,
    'src/shop.ts': `import { bell } from './bell.ts'\nimport { money } from './money.ts'\nexport const shop = () => [bell(), money()]`,
    'src/till.ts': `import { money } from './money.ts'\nexport const till = () => money()`,
    'src/tower.ts': `import { bell } from './bell.ts'\nexport const tower = () => bell()`,
  }
  const entries = ['src/app/index.ts', 'src/shop.ts', 'src/till.ts', 'src/tower.ts']
  expect(await make(modules, entries.toReversed())).toEqual(await make(modules, entries))
})
