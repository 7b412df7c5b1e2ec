import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import typescript from 'typescript'
import { expect, it, onTestFinished } from 'vitest'
import { forkExample } from './fork.mjs'

/** @param {Parameters<typeof forkExample>[1]} [options] */
function fork(options) {
  const folder = mkdtempSync(join(tmpdir(), 'farebox-fork-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  forkExample(folder, options)
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(tsx?|json)$/.test(name))
  const files = new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  return { folder, files, manifest: JSON.parse(files.get('package.json') ?? '') }
}

/** What stands in the app of each example, among others. */
const examples = {
  'hono-api': ['billing.ts', join('src', 'main.ts'), join('dashboard', 'app.tsx'), 'vite.config.ts'],
  'next-app': ['billing.ts', 'dev.ts', join('app', 'layout.tsx'), join('app', 'api', 'billing', '[...path]', 'route.ts'), 'next.config.ts'],
}

it.each(Object.entries(examples))('leaves nothing in the app that only the workspace knows: %s', (example, expected) => {
  const { files } = fork({ example })
  expect([...files.keys()]).toEqual(expect.arrayContaining(expected))
  for (const [name, text] of files) expect({ name, found: /catalog:'|"catalog:|workspace:|@farebox\/source|"\.\.\//.exec(text) }).toEqual({ name, found: null })
})

it.each(Object.keys(examples))('lists every package that the app imports, in versions that npm understands, and every file: %s', (example) => {
  const { folder, files, manifest } = fork({ example })
  const versions = { ...manifest.dependencies, ...manifest.devDependencies }
  const sources = [...files].filter(([name]) => !name.endsWith('.json'))
  const imports = sources.flatMap(([name, text]) => typescript.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => ({ name, fileName })))
  const own = imports.filter(({ fileName }) => fileName.startsWith('.')).map(({ name, fileName }) => join(name, '..', fileName))
  expect(own.filter((path) => path.startsWith('..') || !existsSync(join(folder, path)))).toEqual([])
  const imported = imports.map(({ fileName }) => fileName)
  const packages = imported.filter((name) => !name.startsWith('.') && !isBuiltin(name)).map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
  expect(packages.length).toBeGreaterThan(10)
  expect(Object.keys(versions)).toEqual(expect.arrayContaining(packages))
  for (const version of Object.values(versions)) expect(version).toMatch(/^\^\d+\.\d+\.\d+$/)
})

it('takes Farebox from tarballs where it is told so', () => {
  const { manifest } = fork({ packages: '/packed' })
  expect(manifest.dependencies).toMatchObject({ '@farebox/core': expect.stringMatching(/^file:.*packed.farebox-core-\d\S+\.tgz$/), hono: expect.stringMatching(/^\^/) })
})

it('leaves nothing for Next to write into the tsconfig', () => {
  const { files } = fork({ example: 'next-app' })
  expect(JSON.parse(files.get('tsconfig.json') ?? '')).toMatchObject({ compilerOptions: { incremental: true }, exclude: ['node_modules'] })
})

it('writes into no folder that holds something', () => {
  const { folder } = fork()
  expect(() => forkExample(folder)).toThrow('is not empty')
})

it('names the examples there are', () => {
  expect(() => fork({ example: 'rails-app' })).toThrow('There is no example rails-app. There are: hono-api, next-app.')
})
