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
  // The bundler notes above each of two hundred modules which file it was: published, nobody has these files.
  plugins: [{ name: 'without-paths', renderChunk: (code) => ({ code: code.replace(/^\/\/ src\/\S+\.ts\n/gm, '') }) }],
})
