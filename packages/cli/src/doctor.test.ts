import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Farebox, createFarebox, defineCatalog, toggle, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { stripePayments, thinWebhookEvents, webhookEvents } from '@farebox/core/drivers/stripe'
import { faultyStore } from '@farebox/core/testing'
import { type StripeSimulator, createStripeSimulator } from '@farebox/stripe-simulator'
import { Stripe } from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkApp } from './doctor-app.ts'
import type { DoctorCheck } from './doctor-check.ts'
import { main } from './main.ts'

const core = fileURLToPath(new URL('../../core/src/index.ts', import.meta.url))
const secretKey = 'sk_test_canary9d2K'
const secret = 'whsec_canary4f7Lw'
const catalog = defineCatalog({
  features: { exports: toggle() },
  plans: { free: { name: 'Free', default: true, features: {} }, pro: { name: 'Pro', prices: { month: usd('29') }, features: { exports: true } } },
})

/** What stands between Stripe and the app; answers in its place, or does nothing. */
type Proxy = (request: Request, pass: () => Promise<Response>) => Promise<Response>

let folder = ''
let apiBase = ''
let simulator: StripeSimulator
let stripe: Stripe
let farebox: Farebox<typeof catalog>
let url = ''
let proxy: Proxy
const endings: (() => Promise<unknown>)[] = []

async function serve(answer: (request: Request) => Promise<Response>): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Uint8Array[] = []
    incoming.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    incoming.on('end', () => {
      void respond(incoming, Buffer.concat(chunks), outgoing)
    })
  })
  async function respond({ method = 'GET', headers, url: path = '/' }: IncomingMessage, sent: Buffer<ArrayBuffer>, outgoing: ServerResponse): Promise<void> {
    const body = method === 'GET' ? {} : { body: sent }
    const named = Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []))
    const response = await answer(new Request(`http://${headers.host ?? '127.0.0.1'}${path}`, { method, headers: Object.fromEntries(named), ...body }))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  endings.push(() => new Promise((resolve) => {
    server.closeAllConnections()
    server.close(resolve)
  }))
  // The server listens on a port, so its address is not a pipe's name.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'farebox-doctor-'))
  await writeFile(join(folder, 'billing.ts'), `
    import { defineCatalog, toggle, usd } from ${JSON.stringify(core)}
    export const catalog = defineCatalog({
      features: { exports: toggle() },
      plans: { free: { name: 'Free', default: true, features: {} }, pro: { name: 'Pro', prices: { month: usd('29') }, features: { exports: true } } },
    })
  `)
  simulator = createStripeSimulator({ apiKey: secretKey })
  const listening = await simulator.listen()
  apiBase = listening.url
  endings.push(() => listening.close(), () => rm(folder, { recursive: true }))
  stripe = new Stripe(secretKey, { host: '127.0.0.1', port: listening.port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 })
  farebox = createApp()
  proxy = (_, pass) => pass()
  url = `${await serve((request) => proxy(request, () => farebox.handle(request)))}/api/billing`
  await run('push', ['--yes'])
})

afterEach(async () => {
  await Promise.all(endings.splice(0).map((end) => end()))
})

function createApp(options: { readonly secret?: string; readonly mode?: 'test' | 'live'; readonly store?: ReturnType<typeof memoryStore> } = {}): Farebox<typeof catalog> {
  return createFarebox({
    catalog,
    appUrl: 'https://app.example',
    store: options.store ?? memoryStore(),
    payments: stripePayments({ client: stripe, webhookSecret: options.secret ?? secret, mode: options.mode ?? 'test' }),
  })
}

async function addEndpoint(change: Partial<Stripe.WebhookEndpointCreateParams> = {}): Promise<string> {
  const events = [...webhookEvents] as Stripe.WebhookEndpointCreateParams.EnabledEvent[]
  const { id } = await stripe.webhookEndpoints.create({
    url: `${url}/webhooks/stripe`, enabled_events: events, api_version: '2026-10-28.endive', ...change,
  })
  return id
}

async function run(command: string, args: readonly string[] = [], environment: Record<string, string> = {}): Promise<{ readonly code: number; readonly output: string }> {
  const said: string[] = []
  const code = await main([command, ...args], {
    folder,
    environment: { STRIPE_SECRET_KEY: secretKey, STRIPE_API_BASE: apiBase, STRIPE_WEBHOOK_SECRET: secret, ...environment },
    terminal: { print: (text) => void said.push(text), complain: (text) => void said.push(text), ask: null },
  })
  const output = said.join('\n')
  expect(output).not.toMatch(/canary|^\s+at /m)
  return { code, output }
}

/** The faults by their names; what is found must come with what to do. */
async function diagnose(args: readonly string[] = [], environment: Record<string, string> = {}): Promise<Readonly<Record<string, string>>> {
  const { code, output } = await run('doctor', ['--json', ...args], environment)
  const { checks, outcome } = JSON.parse(output) as { checks: DoctorCheck[]; outcome: string }
  const faults = checks.filter(({ state }) => state === 'fault')
  expect([code, outcome]).toEqual(faults.length === 0 ? [0, 'well'] : [1, 'faulty'])
  for (const { fix } of faults) expect(fix).toMatch(/^[A-Z][^\n]{10,}$/)
  return Object.fromEntries(faults.map(({ name, found }) => [name, found]))
}

describe('farebox doctor', () => {
  it('is content with an app that works, and takes an event all the way into its store', async () => {
    await addEndpoint()
    const first = await run('doctor')
    expect(first).toMatchObject({ code: 0, output: expect.stringContaining('All is well.') })
    expect(first.output).toContain('Nobody has bought anything yet')
    await farebox.ensureCustomer({ customer: 'user_1' })
    const { url: page } = await farebox.checkout({ customer: 'user_1', plan: 'pro', interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' })
    simulator.completeCheckout(/cs_\w+/.exec(page)?.[0] ?? '')
    expect((await farebox.snapshot({ customer: 'user_1' })).plan).toBe('free')
    const second = await run('doctor')
    expect(second).toMatchObject({ code: 0, output: expect.stringMatching(/cus_\w+ was read from Stripe and stored/) })
    expect((await farebox.snapshot({ customer: 'user_1' })).plan).toBe('pro')
  })

  it('finds an endpoint that is missing, disabled, told too little or too old', async () => {
    expect(await diagnose(['--url', url])).toEqual({ endpoint: `Stripe sends nothing to ${url}/webhooks/stripe` })
    expect(Object.keys(await diagnose())).toEqual(['endpoint'])
    const id = await addEndpoint({ enabled_events: ['invoice.paid'], api_version: '2024-06-20' })
    expect(await diagnose()).toEqual({ events: expect.stringContaining('customer.subscription.deleted') })
    await stripe.webhookEndpoints.update(id, { enabled_events: ['*'], disabled: true })
    expect(await diagnose()).toEqual({ endpoint: `${id} is disabled` })
    await stripe.webhookEndpoints.update(id, { disabled: false })
    expect(await diagnose()).toEqual({})
  })

  it('does not say that all is well where something is better changed', async () => {
    await stripe.webhookEndpoints.create({ url: `${url}/webhooks/stripe`, enabled_events: ['*'] })
    expect(await run('doctor')).toMatchObject({ code: 0, output: expect.stringMatching(/~ api-version .+\n[^]*\nIt works; one thing is better changed\.$/) })
  })

  it('takes a destination of thin events for an endpoint', async () => {
    await stripe.v2.core.eventDestinations.create({
      name: 'Farebox', type: 'webhook_endpoint', event_payload: 'thin', enabled_events: [...thinWebhookEvents],
      webhook_endpoint: { url: `${url}/webhooks/stripe` },
    })
    expect(await diagnose()).toEqual({})
  })

  it('finds no fault in an endpoint that is told little where another one at the same address is told the rest', async () => {
    const [first, ...others] = [...webhookEvents] as Stripe.WebhookEndpointCreateParams.EnabledEvent[]
    await addEndpoint({ enabled_events: others })
    expect(await diagnose()).toEqual({ events: expect.stringMatching(`is not sent ${first}$`) })
    const id = await addEndpoint({ enabled_events: first === undefined ? [] : [first] })
    expect(await diagnose()).toEqual({})
    await stripe.webhookEndpoints.update(id, { disabled: true })
    expect(await diagnose()).toEqual({ events: expect.stringMatching(`is not sent ${first}$`) })
  })

  it('finds an app that is not there, or is something else', async () => {
    await addEndpoint()
    proxy = async () => new Response('<h1>Welcome</h1>', { headers: { 'content-type': 'text/html' } })
    expect(await diagnose()).toMatchObject({ app: expect.stringContaining('nothing of Farebox'), signature: 'A wrong signature is answered with 200' })
    const [end] = endings.splice(2, 1)
    await end?.()
    expect(await diagnose(['--url', url])).toMatchObject({ app: expect.stringContaining('ECONNREFUSED') })
  })

  it('finds a store that is down', async () => {
    await addEndpoint()
    const { store, faults } = faultyStore(memoryStore())
    farebox = createApp({ store })
    faults.failAll('before')
    expect(await diagnose()).toEqual({ app: expect.stringContaining('records down'), webhook: 'A signed event is answered with 503' })
  })

  it('finds a secret that is not the app\'s, one that is missing, and a body that was parsed on its way', async () => {
    await addEndpoint()
    farebox = createApp({ secret: 'whsec_another' })
    expect(await diagnose()).toEqual({ webhook: 'A signed event is refused with 400' })
    expect(await diagnose([], { STRIPE_WEBHOOK_SECRET: '' })).toEqual({ webhook: 'The signing secret is not known here' })
    farebox = createApp()
    proxy = async (request, pass) => {
      if (request.method !== 'POST') return pass()
      const body = JSON.stringify(await request.json(), null, 2)
      return farebox.handle(new Request(request.url, { method: 'POST', headers: request.headers, body }))
    }
    expect(await diagnose()).toEqual({ webhook: 'A signed event is refused with 400' })
  })

  it.each([
    [307, 'redirected'], [401, 'signing in'], [404, 'Mount'], [500, 'log'],
  ])('says what to do about a webhook route that answers %i', async (status, advice) => {
    await addEndpoint()
    proxy = async (request, pass) => (request.method === 'POST' ? new Response(null, { status, headers: { location: '/elsewhere' } }) : pass())
    expect(Object.keys(await diagnose())).toEqual(['signature', 'webhook'])
    expect((await run('doctor')).output).toContain(advice)
  })

  it('finds a route that takes whatever it is sent', async () => {
    await addEndpoint()
    proxy = async (request, pass) => (request.method === 'POST' ? Response.json({ received: true }) : pass())
    expect(await diagnose()).toEqual({ signature: 'A wrong signature is answered with 200' })
  })

  it('finds an app of the other mode, and one whose Stripe key does not work', async () => {
    await addEndpoint()
    await stripe.customers.create({ metadata: { farebox_customer: 'user_1' } })
    expect(await diagnose()).toEqual({})
    farebox = createApp({ mode: 'live' })
    expect(await diagnose()).toEqual({ 'round-trip': expect.stringContaining('ignored') })
    const healthy = stripe
    stripe = new Stripe('sk_test_wrong', { host: '127.0.0.1', port: Number(new URL(apiBase).port), protocol: 'http', telemetry: false, maxNetworkRetries: 0 })
    farebox = createApp()
    stripe = healthy
    expect(Object.keys(await diagnose())).toEqual(['webhook'])
  })

  it('looks at the endpoint that is enabled, at no other app\'s, and at no customer of another installation', async () => {
    await addEndpoint()
    await stripe.webhookEndpoints.update(await addEndpoint(), { disabled: true })
    await stripe.customers.create({ metadata: { farebox_customer: 'user_1', farebox_installation: 'shop' } })
    expect(await run('doctor')).toMatchObject({ code: 0, output: expect.stringContaining('Nobody has bought anything yet') })
    await addEndpoint({ url: 'https://other.example/webhooks/stripe' })
    expect(await diagnose()).toEqual({ endpoint: expect.stringContaining('No single endpoint') })
  })

  it('sends events of the mode that its key has', async () => {
    const modes: unknown[] = []
    proxy = async (request, pass) => {
      if (request.method === 'POST') modes.push(JSON.parse(await request.clone().text()).livemode)
      return pass()
    }
    for (const mode of ['test', 'live'] as const) await checkApp({ base: url, webhookSecret: secret, mode, paymentCustomer: null, now: Date.now })
    expect(modes).toEqual([false, false, true, true])
  })

  it('finds clocks that are off', async () => {
    await addEndpoint()
    proxy = async (_, pass) => {
      const response = await pass()
      const headers = new Headers(response.headers)
      headers.set('date', new Date(Date.now() - 400_000).toUTCString())
      return new Response(response.body, { status: response.status, headers })
    }
    expect(await diagnose()).toEqual({ 'app-clock': expect.stringMatching(/^The app is (399|400|401) seconds behind/) })
  })

  it('finds keys of plan tokens that cannot be read', async () => {
    await addEndpoint()
    proxy = async (request, pass) => (request.url.endsWith('/jwks.json') ? Response.json({ keys: [] }) : pass())
    expect(await diagnose()).toEqual({ 'token-keys': expect.stringContaining('200') })
  })

  it('finds prices and a portal that are not the catalog\'s', async () => {
    await addEndpoint()
    const { data: [price] } = await stripe.prices.list({ lookup_keys: ['farebox_pro_month'] })
    await stripe.prices.update(price?.id ?? '', { active: false })
    const faults = await diagnose()
    expect(faults).toMatchObject({ catalog: expect.stringContaining('farebox_pro_month') })
    const { data: [portal] } = await stripe.billingPortal.configurations.list({ limit: 1 })
    await stripe.billingPortal.configurations.update(portal?.id ?? '', { features: { subscription_cancel: { enabled: false } } })
    expect(await diagnose()).toHaveProperty('portal')
    await run('push', ['--yes'])
    expect(await diagnose()).toEqual({})
  })

  it('finds a currency that the catalog sells and a price at Stripe does not have', async () => {
    await addEndpoint()
    expect(await diagnose()).toEqual({})
    await writeFile(join(folder, 'euros.ts'), `
      import { defineCatalog, eur, toggle, usd } from ${JSON.stringify(core)}
      export const catalog = defineCatalog({
        features: { exports: toggle() },
        plans: { free: { name: 'Free', default: true, features: {} }, pro: { name: 'Pro', prices: { month: [usd('29'), eur('27')] }, features: { exports: true } } },
      })
    `)
    expect(await diagnose(['--config', 'euros.ts'])).toMatchObject({ catalog: expect.stringMatching(/price farebox_pro_month.* 27\.00 EUR/) })
    await run('push', ['--yes', '--config', 'euros.ts'])
    expect(await diagnose(['--config', 'euros.ts'])).toEqual({})
  })

  it('tells of events that were put aside, which is no fault', async () => {
    await addEndpoint()
    proxy = async (request, pass) => {
      if (!request.url.endsWith('/health')) return pass()
      return Response.json({ status: 'degraded', parts: { usage: 'ok', records: 'ok', webhooks: 'degraded' } })
    }
    expect(await run('doctor')).toMatchObject({ code: 0, output: expect.stringContaining('npx farebox replay') })
  })

  it('looks at the app all the same where Stripe cannot be reached, and says so once', async () => {
    const unreachable = { STRIPE_API_BASE: 'http://127.0.0.1:9' }
    expect(await diagnose(['--url', url], unreachable)).toEqual({ stripe: expect.stringContaining('Stripe could not be reached') })
    const { output } = await run('doctor', ['--url', url], unreachable)
    expect(output).toMatch(/! stripe .*\n +-> Look at the network/)
    expect(output).toMatch(/= webhook /)
    expect(output).toMatch(/- round-trip +Stripe could not be asked for a customer/)
  })

  it('says what is wrong with a key that Stripe does not know, and with an address that is none', async () => {
    expect(await diagnose(['--url', url], { STRIPE_SECRET_KEY: 'sk_test_unknown' })).toMatchObject({ stripe: 'Stripe does not know this secret key' })
    for (const [args, environment] of [[['--url', 'nowhere'], {}], [['--url', 'ftp://app.example'], {}], [[], { FAREBOX_URL: 'nowhere' }]] as const) {
      expect(await run('doctor', args, environment)).toMatchObject({ code: 1, output: expect.stringContaining('Give an address') })
    }
  })
})
