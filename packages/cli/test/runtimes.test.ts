import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createStripeSimulator } from '@farebox/stripe-simulator'
import { expect, onTestFinished, test } from 'vitest'
import { findRuntime, runtimeArguments, runtimeNames } from '../../../tools/servers/runtimes.mjs'

const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url))
const core = fileURLToPath(new URL('../../core/src/index.ts', import.meta.url))
const lacking = runtimeNames.filter((name) => findRuntime(name) === undefined)
const why = lacking.length === 0 ? '' : ` (there is no ${lacking.join(' and no ')} for this platform)`

// skipped: what this platform has no program of
test.skipIf(lacking.length > 0).each(runtimeNames)(`the doctor on %s looks at Stripe's clock as on Node${why}`, async (name) => {
  const folder = await mkdtemp(join(tmpdir(), 'farebox-runtimes-'))
  await writeFile(join(folder, 'billing.ts'), `
    import { defineCatalog } from ${JSON.stringify(core)}
    export const catalog = defineCatalog({ features: {}, plans: { free: { name: 'Free', default: true, features: {} } } })
  `)
  const listening = await createStripeSimulator({ apiKey: 'sk_test_canary9d2K' }).listen()
  onTestFinished(async () => {
    await listening.close()
    await rm(folder, { recursive: true })
  })
  const env = { PATH: process.env['PATH'], STRIPE_SECRET_KEY: 'sk_test_canary9d2K', STRIPE_API_BASE: listening.url, STRIPE_WEBHOOK_SECRET: 'whsec_canary4f7Lw' }
  const asked = promisify(execFile)(findRuntime(name) ?? '', [...runtimeArguments[name], bin, 'doctor', '--json', '--url', `${listening.url}/nothing`], { cwd: folder, env })
  // There is no app, so the doctor is not content.
  const { stdout } = await asked.catch((error: { readonly stdout: string }) => error)
  expect(JSON.parse(stdout)).toMatchObject({ checks: expect.arrayContaining([expect.objectContaining({ name: 'stripe-clock', state: 'ok' })]) })
})
