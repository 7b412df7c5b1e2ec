import { type HandleOptions, allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { bearer, testAuth } from '../test/sign-in.ts'
import { billingRoutes } from './billing-routes.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
})

function setUp() {
  return createFarebox({ catalog, store: memoryStore(), auth: testAuth() })
}

/** Keeps what `handle` was given. */
function recordingHandle() {
  const calls: { request: Request; options: HandleOptions | undefined }[] = []
  const handle = async (request: Request, options?: HandleOptions) => {
    calls.push({ request, options })
    return Response.json({ body: await request.text() })
  }
  return { calls, handle }
}

describe('billingRoutes()', () => {
  test('answers every route of the contract where it is mounted', async () => {
    const app = new Hono().route('/api/billing', billingRoutes(setUp()))
    const headers = { authorization: await bearer('ann') }
    expect(await (await app.request('/api/billing/me', { headers })).json()).toMatchObject({ customer: 'ann', plan: 'free' })
    expect(await (await app.request('/api/billing/plans')).json()).toMatchObject({ plans: [{ key: 'free' }] })
    expect((await app.request('/api/billing/me')).status).toBe(401)
    expect((await app.request('/api/billing/nothing')).headers.get('content-type')).toBe('application/problem+json')
    expect((await app.request('/api/billing/plans', { method: 'DELETE' })).status).toBe(405)
    expect((await app.request('/api/billing/plans', { method: 'HEAD' })).status).toBe(200)
    expect((await app.request('/elsewhere/me', { headers })).status).toBe(404)
  })

  test('stands under another app\'s base path too', async () => {
    const farebox = createFarebox({ catalog, store: memoryStore(), auth: testAuth(), basePath: '/v1/billing' })
    const app = new Hono().basePath('/v1').route('/billing', billingRoutes(farebox))
    expect((await app.request('/v1/billing/plans')).status).toBe(200)
  })

  test('hands over the request unread', async () => {
    const { calls, handle } = recordingHandle()
    const app = new Hono().route('/api/billing', billingRoutes({ handle }))
    const request = new Request('http://localhost/api/billing/webhooks/stripe?x=%2f', { method: 'POST', body: '{ "a":1 }\r\n' })
    expect(await (await app.request(request)).json()).toEqual({ body: '{ "a":1 }\r\n' })
    expect(calls[0]?.request).toBe(request)
  })

  test('hands work after the answer to the runtime, where it can wait', async () => {
    const { calls, handle } = recordingHandle()
    const app = new Hono().route('/api/billing', billingRoutes({ handle }))
    await app.request('/api/billing/me')
    expect(calls[0]?.options).toEqual({})

    const waited: unknown[] = []
    const executionCtx = { waitUntil: (work: Promise<unknown>) => waited.push(work), passThroughOnException: () => undefined, props: {} }
    await app.request('/api/billing/me', {}, {}, executionCtx)
    const work = Promise.resolve()
    calls[1]?.options?.waitUntil?.(work)
    expect(waited).toEqual([work])
  })
})
