import { clerkMiddleware, getAuth } from '@clerk/hono'
import { type Store, allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
import { jwtAuth } from '@farebox/core/drivers/jose'
import { memoryStore } from '@farebox/core/drivers/memory'
import { createGates } from '@farebox/hono'
import type { Context, MiddlewareHandler, Next } from 'hono'
import { rateLimiter } from 'hono-rate-limiter'
import { type JWTPayload, importSPKI, jwtVerify } from 'jose'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { issuer, knownSince, party, planOfTokens, userAt, users } from '../fixtures/bearer-tokens.ts'
import { storeAt } from '../fixtures/store-at.ts'

/** What stands before the one route of a server. */
export interface Stack {
  readonly name: string
  readonly goal?: number
  /** Refuses a token that the issuer did not sign. */
  readonly verifies: boolean
  /** Says in a header how much is left, one less after each request. */
  readonly counts: boolean
  /** Middleware for tokens that the key in SPKI form verifies. */
  readonly build: (pem: string) => Promise<readonly MiddlewareHandler[]>
}

const ample = 1_000_000_000
const windowSeconds = 3600

const hono = { verifies: false, counts: false } as const
const limiting = { verifies: false, counts: true } as const
const verifying = { verifies: true, counts: false } as const
const whole = { verifies: true, counts: true } as const

/** The floor first. */
export const stacks: readonly [Stack, ...Stack[]] = [
  { name: 'Hono', ...hono, build: async () => [] },
  { name: 'Hono, one header set', ...hono, build: async () => [setHeader] },
  { name: 'hono-rate-limiter', ...limiting, build: async () => [honoRateLimiter(bearerOf)] },
  { name: 'rate-limiter-flexible', ...limiting, build: async () => [rateLimiterFlexible(bearerOf)] },
  { name: 'jose', ...verifying, build: async (pem) => [await joseMiddleware(pem)] },
  {
    name: 'jose, entitlement, rate-limiter-flexible',
    ...whole,
    build: async (pem) => [await joseMiddleware(pem), entitlement(claimsOf), rateLimiterFlexible((c) => claimsOf(c).sub ?? '')],
  },
  { name: '@clerk/hono', ...verifying, build: async (pem) => [clerk(pem), requireClerk] },
  {
    name: '@clerk/hono, entitlement, hono-rate-limiter, rate-limiter-flexible',
    ...whole,
    build: async (pem) => [
      clerk(pem),
      requireClerk,
      entitlement((c) => getAuth(c).sessionClaims ?? {}),
      honoRateLimiter((c) => getAuth(c).userId ?? ''),
      rateLimiterFlexible((c) => getAuth(c).userId ?? ''),
    ],
  },
  { name: 'Farebox meter', ...whole, goal: 0.55, build: async (pem) => [await fareboxMeter(pem, 'farebox')] },
  { name: 'Farebox meter, Redis', ...whole, goal: 0.55, build: async (pem) => [await fareboxMeter(pem, 'farebox', { usage: (await storeAt('redis')).usage })] },
  { name: 'Farebox meter, no claims in the token', ...whole, goal: 0.55, build: async (pem) => [await fareboxMeter(pem, 'absent')] },
  { name: 'Farebox meter, every token new', ...whole, goal: 0.38, build: async (pem) => [await fareboxMeter(pem, 'farebox', { cacheSize: 1 })] },
]

/** What a meter does not share with the others. */
interface MeterSetting {
  readonly cacheSize?: number
  readonly usage?: Store['usage']
}

/** Verified token, entitlement, rate limit and quota, out of one `meter`. */
async function fareboxMeter(pem: string, planClaims: string, { cacheSize, usage }: MeterSetting = {}): Promise<MiddlewareHandler> {
  const catalog = defineCatalog({
    features: { apiCalls: metered({ unit: 'call' }) },
    plans: {
      [planOfTokens]: {
        name: 'Pro',
        default: true,
        features: { apiCalls: allowance(ample).per('month') },
        gates: { apiCalls: ['50000000/minute'] },
      },
    },
  })
  const auth = jwtAuth({
    issuer,
    authorizedParties: [party],
    keys: { publicKey: pem, algorithm: 'RS256' },
    claims: { planClaims },
    ...(cacheSize === undefined ? {} : { cacheSize }),
  })
  const memory = memoryStore()
  const store = { ...memory, ...(usage !== undefined && { usage }) }
  for (let index = 0; index < users; index += 1) await introduce(store, userAt(index))
  return createGates(createFarebox({ catalog, store, auth })).meter('apiCalls')
}

/** Makes a customer known since the instant that the tokens name. */
async function introduce({ records }: Store, customer: string): Promise<void> {
  const createdAt = knownSince * 1000
  const value = { version: 1, createdAt, paymentCustomer: null, email: null, name: null, plan: planOfTokens, changesAt: null, converged: 0, convergedAt: null }
  await records.commit(customer, [{ collection: 'customers', id: customer, expect: 0, value }])
}

async function setHeader(c: Context, next: Next): Promise<void> {
  c.header('RateLimit-Remaining', '1')
  await next()
}

/** A key for limits where nothing says who is asking. */
function bearerOf(c: Context): string {
  return c.req.header('authorization')?.slice(-43) ?? ''
}

async function joseMiddleware(pem: string): Promise<MiddlewareHandler> {
  const key = await importSPKI(pem, 'RS256')
  const options = { issuer, algorithms: ['RS256'] }
  return async function verifyBearer(c, next) {
    try {
      const { payload } = await jwtVerify(c.req.header('authorization')?.slice('Bearer '.length) ?? '', key, options)
      c.set('claims', payload)
    } catch {
      return c.text('unauthenticated', 401)
    }
    return next()
  }
}

function claimsOf(c: Context): JWTPayload {
  return c.get('claims')
}

function clerk(pem: string): MiddlewareHandler {
  const frontend = Buffer.from('sign-in.example.com$').toString('base64')
  return clerkMiddleware({
    secretKey: 'sk_test_bench',
    publishableKey: `pk_test_${frontend}`,
    jwtKey: pem,
    authorizedParties: [party],
  })
}

async function requireClerk(c: Context, next: Next): Promise<Response | void> {
  return getAuth(c).isAuthenticated ? next() : c.text('unauthenticated', 401)
}

function entitlement(claims: (c: Context) => object): MiddlewareHandler {
  return async function requireExports(c, next) {
    const { features }: { readonly features?: readonly string[] } = claims(c)
    return features?.includes('exports') === true ? next() : c.text('upgrade', 402)
  }
}

function honoRateLimiter(keyGenerator: (c: Context) => string): MiddlewareHandler {
  return rateLimiter({ windowMs: windowSeconds * 1000, limit: ample, keyGenerator })
}

function rateLimiterFlexible(keyOf: (c: Context) => string): MiddlewareHandler {
  const limiter = new RateLimiterMemory({ points: ample, duration: windowSeconds })
  return async function limitRate(c, next) {
    try {
      const { remainingPoints } = await limiter.consume(keyOf(c))
      c.header('RateLimit-Remaining', String(remainingPoints))
    } catch {
      return c.text('slow down', 429)
    }
    return next()
  }
}
