import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Options, defineConfig } from 'tsup'
import { declarationsOf } from '../../tools/declarations.mjs'
import { writeGuides } from '../../tools/guides.mjs'
import { joinChunks } from '../../tools/join-chunks.mjs'
import { modulesOf, separateModules } from '../../tools/separate-modules.mjs'

/** Comments in the SQL of migrations and in the Lua of scripts are for who reads them here: published, they would be a tenth of the driver. */
const withoutComments: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'without-comments',
  setup(build) {
    build.onLoad({ filter: /(migrations|redis[\\/]script)[\\/].+\.ts$/ }, async ({ path }) => {
      return { contents: (await readFile(path, 'utf8')).replace(/^ *--( .*)?\n/gm, ''), loader: 'ts' }
    })
  },
}

const browser = [...modulesOf('src/client', fileURLToPath(new URL('.', import.meta.url))), 'src/protocol/index.ts']
const edge = ['src/token.ts', 'src/drivers/jose/index.ts', 'src/drivers/clerk/index.ts']

const joined = joinChunks([
  { entry: 'src/index.ts', besides: [browser, edge, ['src/drivers/memory/index.ts'], ['src/catalog/index.ts']] },
  { entry: 'src/drivers/memory/index.ts', besides: [] },
])

const entry = [
  'src/index.ts',
  'src/catalog/index.ts',
  'src/drivers/memory/index.ts',
  'src/drivers/postgres/index.ts',
  'src/drivers/redis/index.ts',
  'src/drivers/sqlite/index.ts',
  'src/drivers/d1/index.ts',
  'src/drivers/durable-object/index.ts',
  'src/drivers/stripe/index.ts',
  'src/drivers/jose/index.ts',
  'src/drivers/clerk/index.ts',
  'src/drivers/session/index.ts',
  'src/token.ts',
  'src/client/index.ts',
  'src/protocol/index.ts',
  'src/testing/index.ts',
]

export default defineConfig({
  entry,
  format: 'esm',
  target: 'es2023',
  platform: 'neutral',
  dts: declarationsOf(entry),
  clean: true,
  esbuildPlugins: [withoutComments, separateModules('src/client'), joined],
  onSuccess: async () => writeGuides('packages/core'),
})
