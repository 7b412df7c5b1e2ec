import { Stripe } from 'stripe'
import { generatePlanTokenKey, jwtAuth, planTokens } from '../../src/drivers/jose/index.ts'
import { memoryStore } from '../../src/drivers/memory/index.ts'
import { stripePayments } from '../../src/drivers/stripe/index.ts'
import { allowance, createFarebox, defineCatalog, metered, usd } from '../../src/index.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(2).per('month') }, gates: { apiCalls: ['100/minute'] } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month') } },
  },
})

async function start() {
  const auth = jwtAuth({ issuer: 'https://issuer.example.com', audience: 'api', algorithms: ['HS256'], keys: { secret: 'x'.repeat(32) } })
  const key = await generatePlanTokenKey()
  const payments = stripePayments({ client: new Stripe('sk_test_worker'), webhookSecret: 'whsec_worker' })
  const tokens = planTokens({ keys: [key], issuer: 'https://app.example.com', audience: 'edge' })
  return createFarebox({ catalog, store: memoryStore(), auth, payments, planTokens: tokens, appUrl: 'https://app.example.com' })
}

let started: ReturnType<typeof start> | undefined

/** An app of its own: `/consume` counts for a customer, everything else is Farebox's. */
export const worker = {
  async fetch(request: Request, _settings: unknown, context?: { waitUntil(work: Promise<unknown>): void }): Promise<Response> {
    started ??= start()
    const farebox = await started
    if (new URL(request.url).pathname !== '/consume') {
      return farebox.handle(request, context && { waitUntil: (work) => context.waitUntil(work) })
    }
    const decision = await farebox.consume({ customer: 'user_1', feature: 'apiCalls' })
    const { token } = await farebox.issuePlanToken({ customer: 'user_1', subject: 'user_1' })
    return Response.json({ decision, isToken: token.split('.').length === 3 })
  },
}
