import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { expect, it } from 'vitest'

it('keeps every colour when an app bundles the stylesheet for older browsers', async () => {
  const outDir = await mkdtemp(join(tmpdir(), 'farebox-styles-'))
  try {
    const input = join(import.meta.dirname, '../src/styles.css')
    await build({ configFile: false, logLevel: 'silent', build: { outDir, emptyOutDir: true, rolldownOptions: { input } } })
    const [file = ''] = (await readdir(join(outDir, 'assets'))).filter((name) => name.endsWith('.css'))
    const css = await readFile(join(outDir, 'assets', file), 'utf8')
    expect(css).toContain('--_primary:')
    // What takes the place of `light-dark()` has no value where the app's own CSS sets no `color-scheme`.
    expect(css.match(/var\(--lightningcss-[^)]*\)/g)).toBeNull()
  } finally {
    await rm(outDir, { recursive: true })
  }
})

it('warns nobody whose bundler adds prefixes: it knows the edges of a flexible box by their former names', async () => {
  const folder = join(import.meta.dirname, '../src/styles')
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')))
  const boxes = files.flatMap((css) => css.split('}')).filter((rule) => /display: (inline-)?flex/.test(rule))
  expect(boxes.length).toBeGreaterThan(0)
  expect(boxes.filter((rule) => /(align|justify)-\w+: (start|end);/.test(rule))).toEqual([])
})
