import { createFarebox, defineCatalog, metered, usd } from '@farebox/core'
import { stripePayments } from '@farebox/core/drivers/stripe'
import { expect, it } from 'vitest'
import { identityOf, knownTokens } from '../known-tokens.ts'
import { buyPack, createPackWorld, customer, grantsOf, newestPayment, packs } from './pack-world.ts'
import { getEvent } from './scene.ts'
import { sessionOf, webhookSecret } from './world.ts'

it('sells packs over HTTP: lists them, opens a page, and shows on return what was bought', async () => {
  const world = await createPackWorld()
  const payments = stripePayments({ client: world.client, webhookSecret, mode: 'test' })
  const appUrl = 'http://localhost:8787'
  const auth = knownTokens({ ann: identityOf('ann') })
  const farebox = createFarebox({ catalog: packs, store: world.store, payments, clock: world.clock, appUrl, auth })
  const ask = async (method: string, path: string, body?: object): Promise<{ status: number; body: { url: string; packs: readonly unknown[]; grants: unknown } }> => {
    const headers = { authorization: 'Bearer ann', ...(body !== undefined && { 'content-type': 'application/json' }) }
    const response = await farebox.handle(new Request(`${appUrl}/api/billing${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }))
    return { status: response.status, body: await response.json() }
  }
  expect((await ask('GET', '/plans')).body.packs[1]).toEqual({
    key: 'bundle', name: 'Bundle', description: null, prices: [{ amount: 700, currency: 'usd' }], grants: { apiCalls: 100, exports: 3 }, expiresAfterDays: 30,
  })
  expect(await ask('POST', '/checkout', { pack: 'none' })).toMatchObject({ status: 400, body: { faults: [{ path: 'pack' }] } })
  expect(await ask('POST', '/checkout', { pack: 'boost', interval: 'month' })).toMatchObject({ status: 400 })
  const { status, body } = await ask('POST', '/checkout', { pack: 'boost', quantity: 2 })
  expect(status).toBe(200)
  world.simulator.completeCheckout(sessionOf(body.url))
  expect((await ask('POST', '/converge', {})).body.grants).toMatchObject([{ feature: 'apiCalls', amount: 2000, remaining: 2000 }])
})

/** A thin event that names a refund or a dispute, and nothing of whose it is. */
function thin(id: string, type: string, related: string): { readonly id: string } {
  const event = { id, object: 'v2.core.event', type, livemode: false, created: '2026-01-31T10:00:00Z', related_object: { id: related, type: 'x', url: '/' } }
  return event
}

it('finds whose a refund or a dispute is where a thin event names nothing else', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  await buyPack(world, farebox, 'boost')
  const refund = await world.client.refunds.create({ payment_intent: await newestPayment(world), amount: 500 })
  expect(await world.deliver(farebox, thin('evt_1', 'v1.refund.created', refund.id))).toMatchObject({ kind: 'applied', customer })
  expect(await grantsOf(world)).toEqual(['apiCalls 500'])
  await buyPack(world, farebox, 'boost')
  const dispute = world.simulator.dispute(await newestPayment(world))
  world.simulator.closeDispute(dispute, 'lost')
  expect(await world.deliver(farebox, thin('evt_2', 'v1.charge.dispute.closed', dispute))).toMatchObject({ kind: 'applied', customer })
  expect(await grantsOf(world)).toEqual(['apiCalls 0 voided', 'apiCalls 500'])
  expect(await world.deliver(farebox, thin('evt_3', 'v1.refund.created', 're_unknown'))).toMatchObject({ kind: 'ignored' })
})

// https://docs.stripe.com/changelog/acacia/2024-10-28/refund-webhook-update
it('gives back what a refund took that failed, where an older version of Stripe tells it by the charge alone', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  await buyPack(world, farebox, 'boost', 1, { card: '4000000000005126' })
  await world.client.refunds.create({ payment_intent: await newestPayment(world) })
  await world.deliver(farebox, await getEvent(world, 'charge.refunded'))
  expect(await grantsOf(world)).toEqual(['apiCalls 0 voided'])
  world.simulator.clock.advance({ days: 2 })
  const older = { ...(await getEvent(world, 'refund.failed')), id: 'evt_older', type: 'charge.refund.updated' }
  expect(await world.deliver(farebox, older)).toMatchObject({ kind: 'applied', customer })
  expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
})

it('knows the names of packs', () => {
  const catalog = defineCatalog({
    features: { apiCalls: metered({ unit: 'call' }) },
    plans: { free: { name: 'Free', default: true, features: {} } },
    packs: { boost: { name: 'Boost', price: usd('10'), grants: { apiCalls: 1 } } },
  })
  const { checkout }: Pick<ReturnType<typeof createFarebox<typeof catalog>>, 'checkout'> = { checkout: async () => ({ url: '' }) }
  const addresses = { customer, successUrl: 'http://a/', cancelUrl: 'http://b/' }
  void checkout({ pack: 'boost', ...addresses })
  // @ts-expect-error There is no such pack.
  void checkout({ pack: 'boots', ...addresses })
  expect(catalog.packs.boost.grants).toEqual({ apiCalls: 1 })
})
