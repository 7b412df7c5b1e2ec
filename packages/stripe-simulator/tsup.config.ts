import { defineConfig } from 'tsup'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/bin.ts',
  ],
  format: 'esm',
  target: 'es2023',
  platform: 'node',
  dts: true,
  clean: true,
})
