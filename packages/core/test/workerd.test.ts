import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { expect, onTestFinished, test } from 'vitest'

const app = `
  import { allowance, createFarebox, defineCatalog, metered, usd } from '@farebox/core'
  import { jwtAuth, planTokens, generatePlanTokenKey } from '@farebox/core/drivers/jose'
  import { memoryStore } from '@farebox/core/drivers/memory'
  import { stripePayments } from '@farebox/core/drivers/stripe'
  import Stripe from 'stripe'

  const catalog = defineCatalog({
    features: { apiCalls: metered({ unit: 'call' }) },
    plans: {
      free: { name: 'Free', default: true, features: { apiCalls: allowance(2).per('month') }, gates: { apiCalls: ['100/minute'] } },
      pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month') } },
    },
  })
  let farebox
  async function start() {
    const auth = jwtAuth({ issuer: 'https://issuer.example.com', audience: 'api', algorithms: ['HS256'], keys: { secret: 'x'.repeat(32) } })
    const key = await generatePlanTokenKey()
    const payments = stripePayments({ client: new Stripe('sk_test_worker'), webhookSecret: 'whsec_worker' })
    const tokens = planTokens({ keys: [key], issuer: 'https://app.example.com', audience: 'edge' })
    return createFarebox({ catalog, store: memoryStore(), auth, payments, planTokens: tokens, appUrl: 'https://app.example.com' })
  }
  export default {
    async fetch(request, env, context) {
      farebox ??= await start()
      if (new URL(request.url).pathname !== '/consume') return farebox.handle(request, { waitUntil: (work) => context.waitUntil(work) })
      const decision = await farebox.consume({ customer: 'user_1', feature: 'apiCalls' })
      const { token } = await farebox.issuePlanToken({ customer: 'user_1', subject: 'user_1' })
      return Response.json({ decision, isToken: token.split('.').length === 3 })
    },
  }
`

test('everything runs in workerd, without compatibility with Node', async () => {
  const bundle = await build({
    stdin: { contents: app, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'js' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    conditions: ['@farebox/source', 'workerd', 'worker', 'browser'],
  })
  const script = bundle.outputFiles[0]?.text ?? ''
  const worker = new Miniflare({ modules: true, script, compatibilityDate: '2026-07-01' })
  onTestFinished(() => worker.dispose())
  const ask = async (path: string, init = {}): Promise<{ status: number; body: unknown }> => {
    const response = await worker.dispatchFetch(`https://app.example.com${path}`, init)
    return { status: response.status, body: await response.json() }
  }

  expect(await ask('/consume')).toMatchObject({ body: { decision: { allowed: true, used: 1, remaining: 1 }, isToken: true } })
  expect(await ask('/consume')).toMatchObject({ body: { decision: { allowed: true, used: 2, remaining: 0 } } })
  expect(await ask('/consume')).toMatchObject({ body: { decision: { allowed: false, reason: 'quota-exceeded', lift: { plan: 'pro' } } } })
  expect(await ask('/api/billing/plans')).toMatchObject({ status: 200, body: { plans: [{ key: 'free' }, { key: 'pro' }] } })
  expect(await ask('/api/billing/me')).toMatchObject({ status: 401, body: { type: '/problems/unauthenticated' } })
  expect(await ask('/api/billing/.well-known/jwks.json')).toMatchObject({ status: 200, body: { keys: [{ use: 'sig' }] } })
  const forged = { method: 'POST', body: '{}', headers: { 'stripe-signature': `t=${Math.floor(Date.now() / 1000)},v1=00` } }
  expect(await ask('/api/billing/webhooks/stripe', forged)).toMatchObject({ status: 400, body: { type: '/problems/invalid-signature' } })
})
