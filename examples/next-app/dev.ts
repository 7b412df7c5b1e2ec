// Starts the app beside a local Stripe that sells what `billing.ts` says; beside yours where STRIPE_SECRET_KEY is set.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { webhookEvents } from '@farebox/core/drivers/stripe'
import { createStripeSimulator } from '@farebox/stripe-simulator'
import { type PriceIds, applyStep, planPush, readState } from 'farebox'
import { catalog } from './billing.ts'
import { connectStripe } from './stripe.ts'

const { PORT = '3000', STRIPE_SIMULATOR_PORT = '12111', STRIPE_SECRET_KEY = '' } = process.env
const { APP_URL = `http://localhost:${PORT}` } = process.env

/** Starts the local Stripe, and answers how the app reaches it. */
async function startStripe(): Promise<Readonly<Record<string, string>>> {
  const secret = 'whsec_local'
  const simulator = createStripeSimulator({
    webhookEndpoints: [{ url: `${APP_URL}/api/billing/webhooks/stripe`, secret, enabledEvents: webhookEvents }],
    file: 'stripe.state',
  })
  const { url } = await simulator.listen({ port: Number(STRIPE_SIMULATOR_PORT) })
  const client = connectStripe('sk_test_local', url)
  const prices: PriceIds = new Map()
  for (const step of planPush(catalog, await readState(client, catalog))) await applyStep(client, step, prices)
  console.log(`Stripe is simulated at ${url}`)
  return { STRIPE_API_BASE: url, STRIPE_SECRET_KEY: 'sk_test_local', STRIPE_WEBHOOK_SECRET: secret }
}

/** Says in a line why there is no local Stripe. */
function refuse(error: unknown): never {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  const way = isTaken ? ': stop what listens there, or set STRIPE_SIMULATOR_PORT to another port' : ''
  console.error(`${error instanceof Error ? error.message : 'The local Stripe could not start'}${way}`)
  process.exit(1)
}

const stripe = STRIPE_SECRET_KEY === '' ? await startStripe().catch(refuse) : {}
// The sign-in is a stand-in: only this machine is let in.
const options = [fileURLToPath(import.meta.resolve('next/dist/bin/next')), 'dev', '--hostname', 'localhost', '--port', PORT]
const next = spawn(process.execPath, options, { stdio: 'inherit', env: { ...process.env, APP_URL, ...stripe } })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => next.kill(signal))
next.on('exit', (code) => process.exit(code ?? 1))
