import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClerkClient } from '@clerk/backend'
import type { PlanClaims } from '@farebox/core'
import { type ClerkClient, clerkAuth } from '@farebox/core/drivers/clerk'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import endpoints from './data/endpoints.json' with { type: 'json' }
import { clerk, jwtKey, party, sessionClaims, sessionToken } from './session.ts'

const secretKey = 'sk_test_canary7f3acanary7f3a'
const claims: PlanClaims = { plan: 'pro', ev: 12, anchor: 1_769_860_800, until: 1_790_000_000, g: false }

type Metadata = { [name: string]: unknown }

/** Deep merge, in which `null` removes a name: what Clerk's API description says of these endpoints. */
function merge(into: Metadata, change: Metadata): Metadata {
  const merged = { ...into }
  for (const [name, value] of Object.entries(change)) {
    const present = merged[name]
    if (value === null) Reflect.deleteProperty(merged, name)
    else if (isObject(value)) merged[name] = merge(isObject(present) ? present : {}, value)
    else merged[name] = value
  }
  return merged
}

function isObject(value: unknown): value is Metadata {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Clerk's Backend API, as far as metadata goes, by its published description. */
async function serveClerk() {
  const metadata = new Map<string, Metadata>()
  const seen: { readonly path: string; readonly authorization: string | undefined }[] = []
  const state = { failure: 0 }
  const server = createServer((request, response) => {
    void (async () => {
      const fail = (status: number, code: string): void => {
        const error = { message: code, long_message: `canary7f3a ${code}`, code }
        answer(response, status, { errors: [error], clerk_trace_id: 'trace' })
      }
      const [, version, kind, id = ''] = (request.url ?? '').split('/')
      seen.push({ path: request.url ?? '', authorization: request.headers.authorization })
      const endpoint = Object.entries(endpoints).find(([path]) => path === `/${version}/${kind}/{id}/metadata`)?.[1]
      const body: unknown = JSON.parse(await textOf(request))
      if (endpoint === undefined || request.method !== endpoint.method) return fail(405, 'method_not_allowed')
      if (state.failure !== 0) return fail(state.failure, 'failure')
      if (!isObject(body) || Object.keys(body).some((name) => !endpoint.fields.includes(name))) return fail(422, 'form_param_unknown')
      const known = metadata.get(id)
      if (known === undefined) return fail(404, 'resource_not_found')
      metadata.set(id, merge(known, { ...body }))
      return answer(response, 200, { object: kind === 'users' ? 'user' : 'organization', id, ...metadata.get(id) })
    })()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void (server.closeAllConnections(), server.close()))
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createClerkClient({ secretKey, apiUrl, telemetry: { disabled: true } })
  return { apiUrl, client, metadata, seen, state }
}

async function setUp() {
  const service = await serveClerk()
  const writer = clerk({ client: service.client }).claims
  if (writer === null) throw new Error('With a client there must be a writer')
  return { ...service, writer }
}

describe('plan claims in metadata', () => {
  test('are merged into what a user or an organization has, and read back from the next token', async () => {
    const { writer, metadata, seen } = await setUp()
    const user = String(sessionClaims()['sub'])
    metadata.set(user, { public_metadata: { department: 'engineering', farebox: { plan: 'free', until: 1 } }, private_metadata: { note: 1 } })
    metadata.set('org_1', {})

    await writer.write(user, claims)
    await writer.write('org_1', { ...claims, plan: 'team' })
    expect(seen.map(({ path }) => path)).toEqual([`/v1/users/${user}/metadata`, '/v1/organizations/org_1/metadata'])
    expect(metadata.get(user)).toEqual({
      public_metadata: { department: 'engineering', farebox: { ...claims, customer: user } }, private_metadata: { note: 1 },
    })

    const read = async (id: string, more: Record<string, unknown> = {}) => {
      const stored: unknown = metadata.get(id)?.['public_metadata']
      const farebox = isObject(stored) ? stored['farebox'] : undefined
      return (await clerk().verifier.verify(sessionToken(sessionClaims({ ...more, farebox })))).planClaims
    }
    expect(await read(user)).toEqual(claims)
    expect(await read('org_1', { o: { id: 'org_1' } })).toEqual({ ...claims, plan: 'team' })
    expect(await read(user, { o: { id: 'org_1' } })).toBeNull()

    // Merging removes names that are null, and claims without `until` would never decide.
    await writer.write(user, { ...claims, until: null })
    await writer.write(user, { ...claims, until: null })
    expect(await read(user)).toEqual({ ...claims, until: null })
  })

  test('need no place with an account that Clerk has deleted or never had', async () => {
    const { writer, seen } = await setUp()
    await writer.write('user_deleted', claims)
    expect(seen).toHaveLength(1)
    for (const customer of ['account_7', 'user', 'org-1', 'user_1/../org_1', 'user_1?x', '']) await writer.write(customer, claims)
    expect(seen).toHaveLength(1)
  })

  test.each([400, 401, 403, 422, 429, 500, 503])('that Clerk does not take (%i) are to be written again, and nothing secret is told', async (status) => {
    const { writer, metadata, state } = await setUp()
    metadata.set('user_1', {})
    state.failure = status
    const error: unknown = await writer.write('user_1', claims).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'unavailable', reason: `clerk-${status}` })
    expect(error).not.toHaveProperty('cause')
    expect(String(error)).not.toContain('canary')
    state.failure = 0
    await writer.write('user_1', claims)
    expect(metadata.get('user_1')).toMatchObject({ public_metadata: { farebox: { ev: 12 } } })
  })

  test('that cannot be sent are to be written again', async () => {
    const client = createClerkClient({ secretKey, apiUrl: 'http://127.0.0.1:9', telemetry: { disabled: true } })
    const error: unknown = await clerk({ client }).claims?.write('user_1', claims).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'unavailable' })
    expect(String(error)).not.toContain('canary')
  })

  test('are written with the secret key alone, by a client that is made when first needed', async () => {
    const { apiUrl, metadata, seen } = await setUp()
    metadata.set('user_1', {})
    const network = globalThis.fetch
    vi.stubGlobal('fetch', (input: string | URL, options: RequestInit) => network(String(input).replace('https://api.clerk.com', apiUrl), options))
    onTestFinished(() => void vi.unstubAllGlobals())
    vi.resetModules()
    const { claims: writer } = clerkAuth({ publishableKey: `pk_test_${btoa('clerk.example.com$')}`, authorizedParties: [party], jwtKey, secretKey })

    await writer?.write('user_1', claims)
    expect(seen).toEqual([{ path: '/v1/users/user_1/metadata', authorization: `Bearer ${secretKey}` }])
  })

  test('are not written without a key', () => {
    expect(clerk().claims).toBeNull()
  })
})

test('the client of @clerk/backend is one that is taken', () => {
  const client: ClerkClient = createClerkClient({ secretKey })
  expect(Object.keys(clerk({ client }).claims ?? {})).toEqual(['write'])
})
