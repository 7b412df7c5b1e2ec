// Joins the chunks of a build that are loaded together: each file that an import waits for costs more than what is in it.
import { createHash } from 'node:crypto'
import { basename, dirname, relative, resolve } from 'node:path'
import { build } from 'esbuild'

/**
 * @typedef {import('esbuild').OutputFile} OutputFile
 * @typedef {import('esbuild').Metafile} Metafile
 * @typedef {{ entry: string, besides: readonly (readonly string[])[] }} Joining
 */

const quoted = /(?<=^(?:import|export)\b[^'"]*)"(\.{1,2}\/[^"]+)"/gm
const bareImport = /^import "(\.{1,2}\/[^"]+)";\n/gm

/**
 * A plugin of esbuild, for builds that split their code: what an entry loads at once comes in few files. A chunk goes into
 * one file with those that the same one of `besides` loads too, the first in their order, or that none of them does; so
 * none of these loads what only others need. Entries and what is loaded on demand stay what they are.
 *
 * @param {readonly Joining[]} joinings by the sources of the entry points
 * @returns {import('esbuild').Plugin}
 */
export function joinChunks(joinings) {
  return {
    name: 'join-chunks',
    setup(current) {
      const { outdir = 'dist' } = current.initialOptions
      current.initialOptions.metafile = true
      current.onEnd(async ({ outputFiles, metafile }) => {
        if (outputFiles === undefined || metafile === undefined) return
        const root = current.initialOptions.absWorkingDir ?? process.cwd()
        const files = new Map(outputFiles.map((file) => [relative(root, file.path).replaceAll('\\', '/'), file.text]))
        /** @type {Map<string, string>} where the code of a chunk is now */
        const places = new Map()
        for (const chunks of chunksOf(joinings, metafile)) {
          const text = await join(chunks, files, places, metafile)
          const place = `${outdir}/chunk-${createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase()}.js`
          files.set(place, text)
          for (const chunk of chunks) {
            files.delete(chunk)
            places.set(chunk, place)
          }
        }
        outputFiles.splice(0, outputFiles.length, ...[...files].map(([path, text]) => fileOf(resolve(root, path), lead(path, text, places))))
      })
    },
  }
}

/**
 * The lists of chunks that become one file each. A list needs only itself and those before it.
 *
 * @param {readonly Joining[]} joinings
 * @param {Metafile} metafile
 * @returns {string[][]}
 */
export function chunksOf(joinings, { outputs }) {
  /** @param {string} source */
  const loadedBy = (source) => {
    const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === source)
    if (entry === undefined) throw new Error(`${source} is no entry of this build`)
    const loaded = new Set([entry])
    for (const path of loaded) {
      for (const { path: next, kind } of outputs[path]?.imports ?? []) if (kind === 'import-statement' && outputs[next]) loaded.add(next)
    }
    return loaded
  }
  /** @type {Set<string>} */
  const listed = new Set()
  return joinings
    .flatMap(({ entry, besides }) => {
      const all = loadedBy(entry)
      return [...besides, [entry]].map((sources) => {
        const chunks = sources.flatMap((source) => [...loadedBy(source)]).filter((path) => all.has(path) && !listed.has(path))
        const list = [...new Set(chunks)].filter((path) => outputs[path]?.entryPoint === undefined)
        for (const path of list) listed.add(path)
        return list
      })
    })
    .filter((list) => list.length > 1)
}

/**
 * @param {readonly string[]} chunks
 * @param {ReadonlyMap<string, string>} files
 * @param {ReadonlyMap<string, string>} places
 * @param {Metafile} metafile
 * @returns {Promise<string>}
 */
async function join(chunks, files, places, { outputs }) {
  const names = chunks.flatMap((chunk) => outputs[chunk]?.exports ?? [])
  const twice = names.filter((name, index) => names.indexOf(name) !== index)
  if (twice.length > 0) throw new Error(`Chunks that are to be joined both export ${twice.join(' and ')}: give one of them another name`)
  const { outputFiles } = await build({
    stdin: { contents: chunks.map((chunk) => `export * from '${chunk}'`).join('\n') },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    platform: 'neutral',
    plugins: [
      {
        name: 'chunks',
        setup(inner) {
          inner.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
            const chunk = importer === '<stdin>' ? path : `${dirname(importer)}/${path.slice(2)}`
            if (path.startsWith('.') || importer === '<stdin>') {
              if (kind !== 'dynamic-import' && chunks.includes(chunk)) return { path: chunk, namespace: 'chunk' }
              return { path: `./${basename(places.get(chunk) ?? chunk)}`, external: true }
            }
            return { path, external: true }
          })
          inner.onLoad({ filter: /.*/, namespace: 'chunk' }, ({ path }) => ({ contents: files.get(path) ?? '', loader: 'js' }))
        },
      },
    ],
  })
  return outputFiles.map(({ text }) => text.replaceAll(/^\/\/ chunk:.*\n/gm, '')).join('')
}

/**
 * Lets a file import from where its chunks are now. Nothing here has side effects, so an import of no name is of no use.
 *
 * @param {string} path
 * @param {string} text
 * @param {ReadonlyMap<string, string>} places
 */
function lead(path, text, places) {
  const folder = dirname(path)
  /** @param {string} specifier */
  const placeOf = (specifier) => places.get(relative('.', resolve(folder, specifier)).replaceAll('\\', '/'))
  return text
    .replaceAll(bareImport, (statement, specifier) => (placeOf(specifier) === undefined ? statement : ''))
    .replaceAll(quoted, (literal, specifier) => {
      const place = placeOf(specifier)
      if (place === undefined) return literal
      const from = relative(folder, place).replaceAll('\\', '/')
      return `"${from.startsWith('.') ? from : `./${from}`}"`
    })
}

/**
 * @param {string} path
 * @param {string} text
 * @returns {OutputFile}
 */
function fileOf(path, text) {
  const contents = new TextEncoder().encode(text)
  return { path, text, contents, hash: createHash('sha256').update(contents).digest('hex') }
}
