import { type Decision, type PlanClaims, createFarebox } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { stripePayments } from '@farebox/core/drivers/stripe'
import { checkInvariants, createChaos, signedStripeEvent } from '@farebox/core/testing'
import type { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { serve } from './serve.ts'
import { type World, catalog, clientOf, createWorld, sessionOf, webhookSecret } from './world.ts'

const customers = ['ann', 'bob', 'eve']

/** An app as its users make it, served over HTTP on the world's Stripe. */
async function createApp(world: World) {
  const farebox = createFarebox({
    catalog, appUrl: 'http://localhost', store: world.store, clock: world.clock,
    payments: stripePayments({ client: world.client, webhookSecret }),
  })
  return { farebox, url: `${await serve((request) => farebox.handle(request))}/api/billing/webhooks/stripe` }
}

it('keeps every invariant of an app that is served over HTTP, through a year of chaos', async () => {
  const world = await createWorld()
  const { farebox, url } = await createApp(world)
  const told = new Set<string>()
  const chaos = createChaos<Stripe.Event>({
    seed: 11,
    lost: 0.8,
    async deliver(event) {
      const { body, signature } = await signedStripeEvent({ body: JSON.stringify(event), secret: webhookSecret, at: Date.now() })
      return (await fetch(url, { method: 'POST', body, headers: { 'stripe-signature': signature } })).ok
    },
  })
  const post = async (): Promise<void> => {
    const fresh = (await world.events()).toReversed().filter(({ id }) => !told.has(id))
    for (const { id } of fresh) told.add(id)
    await chaos.post(fresh)
  }
  for (const customer of customers) {
    await farebox.ensureCustomer({ customer })
    const { url: page } = await farebox.checkout({ customer, plan: 'pro', interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' })
    world.simulator.completeCheckout(sessionOf(page))
    await post()
  }
  const refused: Decision[] = []
  for (let month = 0; month < 12; month += 1) {
    world.simulator.clock.advance({ months: 1 })
    const customer = chaos.random.pick(customers)
    const amount = chaos.random.integer(1, 400)
    refused.push(...(await Promise.all([1, 2, 3].map(() => farebox.consume({ customer, feature: 'apiCalls', amount })))).filter(({ allowed }) => !allowed))
    if (month === 5) await farebox.cancel({ customer: 'bob', when: 'now' })
    await post()
  }
  await chaos.settle()
  await farebox.sweep()
  expect(chaos.tally.lost).toBeGreaterThan(10)
  expect(refused.length).toBeGreaterThan(0)
  const payments = stripePayments({ client: clientOf(world.simulator), webhookSecret })
  expect(await checkInvariants({ records: world.store.records, payments, farebox })).toEqual([])
  expect((await farebox.snapshot({ customer: 'ann' })).plan).toBe('pro')
  expect((await farebox.snapshot({ customer: 'bob' })).plan).toBe('free')
})

it('finds each invariant that is broken, by its name', async () => {
  const world = await createWorld()
  const { farebox } = await createApp(world)
  const { records } = world.store
  const payments = stripePayments({ client: world.client, webhookSecret })
  const claims = new Map<string, PlanClaims>()
  const look = async (): Promise<readonly string[]> =>
    (await checkInvariants({ records, payments, farebox, claimsOf: (customer) => claims.get(customer) ?? null })).map(
      ({ invariant, customer, found }) => {
        expect(found).toMatch(/\w+ \w+/)
        return `${customer} ${invariant}`
      },
    )
  const { url: page } = await farebox.checkout({ customer: 'ann', plan: 'pro', interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' })
  world.simulator.completeCheckout(sessionOf(page))
  expect(await look()).toEqual(['ann stored-as-stripe-says', 'ann one-trial'])
  await farebox.converge({ customer: 'ann' })
  expect(await look()).toEqual([])

  const { rows } = await records.load('ann', ['customers', 'subscriptions', 'trials'])
  const [row, subscription, trial] = [rows.customers[0], rows.subscriptions[0], rows.trials[0]]
  if (row === undefined || subscription === undefined || trial === undefined) throw new Error('Nothing is stored')
  const put = async (...writes: Parameters<typeof records.commit>[1]): Promise<readonly string[]> => {
    await records.commit('ann', writes)
    return look()
  }
  const restore = { collection: 'subscriptions', id: subscription.id, value: subscription.value } as const
  expect(await put({ ...restore, value: { ...subscription.value, quantity: 2 } })).toEqual(['ann stored-as-stripe-says'])
  expect(await checkInvariants({ records, payments })).toMatchObject([{ found: `${subscription.id}: quantity is stored as 2, Stripe says 1` }])
  expect(await put(restore, { ...restore, id: 'sub_gone', value: { ...subscription.value, id: 'sub_gone' } })).toEqual(['ann stored-as-stripe-says'])
  expect(await put({ ...restore, id: 'sub_gone', value: null })).toEqual([])
  expect(await put({ collection: 'trials', id: trial.id, value: { ...trial.value, subscription: 'sub_before' } })).toEqual(['ann one-trial'])
  expect(await put({ collection: 'trials', id: trial.id, value: trial.value })).toEqual([])

  const inbox = { type: 'invoice.paid', state: 'failed', attempts: 1, outcome: null, failure: 'unavailable', receivedAt: 0, keepUntil: null } as const
  expect(await put({ collection: 'inbox', id: 'evt_1', value: inbox })).toEqual(['ann events-done'])
  const outbox = { destination: 'claims', sequence: 1, payload: null, attempts: 0, dueAt: 0, fencing: 0, failure: null }
  expect(await put({ collection: 'inbox', id: 'evt_1', value: null }, { collection: 'outbox', id: 'claims', value: outbox })).toEqual(['ann outbox-drained'])
  expect(await put({ collection: 'outbox', id: 'claims', value: null })).toEqual([])
  const operation = {
    operation: 'o', subscription: subscription.id, intent: { kind: 'resume' }, steps: [], outcomes: [], state: 'open', failure: null, createdAt: 0, dueAt: 0,
  } as const
  expect(await put({ collection: 'operations', id: 'current', value: operation })).toEqual(['ann operations-finished'])
  expect(await put({ collection: 'operations', id: 'current', value: null })).toEqual([])

  claims.set('ann', await farebox.planClaims({ customer: 'ann' }))
  expect(await look()).toEqual([])
  claims.set('ann', { ...(await farebox.planClaims({ customer: 'ann' })), ev: 0 })
  expect(await look()).toEqual(['ann claims-as-stored'])
  claims.clear()

  const grant = { id: 'grant:in_1:il_1', feature: 'apiCalls', amount: 1, priority: 50, effectiveAt: 0, expiresAt: null, createdAt: 0, voidedAt: null }
  await farebox.ensureCustomer({ customer: 'bob' })
  for (const customer of ['ann', 'bob']) await records.commit(customer, [{ collection: 'grants', id: grant.id, value: grant }])
  expect(await look()).toEqual([expect.stringContaining('one-grant-per-fact')])
  for (const customer of ['ann', 'bob']) await records.commit(customer, [{ collection: 'grants', id: grant.id, value: null }])

  const oversold = createFarebox({ catalog, store: { usage: memoryStore({ clock: world.clock }).usage, records }, clock: world.clock })
  const counted = { ...oversold, snapshot: async (request: { readonly customer: string }) => {
    const snapshot = await oversold.snapshot(request)
    const apiCalls = snapshot.usage['apiCalls']
    return apiCalls === undefined ? snapshot : { ...snapshot, usage: { apiCalls: { ...apiCalls, used: 4990, reserved: 11 } } }
  } }
  expect((await checkInvariants({ records, payments, farebox: counted })).map(({ invariant }) => invariant)).toEqual(['within-limits', 'within-limits'])

  const { data: [price] } = await world.client.prices.list({ lookup_keys: ['farebox_team_month'] })
  await world.client.subscriptions.create({ customer: row.value.paymentCustomer ?? '', items: [{ price: price?.id ?? '' }], trial_period_days: 9 })
  expect(await look()).toEqual(['ann stored-as-stripe-says', 'ann one-live-subscription', 'ann one-trial'])
  await world.client.customers.create({ metadata: { farebox_customer: 'ann' } })
  expect(await look()).toContain('ann one-payment-customer')
})
