import { defineConfig } from 'tsup'
import { declarationsOf } from '../../tools/declarations.mjs'
import { separateModules } from '../../tools/separate-modules.mjs'

const modules = [
  'src/index.ts', 'src/admin/index.ts', 'src/query/swr/index.ts', 'src/query/tanstack-query/index.ts', 'src/testing/index.ts',
  'src/locales/ar.ts', 'src/locales/de.ts', 'src/locales/es.ts', 'src/locales/fr.ts', 'src/locales/ja.ts',
  'src/admin/locales/ar.ts', 'src/admin/locales/de.ts', 'src/admin/locales/es.ts', 'src/admin/locales/fr.ts', 'src/admin/locales/ja.ts',
]

export default defineConfig({
  entry: [...modules, 'src/styles.css', 'src/styles/admin.css'],
  format: 'esm',
  target: 'es2023',
  platform: 'neutral',
  dts: declarationsOf(modules),
  clean: true,
  esbuildPlugins: [separateModules('src')],
})
