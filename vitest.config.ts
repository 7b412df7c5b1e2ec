import { availableParallelism } from 'node:os'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumArguments, findChromium } from './tools/chromium.mjs'
import { testSeedOf } from './tools/test-seed.mjs'

const executablePath = findChromium()
const isSeeded = process.env['CI'] !== undefined && process.env['FAREBOX_TEST_SEED'] === undefined

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
          name: 'node',
          environment: 'node',
          globalSetup: './tools/servers/global-setup.mjs',
          // Much of it waits for servers, processes and pages: with two files more than there are cores none of them idles.
          maxWorkers: availableParallelism() + 2,
          include: ['packages/*/{src,test}/**/*.test.{ts,tsx}', '{examples,bench,tools}/**/*.test.{ts,mjs}'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/.next/**', '**/*.browser.test.*'],
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            tsconfig: './tsconfig.types.json',
            include: ['packages/*/{src,test}/**/*.test-d.ts'],
          },
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
