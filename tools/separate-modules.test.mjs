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

it('builds each module of a folder as a file of its own, of which the others import', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'farebox-modules-')))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(sources)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const { outputFiles } = await build({
    absWorkingDir: folder, entryPoints: ['src/app/index.ts'], outdir: 'dist', bundle: true, splitting: true, write: false, format: 'esm',
    plugins: [separateModules('src/app')],
  })
  const files = Object.fromEntries(outputFiles.map(({ path, text }) => [path.slice(join(folder, 'dist').length + 1).replaceAll('\\', '/'), text]))
  expect(Object.keys(files).toSorted()).toEqual(['app/dialog.js', 'app/index.js', 'app/page.js', 'app/words.js'])
  expect(files['app/index.js']).toMatch(/^"use client";[^]*from "\.\/page\.js"[^]*from "\.\/dialog\.js"/)
  expect(files['app/page.js']).toMatch(/from "\.\/words\.js"[^]*clock = [^]*import\("\.\/dialog\.js"\)/)
  expect(files['app/dialog.js']).toContain('from "./words.js"')
})
