import { defineConfig } from 'tsup'

const modules = [
  'src/index.ts', 'src/admin/index.ts', 'src/testing/index.ts',
  'src/locales/ar.ts', 'src/locales/de.ts', 'src/locales/es.ts', 'src/locales/fr.ts', 'src/locales/ja.ts',
]

export default defineConfig({
  entry: [...modules, 'src/styles.css', 'src/styles/admin.css'],
  format: 'esm',
  target: 'es2023',
  platform: 'neutral',
  dts: { entry: modules },
  clean: true,
})
