import { readdirSync } from 'node:fs'
import { type Options, defineConfig } from 'tsup'

const modules = [
  'src/index.ts', 'src/admin/index.ts', 'src/query/swr/index.ts', 'src/query/tanstack-query/index.ts', 'src/testing/index.ts',
  'src/locales/ar.ts', 'src/locales/de.ts', 'src/locales/es.ts', 'src/locales/fr.ts', 'src/locales/ja.ts',
]

/**
 * Builds one file a module. What is loaded on demand shares modules with what is not, and no bundler takes a file apart: in
 * common files the one would come with the other.
 */
const separateModules: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'separate-modules',
  setup(build) {
    const own = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => /^(?!.*(\.test|\.test-d)\.).*\.tsx?$/.test(path))
    const styles = Object.values(build.initialOptions.entryPoints ?? {}).filter((path) => String(path).endsWith('.css'))
    build.initialOptions.entryPoints = [...own.map((path) => `src/${path.replaceAll('\\', '/')}`), ...styles.map(String)]
    build.initialOptions.outbase = 'src'
    build.onResolve({ filter: /^\.{1,2}\/.*\.tsx?$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.tsx?$/, '.js'), external: true, sideEffects: false },
    )
    build.onEnd(({ outputFiles = [] }) => {
      // Of a module of types nothing is left.
      outputFiles.splice(0, outputFiles.length, ...outputFiles.filter(({ text }) => text.trim() !== ''))
    })
  },
}

export default defineConfig({
  entry: [...modules, 'src/styles.css', 'src/styles/admin.css'],
  format: 'esm',
  target: 'es2023',
  platform: 'neutral',
  dts: { entry: modules },
  clean: true,
  esbuildPlugins: [separateModules],
})
