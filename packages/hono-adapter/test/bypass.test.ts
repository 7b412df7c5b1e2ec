import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { createGates } from '@farebox/hono'
import { Hono } from 'hono'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pathSpellings } from './path-spellings.ts'
import { bearer, testAuth } from './sign-in.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(100_000).per('month') } } },
})

let reached = 0
let server: ServerType
const farebox = createFarebox({ catalog, store: memoryStore(), auth: testAuth() })

beforeEach(() => {
  reached = 0
})

beforeAll(async () => {
  const { meter } = createGates(farebox)
  const gate = meter('apiCalls')
  const inner = new Hono().all('/deep/:id', gate, (c) => {
    reached += 1
    return c.text('reached')
  })
  const app = new Hono()
    .get('/api/quote', gate, (c) => {
      reached += 1
      return c.text('reached')
    })
    .all('/items/:id', gate, (c) => {
      reached += 1
      return c.text('reached')
    })
    .all('/files/*', gate, (c) => {
      reached += 1
      return c.text('reached')
    })
    .route('/inner', inner)
    .mount('/mounted', inner.fetch)
    .onError((_, c) => c.text('failed', 500))
  server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  // Loads the guard: a client that closes its half at once, as below, is not waited for.
  const { port } = server.address() as AddressInfo
  await fetch(`http://127.0.0.1:${port}/api/quote`)
})

afterAll(async () => {
  server.close()
  await once(server, 'close')
})

/** Sends the target exactly as it is spelled, which no HTTP client would. */
async function send(target: string, { method = 'GET', fields = [] as readonly string[] } = {}): Promise<string> {
  const { port } = server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => undefined)
  socket.end([`${method} ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...fields, '', ''].join('\r\n'))
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}

async function sendAll(targets: readonly string[], fields: readonly string[] = []) {
  const answers: { readonly target: string; readonly answer: string }[] = []
  for (const target of targets) answers.push({ target, answer: await send(target, { fields }) })
  return answers
}

const protectedPaths = ['/api/quote', '/items/42', '/files/a/b', '/inner/deep/7', '/mounted/deep/7']

describe.each(protectedPaths)('%s', (path) => {
  const spellings = pathSpellings(path)

  test(`lets nobody in under ${spellings.length} spellings without a token`, async () => {
    expect(spellings.length).toBeGreaterThanOrEqual(200)
    const answers = await sendAll(spellings)
    expect(answers.filter(({ answer }) => answer.includes('reached'))).toEqual([])
    expect(reached).toBe(0)
    const refused = answers.filter(({ answer }) => answer.startsWith('HTTP/1.1 401'))
    expect(refused.length, 'some spellings do find the route').toBeGreaterThan(1)
  })

  test('counts every request that gets in, however it is spelled', async () => {
    const fields = [`Authorization: ${await bearer(`of ${path}`)}`]
    const used = async () => (await farebox.check({ customer: `of ${path}`, feature: 'apiCalls' })).used
    const passed = (await sendAll(spellings, fields)).filter(({ answer }) => answer.includes('reached'))
    expect(passed.filter(({ answer }) => !/^ratelimit: "apiCalls"/im.test(answer))).toEqual([])
    expect(reached).toBeGreaterThan(1)
    expect(await used()).toBe(reached)
  })
})

test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'PROPFIND'])('no method gets in without a token: %s', async (method) => {
  for (const path of protectedPaths) await send(path, { method })
  expect(reached).toBe(0)
})

test.each([
  'x-middleware-subrequest: middleware:middleware:middleware:middleware:middleware',
  'x-original-url: /api/quote', 'x-rewrite-url: /api/quote', 'x-forwarded-prefix: /api', 'x-forwarded-user: ann', 'x-user: ann',
  'x-http-method-override: GET', 'x-farebox: {"customer":"ann"}', 'farebox: ann', 'cookie: session=ann', 'proxy-authorization: Bearer x',
  'x-forwarded-authorization: Bearer x', 'authorization: Bearer', 'authorization;: Bearer x', 'authorization : Bearer x',
])('no header field stands in for a token: %s', async (field) => {
  for (const path of protectedPaths) expect(await send(path, { fields: [field] })).not.toContain('reached')
  expect(reached).toBe(0)
})

test('two Authorization fields are as good as none', async () => {
  const fields = [`Authorization: ${await bearer('ann')}`, 'Authorization: Bearer other']
  for (const path of protectedPaths) expect(await send(path, { fields })).toMatch(/^HTTP\/1\.1 40[01]/)
  expect(reached).toBe(0)
})
