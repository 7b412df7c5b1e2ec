import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { findFreePort } from '../../../tools/servers/server-process.mjs'
import { runMain } from './run-main.ts'

async function ports(): Promise<Record<string, string>> {
  return { PORT: String(await findFreePort()), STRIPE_SIMULATOR_PORT: String(await findFreePort()) }
}

test('the tour goes as promised, and the README tells it as it goes', async () => {
  const { code, output } = await runMain(['--tour', '--json'], { FAREBOX_DEV: '1', ...(await ports()) })

  const tour = JSON.parse(output) as { isAsPromised: boolean; steps: { title: string; isAsPromised: boolean; seen: string[] }[] }
  expect(tour.steps.filter((step) => !step.isAsPromised)).toEqual([])
  expect([code, tour.isAsPromised, tour.steps.length]).toEqual([0, true, 9])
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8')
  for (const [index, { title }] of tour.steps.entries()) expect(readme).toContain(`${index + 1}. ${title}`)
})

test('the development sign-in and production exclude each other', async () => {
  const { code, output, errors } = await runMain([], { FAREBOX_DEV: '1', NODE_ENV: 'production', ...(await ports()) })

  expect(code).toBe(1)
  expect(output).toBe('')
  expect(errors).toContain('FAREBOX_DEV=1')
})

test('without stand-ins every missing key is named at once, and no value is shown', async () => {
  const { code, errors } = await runMain([], { STRIPE_SECRET_KEY: 'sk_test_canary', ...(await ports()) })

  expect(code).toBe(1)
  for (const name of ['STRIPE_WEBHOOK_SECRET', 'CLERK_SECRET_KEY', 'CLERK_JWT_KEY', 'APP_URL']) expect(errors).toContain(name)
  expect(errors).not.toContain('canary')
})

test('the tour does not play on real keys', async () => {
  const keys = { STRIPE_SECRET_KEY: 'sk_test_canary', STRIPE_WEBHOOK_SECRET: 'whsec_canary' }
  const { code, errors } = await runMain(['--tour'], { FAREBOX_DEV: '1', ...keys, ...(await ports()) })

  expect(code).toBe(1)
  expect(errors).toContain('stand-ins')
  expect(errors).not.toContain('canary')
})
