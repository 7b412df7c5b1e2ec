import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { app as express } from './frameworks/express.ts'
import { farebox } from './frameworks/farebox.ts'
import { app as fastify } from './frameworks/fastify.ts'
import { app as koa } from './frameworks/koa.ts'

// The code of docs/frameworks.md, as it stands there.

const guide = readFileSync(new URL('../../../docs/frameworks.md', import.meta.url), 'utf8')
const koaListener = koa.callback()
const frameworks: readonly { readonly name: string; readonly listener: RequestListener }[] = [
  { name: 'express', listener: express },
  { name: 'fastify', listener: (request, response) => void fastify.ready().then(() => fastify.routing(request, response)) },
  { name: 'koa', listener: (request, response) => void koaListener(request, response) },
]

afterEach(() => vi.restoreAllMocks())

async function serve(listener: RequestListener): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // The server listens on a port, so its address is not a pipe's name.
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

test.each(['farebox', ...frameworks.map(({ name }) => name)])('the guide has the code of %s', (name) => {
  expect(guide).toContain(`// ${name}.ts\n${readFileSync(new URL(`./frameworks/${name}.ts`, import.meta.url), 'utf8')}\`\`\``)
})

describe.each(frameworks)('$name', ({ name, listener }) => {
  test('has the billing routes and a guard that counts', async () => {
    const server = await serve(listener)
    const headers = { authorization: `Bearer ${name}` }
    const ask = async (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${server.url}${path}`, init)
    expect(await (await ask('/api/billing/plans')).json()).toMatchObject({ plans: [{ key: 'free' }] })
    expect(await (await ask('/api/billing/me', { headers })).json()).toMatchObject({ customer: name, plan: 'free' })
    expect((await ask('/api/billing/nothing')).headers.get('content-type')).toBe('application/problem+json')
    expect((await ask('/api/billing/plans', { method: 'HEAD' })).status).toBe(200)
    for (const left of [4, 3, 2, 1, 0]) {
      const passed = await ask('/api/quote', { headers })
      expect([passed.status, passed.headers.get('ratelimit')]).toEqual([200, expect.stringMatching(new RegExp(`^"apiCalls";r=${left};t=\\d+$`))])
      expect(await passed.json()).toMatchObject({ left })
    }
    const refused = await ask('/api/quote', { headers })
    expect([refused.status, refused.headers.get('content-type')]).toEqual([429, expect.stringMatching(/^application\/problem\+json/)])
    expect(await refused.json()).toMatchObject({ type: '/problems/quota-exceeded', used: 5 })
    expect((await ask('/api/quote')).status).toBe(401)
    server.close()
  })

  test.each(['application/json', 'application/json; charset=utf-8', 'text/plain'])('hands bodies of %s over as they were sent', async (type) => {
    const handle = vi.spyOn(farebox, 'handle').mockImplementation(async (request) => new Response(`${new URL(request.url).pathname} ${await request.text()}`))
    const server = await serve(listener)
    const body = '{ "a":1,\r\n "é": "\\u00e9" }'
    const answer = await fetch(`${server.url}/api/billing/webhooks/stripe`, { method: 'POST', body, headers: { 'content-type': type } })
    expect(await answer.text()).toBe(`/api/billing/webhooks/stripe ${body}`)
    expect(handle).toHaveBeenCalledOnce()
    server.close()
  })
})
