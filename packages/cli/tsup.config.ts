import { defineConfig } from 'tsup'
import { declarationsOf } from '../../tools/declarations.mjs'

const entry = ['src/index.ts', 'src/bin.ts']

export default defineConfig({
  entry,
  format: 'esm',
  target: 'es2023',
  platform: 'node',
  dts: declarationsOf(entry),
  clean: true,
})
