import { type FareboxError, type LogFields, type Logger, allowance, createFarebox, defineCatalog, metered, usd } from '@farebox/core'
import { clerkAuth } from '@farebox/core/drivers/clerk'
import { jwtAuth } from '@farebox/core/drivers/jose'
import { memoryStore } from '@farebox/core/drivers/memory'
import { stripePayments } from '@farebox/core/drivers/stripe'
import { createStripeSimulator } from '@farebox/stripe-simulator'
import { SignJWT } from 'jose'
import Stripe from 'stripe'
import { expect, onTestFinished, test } from 'vitest'

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
