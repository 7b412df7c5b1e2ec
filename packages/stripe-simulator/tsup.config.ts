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
  // The bundler notes above each of two hundred modules which file it was: published, nobody has these files.
  plugins: [{ name: 'without-paths', renderChunk: (code) => ({ code: code.replace(/^\/\/ src\/\S+\.ts\n/gm, '') }) }],
})
