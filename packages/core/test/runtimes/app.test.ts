import { Miniflare } from 'miniflare'
import { describe, expect, test } from 'vitest'
import { runtimeNames } from '../../../../tools/servers/runtimes.mjs'
import { bundleWorker } from '../d1/worker.ts'
import { skippedOn, startRuntime } from './runtime.ts'

const entry = new URL('./app-worker.ts', import.meta.url)

interface Running {
  fetch(path: string, init?: { readonly method: string; readonly body: string; readonly headers: Record<string, string> }): Promise<{ readonly status: number; json(): Promise<unknown> }>
  close(): Promise<void>
}

async function startWorkerd(): Promise<Running> {
  const worker = new Miniflare({ modules: true, script: await bundleWorker(entry), compatibilityDate: '2026-07-01' })
  return { fetch: async (path, init) => worker.dispatchFetch(`https://app.example.com${path}`, init ?? {}), close: async () => worker.dispose() }
}

const others = runtimeNames.map((name) => ({ name, skipped: skippedOn(name), start: async (): Promise<Running> => startRuntime(name, entry) }))

describe.each([{ name: 'workerd, without compatibility with Node', skipped: null, start: startWorkerd }, ...others])('on $name', ({ skipped, start }) => {
  // skipped: what this platform has no program of
  test.skipIf(skipped !== null)(`everything runs${skipped === null ? '' : ` (${skipped})`}`, async () => {
    const running = await start()
    try {
      const ask = async (...request: Parameters<Running['fetch']>): Promise<{ status: number; body: unknown }> => {
        const response = await running.fetch(...request)
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
    } finally {
      await running.close()
    }
  })
})
