import { type FareboxError, type LogFields, type Logger, allowance, createFarebox, defineCatalog, metered, usd } from '@farebox/core'
import { clerkAuth } from '@farebox/core/drivers/clerk'
import { jwtAuth } from '@farebox/core/drivers/jose'
import { memoryStore } from '@farebox/core/drivers/memory'
import { stripePayments } from '@farebox/core/drivers/stripe'
import { createStripeSimulator } from '@farebox/stripe-simulator'
import { SignJWT } from 'jose'
import Stripe from 'stripe'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { identityOf } from './known-tokens.ts'

const canary = 'canary7f3a'
const webhookSecret = `whsec_${canary}`
const stripeKey = `sk_test_${canary}`
const tokenSecret = `${canary}-${canary}-${canary}-${canary}`
const appUrl = 'https://app.example.com'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(1).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(2).per('month') } },
  },
})

/** Everything that leaves Farebox: log lines, responses, errors. */
function listen() {
  const said: string[] = []
  const log = (message: string, fields: LogFields) => void said.push(message, JSON.stringify(fields))
  const logger: Logger = { info: log, warn: log, error: log }
  return { said, logger }
}

function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { faults = [], reason = '' } = error as Partial<FareboxError>
  return [error.message, JSON.stringify(faults), reason, everythingOf(error.cause ?? '')].join(' ')
}

async function setup() {
  const simulator = createStripeSimulator({ apiKey: stripeKey })
  const listening = await simulator.listen({ port: 0 })
  onTestFinished(() => listening.close())
  const client = new Stripe(stripeKey, { host: '127.0.0.1', port: listening.port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 })
  const { said, logger } = listen()
  const farebox = createFarebox({
    catalog,
    logger,
    appUrl,
    cookie: 'session',
    store: memoryStore(),
    auth: jwtAuth({ issuer: 'https://issuer.example.com', audience: 'api', algorithms: ['HS256'], keys: { secret: tokenSecret } }),
    payments: stripePayments({ client, webhookSecret }),
  })
  return { farebox, said }
}

async function token(claims: Record<string, unknown>, secret: string = tokenSecret): Promise<string> {
  return new SignJWT({ note: canary, email: `${canary}@example.com`, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('user_1')
    .setIssuer('https://issuer.example.com')
    .setAudience('api')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(secret))
}

test('no secret, token or raw body leaves through a response, a log line or an error', async () => {
  const { farebox, said } = await setup()
  const good = await token({})
  const tokens = [
    good,
    `${good}x`,
    `${good.slice(0, -4)}AAAA`,
    await token({}, `${tokenSecret}-other-${canary}`),
    await token({ exp: 1 }),
    await token({ iss: canary }),
    await token({ aud: canary }),
    canary.repeat(1000),
    `${canary}.${canary}.${canary}`,
  ]
  const bodies = [undefined, canary, `{"plan":"${canary}","interval":"month"}`, '{"plan":"pro","interval":"year"}', '{"plan":"pro","interval":"month"}']
  const paths = ['/me', '/plans', `/usage?feature=${canary}`, '/credits', '/checkout', '/portal', '/converge', '/token', '/webhooks/stripe', '/webhooks/clerk', '/health', `/${canary}`]
  let answers = 0

  for (const path of paths) {
    for (const presented of tokens) {
      for (const body of bodies) {
        const headers = {
          authorization: `Bearer ${presented}`,
          'content-type': 'application/json',
          'stripe-signature': `t=${Math.floor(Date.now() / 1000)},v1=${canary}`,
        }
        const method = body === undefined ? 'GET' : 'POST'
        const request = new Request(`${appUrl}/api/billing${path}`, { method, headers, ...(body !== undefined && { body }) })
        const response = await farebox.handle(request)
        said.push(await response.text(), JSON.stringify([...response.headers]))
        answers += 1
      }
    }
  }

  expect(answers).toBe(paths.length * tokens.length * bodies.length)
  // The one thing that a customer's own page may carry is the address of its own checkout.
  expect(said.filter((line) => line.includes(canary))).toEqual([])
})

/** Parts fail in words that quote what they were given. */
function failure(): Error {
  const error = new Error(`connect redis://user:${canary}@host`, { cause: new Error(canary) })
  return Object.assign(error, { code: canary, detail: canary })
}

/** An app with one customer before anything fails. */
async function setupFailing() {
  const { said, logger } = listen()
  const store = memoryStore()
  const verifier = { verify: () => identityOf('user_1') }
  const client = new Stripe(stripeKey, { host: '127.0.0.1', port: 9, protocol: 'http', telemetry: false, maxNetworkRetries: 0 })
  const payments = stripePayments({ client, webhookSecret })
  const planTokens = { sign: () => Promise.reject(failure()), publicKeys: () => Promise.reject(failure()) }
  const claims = { write: () => Promise.reject(failure()) }
  const auth = { verifier, claims, webhooks: { read: () => Promise.reject(failure()) } }
  const farebox = createFarebox({ catalog, logger, appUrl, store, auth, payments, planTokens })
  farebox.on('plan.changed', () => Promise.reject(failure()), 'mail')
  await farebox.override({ customer: 'user_1', plan: 'pro', until: null })
  return { farebox, said, store, verifier, payments }
}

type Failing = Awaited<ReturnType<typeof setupFailing>>

const parts: Readonly<Record<string, (app: Failing) => unknown>> = {
  'usage.execute': ({ store }) => vi.spyOn(store.usage, 'execute').mockImplementation(() => Promise.reject(failure())),
  'usage.read': ({ store }) => vi.spyOn(store.usage, 'read').mockImplementation(() => Promise.reject(failure())),
  'usage.history': ({ store }) => vi.spyOn(store.usage, 'history').mockImplementation(() => Promise.reject(failure())),
  'records.load': ({ store }) => vi.spyOn(store.records, 'load').mockImplementation(() => Promise.reject(failure())),
  'records.commit': ({ store }) => vi.spyOn(store.records, 'commit').mockImplementation(() => Promise.reject(failure())),
  'records.find': ({ store }) => vi.spyOn(store.records, 'find').mockImplementation(() => Promise.reject(failure())),
  'the verifier': ({ verifier }) => vi.spyOn(verifier, 'verify').mockImplementation(() => { throw failure() }),
  'Stripe': ({ payments }) => vi.spyOn(payments, 'createPortal').mockImplementation(() => Promise.reject(failure())),
  'all that failed before': () => undefined,
}

describe('what a part says when it fails goes no further', () => {
  test.each(Object.keys(parts))('%s', async (part) => {
    const app = await setupFailing()
    parts[part]?.(app)
    const { farebox, said } = app
    const headers = { authorization: 'Bearer token', 'content-type': 'application/json' }
    const statuses: number[] = []
    for (const [method, path, body] of [
      ['GET', '/me'], ['GET', '/usage?feature=apiCalls'], ['GET', '/credits'], ['GET', '/health'], ['GET', '/.well-known/jwks.json'],
      ['POST', '/checkout', '{"plan":"pro","interval":"month"}'], ['POST', '/portal', '{}'], ['POST', '/converge', '{}'], ['POST', '/token', '{}'],
      ['POST', '/webhooks/clerk', '{}'],
    ] as const) {
      const response = await farebox.handle(new Request(`${appUrl}/api/billing${path}`, { method, headers, ...(body !== undefined && { body }) }))
      statuses.push(response.status)
      said.push(await response.text(), JSON.stringify([...response.headers]))
    }
    const read = (name: string) => new Headers(headers).get(name)
    const { guard } = farebox
    for (const ask of [
      () => guard.requirePlan(read, ['pro']), () => guard.requireFeature(read, 'apiCalls'), () => guard.meter(read, { feature: 'apiCalls' }),
    ]) {
      // What nobody knows is thrown on to the host, whose own code failed.
      if (part !== 'the verifier') said.push(JSON.stringify(await ask()))
    }
    await farebox.sweep().catch(() => undefined)

    expect(statuses.filter((status) => status >= 500).length).toBeGreaterThan(0)
    expect(said.filter((line) => line.includes(canary))).toEqual([])
  })
})

test('no secret leaves through the errors of a configuration', () => {
  const errors: unknown[] = []
  const configure = [
    () => stripePayments({ client: {} as never, webhookSecret: `sk_live_${canary}` }),
    () => stripePayments({ client: {} as never, webhookSecret: [` ${canary}`, ''] }),
    () => clerkAuth({ secretKey: `pk_${canary}`, jwtKey: canary, issuer: canary, authorizedParties: ['*'] }),
    () => jwtAuth({ issuer: '', audience: '', algorithms: ['HS256'], keys: { secret: canary } }),
    () => jwtAuth({ issuer: 'https://x.example.com', audience: 'api', algorithms: ['RS256'], keys: { publicKey: canary, algorithm: 'RS256' } }),
  ]
  for (const attempt of configure) {
    try {
      attempt()
    } catch (error) {
      errors.push(error)
    }
  }

  expect(errors.map((error) => (error as FareboxError).code)).toEqual(configure.map(() => 'invalid-configuration'))
  expect(errors.filter((error) => everythingOf(error).includes(canary))).toEqual([])
})
