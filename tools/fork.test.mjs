import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import typescript from 'typescript'
import { expect, it, onTestFinished } from 'vitest'
import { forkExample } from './fork.mjs'

/** @param {string} [packages] */
function fork(packages) {
  const folder = mkdtempSync(join(tmpdir(), 'farebox-fork-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  forkExample(folder, packages)
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(tsx?|json)$/.test(name))
  const files = new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  return { folder, files, manifest: JSON.parse(files.get('package.json') ?? '') }
}

it('leaves nothing in the app that only the workspace knows', () => {
  const { files } = fork()
  expect([...files.keys()]).toEqual(expect.arrayContaining(['billing.ts', join('src', 'main.ts'), join('dashboard', 'app.tsx'), 'vite.config.ts']))
  for (const [name, text] of files) expect({ name, found: /catalog:'|"catalog:|workspace:|@farebox\/source|\.\.\/\.\.\/\.\.\//.exec(text) }).toEqual({ name, found: null })
})

it('lists every package that the app imports, in versions that npm understands', () => {
  const { files, manifest } = fork()
  const versions = { ...manifest.dependencies, ...manifest.devDependencies }
  const sources = [...files].filter(([name]) => !name.endsWith('.json'))
  const imported = sources.flatMap(([, text]) => typescript.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName))
  const packages = imported.filter((name) => !name.startsWith('.') && !isBuiltin(name)).map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
  expect(packages.length).toBeGreaterThan(10)
  expect(Object.keys(versions)).toEqual(expect.arrayContaining(packages))
  for (const version of Object.values(versions)) expect(version).toMatch(/^\^\d+\.\d+\.\d+$/)
})

it('takes Farebox from tarballs where it is told so', () => {
  const { manifest } = fork('/packed')
  expect(manifest.dependencies).toMatchObject({ '@farebox/core': expect.stringMatching(/^file:.*packed.farebox-core-\d\S+\.tgz$/), hono: expect.stringMatching(/^\^/) })
})

it('writes into no folder that holds something', () => {
  const { folder } = fork()
  expect(() => forkExample(folder)).toThrow('is not empty')
})
