import { mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it, onTestFinished } from 'vitest'
import { joinChunks } from './join-chunks.mjs'

const sources = {
  'package.json': '{ "type": "module", "sideEffects": false }',
  'src/fault.ts': 'export class Fault extends Error {}',
  'src/clock.ts': 'export const clock = () => 7',
  'src/money.ts': `import { Fault } from './fault.ts'\nexport const money = () => { throw new Fault('money') }`,
  'src/seldom.ts': `import { Fault } from './fault.ts'\nimport { clock } from './clock.ts'\nexport const seldom = () => new Fault(String(clock()))`,
  'src/app.ts': `export { Fault } from './fault.ts'\nexport { clock } from './clock.ts'\nexport { money } from './money.ts'\nexport const load = () => import('./seldom.ts')`,
  'src/edge/index.ts': `import { Fault } from '../fault.ts'\nimport { clock } from '../clock.ts'\nexport const edge = () => new Fault(String(clock()))`,
  'src/clock-only.ts': `import { clock } from './clock.ts'\nexport const twice = () => clock() * 2`,
  'src/catalog.ts': `export { money } from './money.ts'`,
}
const entryPoints = ['src/app.ts', 'src/edge/index.ts', 'src/clock-only.ts', 'src/catalog.ts']

/**
 * @param {Record<string, string>} files
 * @param {import('esbuild').Plugin[]} plugins
 */
async function make(files, plugins) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'farebox-chunks-')))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints,
    outdir: 'dist',
    outbase: 'src',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    logLevel: 'silent',
    plugins,
  })
  for (const { path, contents } of outputFiles ?? []) {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, contents)
  }
  const chunks = (await readdir(join(folder, 'dist'))).filter((file) => file.startsWith('chunk-'))
  const read = async (/** @type {string} */ file) => readFile(join(folder, 'dist', file), 'utf8')
  const load = async (/** @type {string} */ file) => import(/* @vite-ignore */ pathToFileURL(join(folder, 'dist', file)).href)
  return { chunks, read, load }
}

const joinings = [{ entry: 'src/app.ts', besides: [['src/edge/index.ts', 'src/clock-only.ts']] }]

describe('chunks that are joined', () => {
  it('are one file, which every entry and what is loaded on demand imports instead', async () => {
    expect((await make(sources, [])).chunks).toHaveLength(3)
    const { chunks, read, load } = await make(sources, [joinChunks(joinings)])
    expect(chunks).toHaveLength(2)
    const [app, edge, twice, catalog] = await Promise.all(['app.js', 'edge/index.js', 'clock-only.js', 'catalog.js'].map(load))
    expect(edge.edge()).toBeInstanceOf(app.Fault)
    expect(twice.twice()).toBe(14)
    expect(catalog.money).toThrow(app.Fault)
    const { seldom } = await app.load()
    expect(seldom()).toBeInstanceOf(app.Fault)
    expect(await read('app.js')).toMatch(/import\("\.\/seldom-\w+\.js"\)/)
  })

  it('bring nothing that only another entry needs', async () => {
    const { read, load } = await make(sources, [joinChunks(joinings)])
    const [, chunk] = /"\.\.\/(chunk-\w+\.js)"/.exec(await read('edge/index.js')) ?? []
    expect(Object.keys(await load(`${chunk}`)).toSorted()).toEqual(['Fault', 'clock'])
  })

  it('are not built where two of them export one name, or an entry is none', async () => {
    await expect(make(sources, [joinChunks([{ entry: 'src/nobody.ts', besides: [] }])])).rejects.toThrow('src/nobody.ts is no entry of this build')
    const collision = {
      ...sources,
      'src/clock.ts': 'export class Fault {}\nexport const clock = () => 7',
      'src/clock-only.ts': `import { clock, Fault } from './clock.ts'\nexport const twice = () => [new Fault(), clock() * 2]`,
      'src/app.ts': `${sources['src/app.ts']}\nexport { Fault as Other } from './clock.ts'`,
    }
    await expect(make(collision, [joinChunks(joinings)])).rejects.toThrow('both export Fault')
  })
})
