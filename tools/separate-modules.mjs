// Builds one file a module. What is loaded on demand shares modules with what is not, and no bundler takes a file apart: in common
// files the one would come with the other.
import { readdirSync } from 'node:fs'
import { relative, resolve } from 'node:path'

/**
 * The modules of a folder and of those in it, without tests, in the order of their paths.
 *
 * @param {string} folder
 * @param {string} [root] what it is written from
 * @returns {string[]}
 */
export function modulesOf(folder, root = '.') {
  return readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test(-d)?\.tsx?$/.test(path))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .toSorted()
}

/**
 * A plugin of esbuild: each module of the folder becomes a file of its own, at its place below `src`. Entries are built in one
 * order, the higher before the deeper: the code follows it, and the search that finds them ends in another order each time.
 *
 * @param {string} folder
 * @returns {import('esbuild').Plugin}
 */
export function separateModules(folder) {
  return {
    name: 'separate-modules',
    setup(build) {
      const { absWorkingDir = '.' } = build.initialOptions
      const root = resolve(absWorkingDir, folder)
      const found = Object.values(build.initialOptions.entryPoints ?? {}).map(String)
      const entries = found.toSorted().toSorted((one, other) => one.split('/').length - other.split('/').length)
      /** @param {string} path */
      const isOwn = (path) => !relative(root, path).startsWith('..')
      build.initialOptions.entryPoints = [...new Set([...entries, ...modulesOf(folder, absWorkingDir)])]
      build.initialOptions.outbase = 'src'
      build.onResolve({ filter: /^\.{1,2}\/.*\.tsx?$/ }, ({ path, resolveDir, kind }) =>
        kind === 'entry-point' || !isOwn(resolveDir) || !isOwn(resolve(resolveDir, path))
          ? undefined
          : { path: path.replace(/\.tsx?$/, '.js'), external: true, sideEffects: false },
      )
      build.onEnd(({ outputFiles = [] }) => {
        // Of a module of types nothing is left.
        outputFiles.splice(0, outputFiles.length, ...outputFiles.filter(({ text }) => text.trim() !== ''))
      })
    },
  }
}
