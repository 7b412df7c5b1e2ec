import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/admin/index.ts', 'src/testing/index.ts', 'src/styles.css', 'src/styles/admin.css'],
  format: 'esm',
  target: 'es2023',
  platform: 'neutral',
  dts: { entry: ['src/index.ts', 'src/admin/index.ts', 'src/testing/index.ts'] },
  clean: true,
})
