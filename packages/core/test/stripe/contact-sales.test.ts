import { type Farebox, createFarebox, defineCatalog, usd } from '@farebox/core'
import { stripePayments } from '@farebox/core/drivers/stripe'
import { expect, it } from 'vitest'
import { identityOf, knownTokens } from '../known-tokens.ts'
import { type PlanWorld, addresses, createPlanWorld, invoicesOf, liveItems, plans } from './plans.ts'
import { sessionOf, webhookSecret } from './world.ts'

const appUrl = 'http://localhost:8787'
const customer = 'ann'

/** Max is sold by talking, and has a price for those who were talked with; `talk` has none, and `plus` is not in the catalog any more. */
const catalog = defineCatalog({
  features: plans.features,
  plans: {
    free: { name: 'Free', default: true, features: {} },
    basic: { name: 'Basic', prices: { month: usd('10') }, features: {} },
    max: { name: 'Max', prices: { month: usd('90') }, contactSales: true, features: {} },
    talk: { name: 'Talk', contactSales: true, features: {} },
  },
})

interface App {
  readonly world: PlanWorld
  readonly farebox: Farebox<typeof catalog>
  readonly post: (path: string, body: unknown) => Promise<{ readonly status: number; readonly body: unknown }>
}

async function begin(): Promise<App> {
  const world = await createPlanWorld()
  const payments = stripePayments({ client: world.client, webhookSecret, mode: 'test' })
  const farebox = createFarebox({ catalog, store: world.store, payments, clock: world.clock, appUrl, auth: knownTokens({ ann: identityOf('ann') }) })
  return {
    world,
    farebox,
    async post(path, body) {
      const headers = { authorization: 'Bearer ann', 'content-type': 'application/json' }
      const response = await farebox.handle(new Request(`${appUrl}/api/billing${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
      return { status: response.status, body: await response.json() }
    },
  }
}

async function buy({ world, farebox }: App, plan: 'basic' | 'max'): Promise<void> {
  const { url } = await farebox.checkout({ customer, plan, interval: 'month', ...addresses })
  world.simulator.completeCheckout(sessionOf(url))
}

const talk = { status: 400, body: { type: '/problems/invalid-request', faults: [{ path: 'plan', message: expect.stringContaining('Get in touch') }] } }

it('sells nobody over HTTP what is sold by talking, and leaves it to the code of the app', async () => {
  const app = await begin()
  const { world, farebox, post } = app
  for (const plan of ['max', 'talk']) expect(await post('/checkout', { plan, interval: 'month' })).toMatchObject(talk)
  await buy(app, 'basic')
  for (const plan of ['max', 'talk']) {
    expect(await post('/change', { plan, preview: true })).toMatchObject(plan === 'max' ? talk : { status: 400, body: { faults: [{ path: 'interval' }] } })
    expect((await post('/change', { plan })).status).toBe(400)
  }
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
  expect(await invoicesOf(world)).toEqual(['1000 paid'])
  expect(await farebox.previewChange({ customer, plan: 'max' })).toMatchObject({ kind: 'change', now: { total: 8000 } })
  expect(await farebox.subscribe({ customer, plan: 'max', interval: 'month', ...addresses })).toMatchObject({ kind: 'changed', plan: 'max' })
})

it('lets who was sold it add units and take an end back, over HTTP too', async () => {
  const app = await begin()
  const { world, post } = app
  await buy(app, 'max')
  expect(await post('/change', { plan: 'max', quantity: 3 })).toMatchObject({ status: 200, body: { kind: 'changed', plan: 'max' } })
  expect(await post('/change', { plan: 'basic' })).toMatchObject({ body: { kind: 'scheduled' } })
  expect(await post('/change', { plan: 'max' })).toMatchObject({ status: 200 })
  expect(await liveItems(world)).toEqual(['max:month × 3'])
})

it('refuses a plan without a price, and one that the catalog has no more', async () => {
  const { post } = await begin()
  expect(await post('/checkout', { plan: 'plus', interval: 'month' })).toMatchObject({ status: 400, body: { faults: [{ path: 'plan' }] } })
  expect(await post('/checkout', { plan: 'free', interval: 'month' })).toMatchObject({ status: 400, body: { faults: [{ path: 'interval' }] } })
})
