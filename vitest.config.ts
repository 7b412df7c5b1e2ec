import { availableParallelism } from 'node:os'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumArguments, findChromium } from './tools/chromium.mjs'
import { testSeedOf } from './tools/test-seed.mjs'

const executablePath = findChromium()
const isSeeded = process.env['CI'] !== undefined && process.env['FAREBOX_TEST_SEED'] === undefined

/** Much of it waits for servers, processes and pages: with one file more than there are cores none of them idles. */
const maxWorkers = availableParallelism() + 1

/** What needs no database, process or page, and replaces no module. */
const units = [
  'packages/{core,react,hono-adapter,cli}/src/**/!(*.browser).test.{ts,tsx}',
  'packages/core/test/tokens/*.test.ts',
  'packages/core/test/stripe/!(crash*|kills|lives*|reversals).test.ts',
  'packages/stripe-simulator/test/!(bin|pages).test.ts',
  'tools/**/*.test.mjs',
]

export default defineConfig({
  resolve: { conditions: ['@farebox/source'] },
  ssr: { resolve: { conditions: ['@farebox/source'] } },
  test: {
    // Limits are for what hangs: how fast a machine is, and what else it does, decides no test.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    // A seed is drawn anew by every other run.
    env: isSeeded ? { FAREBOX_TEST_SEED: testSeedOf(import.meta.dirname) } : {},
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          // They share what they import: to begin anew for each file takes longer than most of them.
          isolate: false,
          unstubGlobals: true,
          maxWorkers,
          include: units,
        },
      },
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          globalSetup: './tools/servers/global-setup.mjs',
          maxWorkers,
          include: ['packages/*/{src,test}/**/*.test.{ts,tsx}', '{examples,bench}/**/*.test.{ts,mjs}'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/.next/**', '**/*.browser.test.*', ...units],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          sequence: { groupOrder: 1 },
          // By default one core is left idle, which of two is half.
          maxWorkers: availableParallelism(),
          include: ['packages/react/**/*.browser.test.tsx'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            instances: [{ browser: 'chromium' }],
            provider: playwright({
              launchOptions: { args: chromiumArguments, ...(executablePath !== undefined && { executablePath }) },
            }),
          },
        },
      },
    ],
  },
})
