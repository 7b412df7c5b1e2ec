import type { HandleOptions } from '@farebox/core'
import { setImmediate as immediately } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { createRouteHandlers } from './create-route-handlers.ts'

const after = vi.hoisted(() => vi.fn<(work: Promise<unknown>) => void>(() => { throw new Error('`after` was called outside a request scope.') }))
vi.mock('next/server.js', () => ({ after }))

test('work after an answer is awaited where Next does not wait for it', async () => {
  const order: string[] = []
  const handle = async (_request: Request, options?: HandleOptions): Promise<Response> => {
    options?.waitUntil?.(immediately().then(() => order.push('work')))
    return new Response('answered')
  }
  const response = await createRouteHandlers({ handle }).POST(new Request('http://localhost/api/billing/converge', { method: 'POST' }))
  order.push('answer')
  expect(await response.text()).toBe('answered')
  expect(order).toEqual(['work', 'answer'])
})

test('work that Next waits for holds up no answer', async () => {
  const work = new Promise<never>(() => undefined)
  after.mockImplementationOnce(() => undefined)
  const handle = async (_request: Request, options?: HandleOptions): Promise<Response> => {
    options?.waitUntil?.(work)
    return new Response('answered')
  }
  const response = await createRouteHandlers({ handle }).POST(new Request('http://localhost/api/billing/converge', { method: 'POST' }))
  expect(await response.text()).toBe('answered')
  expect(after).toHaveBeenLastCalledWith(work)
})

async function tell(request: Request): Promise<Response> {
  return Response.json([request.method, request.url, request.headers.get('stripe-signature'), await request.text()])
}

test('a slash at the end, which Next adds where `trailingSlash` says so, is no part of the path', async () => {
  const url = 'http://localhost/api/billing/webhooks/stripe/?x=/'
  const response = await createRouteHandlers({ handle: tell }).POST(new Request(url, { method: 'POST', headers: { 'stripe-signature': 't=1' }, body: '{}' }))
  expect(await response.json()).toEqual(['POST', 'http://localhost/api/billing/webhooks/stripe?x=/', 't=1', '{}'])
})

test('every method reaches the one handler, with the request as it came', async () => {
  const seen: Request[] = []
  const handle = async (request: Request): Promise<Response> => {
    seen.push(request)
    return new Response()
  }
  const handlers = createRouteHandlers({ handle })
  for (const method of ['GET', 'POST', 'DELETE'] as const) {
    const request = new Request('http://localhost/api/billing/me', { method })
    await handlers[method](request)
    expect(seen.at(-1)).toBe(request)
  }
})
