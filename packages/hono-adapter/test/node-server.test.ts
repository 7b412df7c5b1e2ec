import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { createGates } from '@farebox/hono'
import { type HttpBindings, type ServerType, serve } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import { afterEach, expect, test } from 'vitest'
import { bearer, testAuth } from './sign-in.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), tokens: metered({ unit: 'token' }) },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month'), tokens: allowance(1).per('month') } } },
})

const limitOf = { apiCalls: /^"apiCalls";r=4;t=\d+$/, both: /"tokens";r=0;t=\d+, "apiCalls";r=4;t=\d+$/ }

let server: ServerType | undefined

afterEach(() => server?.close())

type App = Hono<{ Bindings: HttpBindings }>

/** Serves an app on Node, and asks it as ann. */
async function ask(build: (app: App, gates: ReturnType<typeof gatesOf>) => App): Promise<Response> {
  server = serve({ fetch: build(new Hono(), gatesOf()).fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return fetch(`http://127.0.0.1:${port}/`, { headers: { authorization: await bearer('ann') } })
}

function gatesOf() {
  return createGates(createFarebox({ catalog, store: memoryStore(), auth: testAuth() }))
}

test('a metered answer says what is left, and is otherwise as the handler made it', async () => {
  const response = await ask((app, { meter }) => app.get('/', meter('apiCalls'), (c) => c.json({ reached: true }, 201, { 'x-own': 'yes' })))
  expect(response.headers.get('ratelimit')).toMatch(limitOf.apiCalls)
  expect(response.headers.get('ratelimit-policy')).toMatch(/^"apiCalls";q=5;w=\d+;qu="call"$/)
  expect([response.status, response.headers.get('x-own'), response.headers.get('content-type')]).toEqual([201, 'yes', 'application/json'])
  expect(await response.json()).toEqual({ reached: true })
})

test('two meters are both heard of', async () => {
  const response = await ask((app, { meter }) => app.get('/', meter('apiCalls'), meter('tokens'), (c) => c.text('reached')))
  expect(response.headers.get('ratelimit')).toMatch(limitOf.both)
})

test('a refusal of a later gate says what both have left', async () => {
  const response = await ask((app, { meter }) => app.get('/', meter('apiCalls'), meter('tokens', { amount: 2 }), (c) => c.text('reached')))
  expect(response.status).toBe(429)
  expect(response.headers.get('ratelimit')).toMatch(/^"tokens";r=1;t=\d+, "apiCalls";r=\d;t=\d+$/)
})

test('what another server has left stands beside it', async () => {
  const upstream = createServer((_, answer) => answer.setHeader('ratelimit', '"upstream";r=1;t=1').end('upstream')).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const { port } = upstream.address() as AddressInfo
  const response = await ask((app, { meter }) => app.get('/', meter('apiCalls'), () => fetch(`http://127.0.0.1:${port}/`)))
  upstream.close()
  expect(response.headers.get('ratelimit')).toMatch(/^"upstream";r=1;t=1, "apiCalls";r=4;t=\d+$/)
})

test('a request within a request has its own answer', async () => {
  let inner: Response | undefined
  const response = await ask((app, { meter }) =>
    app
      .get('/inner', meter('apiCalls'), (c) => c.text('inner'))
      .get('/', async (c) => {
        inner = await app.fetch(new Request(new URL('/inner', c.req.url), { headers: c.req.raw.headers }), c.env)
        return c.text('outer')
      }),
  )
  expect(inner?.headers.get('ratelimit')).toMatch(limitOf.apiCalls)
  expect(response.headers.has('ratelimit')).toBe(false)
})

test('a handler that has answered by itself is left alone', async () => {
  const response = await ask((app, { meter }) =>
    app.get('/', meter('apiCalls'), (c) => {
      c.env.outgoing.writeHead(200).end('by itself')
      return RESPONSE_ALREADY_SENT
    }),
  )
  expect(await response.text()).toBe('by itself')
})
