import { defineConfig } from 'tsup'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/drivers/memory/index.ts',
    'src/drivers/postgres/index.ts',
    'src/drivers/redis/index.ts',
    'src/drivers/sqlite/index.ts',
    'src/drivers/d1/index.ts',
    'src/drivers/durable-object/index.ts',
    'src/drivers/stripe/index.ts',
    'src/drivers/jose/index.ts',
    'src/drivers/clerk/index.ts',
    'src/token.ts',
    'src/client/index.ts',
    'src/protocol/index.ts',
    'src/testing/index.ts',
  ],
  format: 'esm',
  target: 'es2023',
  platform: 'neutral',
  dts: true,
  clean: true,
})
