import { defineCatalog, eur, metered, usd } from '@farebox/core'
import { installationMetadata, packIdOf, packMetadata } from '@farebox/core/drivers/stripe'
import { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { grantUsage } from '../../src/use-cases/admin/grant-usage.ts'
import { startCheckout } from '../../src/use-cases/checkout/start-checkout.ts'
import { startPackCheckout } from '../../src/use-cases/checkout/start-pack-checkout.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { converge, convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { reconcile } from '../../src/use-cases/healing/reconcile.ts'
import { sweepStore } from '../../src/use-cases/healing/sweep.ts'
import {
  buyPack, createPackWorld, customer, grantsOf, newestPayment, packs, postman, remainingOf, storedGrants,
} from './pack-world.ts'
import { addresses, buy, getEvent } from './scene.ts'
import { type World, createGate, createOutage, sessionOf } from './world.ts'

const day = 86_400_000
const bank = '000123456789'
const brokenBank = '000222222227'

async function begin(pack = 'boost', quantity = 1): Promise<{ world: World; farebox: Context; told: string[]; post: ReturnType<typeof postman>; session: string }> {
  const world = await createPackWorld()
  const farebox = world.process()
  const told: string[] = []
  farebox.events.on('grant.added', ({ name }) => void told.push(name))
  const post = postman(world)
  const session = await buyPack(world, farebox, pack, quantity)
  await post(farebox)
  return { world, farebox, told, post, session }
}

it('gives what was paid for, once, under the name of its session and line', async () => {
  const { world, farebox, told, session } = await begin('boost', 3)
  const [line] = (await world.client.checkout.sessions.listLineItems(session)).data
  expect(await storedGrants(world)).toMatchObject([
    { id: `grant:${session}:${line?.id}:apiCalls`, amount: 3000, expiresAt: null, voidedAt: null, purchase: { pack: 'boost', session, amount: 3000 } },
  ])
  expect(await remainingOf(farebox)).toBe(3005)
  await convergeCustomer(farebox, customer)
  expect(told).toEqual(['grant.added'])
  expect((await getSnapshot(farebox, { customer, canManageBilling: true })).grants).toMatchObject([{ amount: 3000, used: 0, remaining: 3000 }])
  const [invoice] = (await world.client.invoices.list()).data
  expect(invoice).toMatchObject({ status: 'paid', total: 3000, metadata: { farebox_customer: customer, farebox_pack: 'boost' } })
})

it('gives once whatever comes twice, late, backwards, to several processes, or not at all', async () => {
  const world = await createPackWorld()
  const processes = [world.process(), world.process(), world.process()] as const
  const [first] = processes
  const post = postman(world)
  await buyPack(world, first, 'boost')
  await buyPack(world, first, 'bundle', 2)
  await post(first, (events) => [...events.toReversed(), ...events])
  const events = await world.events()
  await Promise.all(events.flatMap((event) => processes.map((farebox) => world.deliver(farebox, { ...event, id: `${event.id}_again` }))))
  expect(await grantsOf(world)).toEqual(['apiCalls 1000', 'apiCalls 200', 'exports 6'])
  // Of the third purchase no delivery arrives at all.
  await buyPack(world, first, 'boost')
  await Promise.all(processes.map((farebox) => convergeCustomer(farebox, customer)))
  expect(await grantsOf(world)).toEqual(['apiCalls 1000', 'apiCalls 1000', 'apiCalls 200', 'exports 6'])
})

it('gives it also where newer readings, of subscriptions alone, were stored while it was read', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  await buyPack(world, farebox, 'boost')
  const [arrived, gate] = [createGate(), createGate()]
  const httpClient: Stripe.HttpClient = {
    getClientName: () => 'slow',
    async makeRequest(...request) {
      const answer = await world.simulator.httpClient.makeRequest(...request)
      if (!request[2].startsWith('/v1/charges')) return answer
      arrived.open()
      await gate.passed
      return answer
    },
  }
  const slow = world.process({ client: new Stripe('sk_test_world', { httpClient, host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false }) })
  const late = world.deliver(slow, await getEvent(world, 'checkout.session.completed'))
  await arrived.passed
  for (let reading = 0; reading < 3; reading += 1) await converge(farebox, customer, null)
  gate.open()
  expect(await late).toMatchObject({ kind: 'applied' })
  expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
})

it('looks for what was paid after it was read, however long the commit took', async () => {
  const world = await createPackWorld()
  const { usage, records } = world.store
  let isHeldUp = false
  const slow = {
    ...records,
    async commit(...[owner, writes]: Parameters<typeof records.commit>) {
      if (!isHeldUp && writes.some(({ collection, value }) => collection === 'customers' && value !== null && value.purchasesReadAt !== undefined)) {
        isHeldUp = true
        world.simulator.clock.advance({ days: 60 })
        await grantUsage(world.process(), { customer, feature: 'apiCalls', amount: 1, key: 'meanwhile' })
      }
      return records.commit(owner, writes)
    },
  }
  await buyPack(world, world.process(), 'boost', 1, { bankAccount: bank })
  await convergeCustomer(world.process({ store: { usage, records: slow } }), customer)
  expect(isHeldUp).toBe(true)
  expect(await grantsOf(world)).toEqual(['apiCalls 1'])
  await convergeCustomer(world.process(), customer)
  expect(await grantsOf(world)).toEqual(['apiCalls 1', 'apiCalls 1000'])
})

it('waits for a bank debit to arrive, and gives nothing for one that fails', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  const post = postman(world)
  await buyPack(world, farebox, 'boost', 1, { bankAccount: bank })
  await buyPack(world, farebox, 'bundle', 1, { bankAccount: brokenBank })
  // What was read last is younger than the checkout that is paid after it.
  world.simulator.clock.advance({ hours: 1 })
  await post(farebox)
  expect(await grantsOf(world)).toEqual([])
  world.simulator.clock.advance({ days: 6 })
  await post(farebox)
  expect((await world.events()).map(({ type }) => type)).toEqual(
    expect.arrayContaining(['checkout.session.async_payment_succeeded', 'checkout.session.async_payment_failed']),
  )
  expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
})

it('is sold beside a subscription and beside other packs, on one page for each', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  const plan = await startCheckout(farebox, { customer, plan: 'pro', interval: 'month', ...addresses })
  const boost = { customer, pack: 'boost', ...addresses }
  const [one, other] = await Promise.all([startPackCheckout(farebox, boost), startPackCheckout(world.process(), boost)])
  const bundle = await startPackCheckout(farebox, { ...boost, pack: 'bundle' })
  expect(other).toEqual(one)
  expect(await startPackCheckout(world.process(), boost)).toEqual(one)
  const open = await world.client.checkout.sessions.list({ status: 'open' })
  expect(open.data.map(({ id }) => id).toSorted()).toEqual([plan, one, bundle].map(({ url }) => sessionOf(url)).toSorted())
  const two = await startPackCheckout(farebox, { ...boost, quantity: 2 })
  expect((await world.client.checkout.sessions.retrieve(sessionOf(one.url))).status).toBe('expired')
  for (const { url } of [plan, two, bundle]) world.simulator.completeCheckout(sessionOf(url))
  await convergeCustomer(farebox, customer)
  expect(await grantsOf(world)).toEqual(['apiCalls 100', 'apiCalls 2000', 'exports 3'])
  expect(await remainingOf(farebox)).toBe(2600)
  expect((await startPackCheckout(farebox, boost)).url).not.toBe(two.url)
  expect(await startCheckout(farebox, { customer, plan: 'pro', interval: 'month', ...addresses }).catch(({ code }) => code)).toBe('already-subscribed')
})

it('refuses what is not for sale', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  const refused = await startPackCheckout(farebox, { customer, pack: 'toString', quantity: 0, currency: 'eur', successUrl: 'x', cancelUrl: 'ftp://a/' })
    .catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'invalid-request', faults: [{ path: 'successUrl' }, { path: 'cancelUrl' }, { path: 'pack' }, { path: 'quantity' }] })
  await expect(startPackCheckout(farebox, { customer, pack: 'boost', currency: 'eur', ...addresses })).rejects.toMatchObject({
    faults: [{ path: 'currency', message: 'This pack is sold in usd' }],
  })
  expect(world.requests.count).toBe(0)
})

/** What a process asks Stripe for while `act` runs, and what its client answers in Stripe's place. */
async function asked(world: World, act: (farebox: Context) => Promise<unknown>, instead: (body: URLSearchParams, key: string) => Response | undefined = () => undefined): Promise<readonly URLSearchParams[]> {
  const sent: URLSearchParams[] = []
  const answer = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(url, init)
    if (request.method !== 'POST' || !request.url.endsWith('/v1/checkout/sessions')) return world.simulator.fetch(request)
    const body = new URLSearchParams(await request.clone().text())
    sent.push(body)
    const answered = await world.simulator.fetch(request)
    return instead(body, request.headers.get('idempotency-key') ?? '') ?? answered
  }
  await act(world.process({ client: new Stripe('sk_test_world', { httpClient: Stripe.createFetchHttpClient(answer), host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false }) }))
  return sent
}

it('names the currency, which Stripe would choose by where the customer seems to be, and the customer where that fits', async () => {
  const euros = defineCatalog({
    features: { apiCalls: metered({ unit: 'call' }) },
    plans: { free: { name: 'Free', default: true, features: {} } },
    packs: { boost: { name: 'Boost', price: [usd('10'), eur('9')], grants: { apiCalls: 1000 } } },
  })
  const world = await createPackWorld({}, euros)
  const [price] = (await world.client.prices.list({ lookup_keys: [packIdOf('boost')] })).data
  await world.client.prices.update(price?.id ?? '', { currency_options: { eur: { unit_amount: 900 } } })
  const boost = { pack: 'boost', ...addresses }
  const sent = await asked(world, async (farebox) => {
    await startPackCheckout(farebox, { ...boost, customer })
    const { url } = await startPackCheckout(farebox, { ...boost, customer, currency: 'eur' })
    expect(await world.client.checkout.sessions.retrieve(sessionOf(url))).toMatchObject({ currency: 'eur', amount_total: 900 })
    await startPackCheckout(farebox, { ...boost, customer: 'a'.repeat(201) })
  })
  expect(sent.map((body) => [body.get('currency'), body.get('client_reference_id')])).toEqual([['usd', customer], ['eur', customer], ['usd', null]])
  // The payment says in the dashboard what it is for, as the session and the invoice do.
  expect(sent[0]?.get('payment_intent_data[metadata][farebox_pack]')).toBe('boost')
})

it('finds the page that was made where Stripe answers that it failed, and repeats that', async () => {
  const world = await createPackWorld()
  let failed: string | null = null
  const act = async (farebox: Context): Promise<void> => {
    const boost = { customer, pack: 'boost', ...addresses }
    await expect(startPackCheckout(farebox, boost)).rejects.toMatchObject({ code: 'unavailable' })
    const { url } = await startPackCheckout(farebox, boost)
    expect((await world.client.checkout.sessions.list({ status: 'open' })).data.map(({ id }) => id)).toEqual([sessionOf(url)])
  }
  await asked(world, act, (_body, key) => {
    if (failed !== null && failed !== key) return undefined
    const headers = { 'content-type': 'application/json', ...(failed === key && { 'idempotent-replayed': 'true' }) }
    failed = key
    return Response.json({ error: { type: 'api_error', message: 'canary' } }, { status: 500, headers })
  })
})

it('gives all lines of a session, and nothing for what another installation sells', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  await buyPack(world, farebox, 'boost')
  const paymentCustomer = (await world.client.customers.list()).data[0]?.id ?? ''
  const priceOf = async (metadata: Record<string, string>): Promise<string> =>
    (await world.client.prices.create({ currency: 'usd', unit_amount: 100, product: packIdOf('boost'), metadata })).id
  const others = await priceOf({ [packMetadata]: 'boost', [installationMetadata]: 'other' })
  const prices = [others]
  for (let count = 0; count < 11; count += 1) prices.push(await priceOf({ [packMetadata]: 'boost' }))
  const { id } = await world.client.checkout.sessions.create({
    mode: 'payment', customer: paymentCustomer, line_items: prices.map((price) => ({ price, quantity: 1 })), success_url: 'http://a/',
  })
  world.simulator.completeCheckout(id)
  await convergeCustomer(farebox, customer)
  expect(await storedGrants(world)).toHaveLength(1 + 11)
})

it('gives what a coupon paid in full, as soon as it was taken', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  await buyPack(world, farebox, 'gift')
  const paymentCustomer = (await world.client.customers.list()).data[0]?.id ?? ''
  const [price] = (await world.client.prices.list({ lookup_keys: [packIdOf('boost')] })).data
  const coupon = await world.client.coupons.create({ percent_off: 100, duration: 'once' })
  const { id } = await world.client.checkout.sessions.create({
    mode: 'payment', customer: paymentCustomer, line_items: [{ price: price?.id ?? '', quantity: 1 }], discounts: [{ coupon: coupon.id }], success_url: 'http://a/',
  })
  await convergeCustomer(farebox, customer)
  expect(await grantsOf(world)).toEqual(['apiCalls 50'])
  world.simulator.completeCheckout(id)
  expect((await world.client.checkout.sessions.retrieve(id)).payment_status).toBe('no_payment_required')
  await convergeCustomer(farebox, customer)
  expect(await grantsOf(world)).toEqual(['apiCalls 1000', 'apiCalls 50'])
})

it('says what to do where Stripe lacks the currency that a pack is sold in', async () => {
  const euros = defineCatalog({
    features: { apiCalls: metered({ unit: 'call' }) },
    plans: { free: { name: 'Free', default: true, features: {} } },
    packs: { boost: { name: 'Boost', price: [usd('10'), eur('9')], grants: { apiCalls: 1000 } } },
  })
  const world = await createPackWorld({}, euros)
  await expect(startPackCheckout(world.process(), { customer, pack: 'boost', currency: 'eur', ...addresses })).rejects.toMatchObject({
    code: 'payments-failed', reason: 'price-missing', faults: [{ path: 'packs.boost.price' }], cause: { log: { currency: 'eur', remedy: 'npx farebox push' } },
  })
})

it('ends what is left when its days are over, counted from the payment', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  const { url } = await startPackCheckout(farebox, { customer, pack: 'bundle', ...addresses })
  world.simulator.clock.advance({ hours: 5 })
  world.simulator.completeCheckout(sessionOf(url))
  const paidAt = world.clock.now()
  world.simulator.clock.advance({ days: 10 })
  await convergeCustomer(farebox, customer)
  expect((await storedGrants(world)).map(({ expiresAt }) => expiresAt)).toEqual([paidAt + 30 * day, paidAt + 30 * day])
  expect(await remainingOf(farebox, 'exports')).toBe(3)
  world.simulator.clock.advance({ days: 20 })
  expect((await getSnapshot(farebox, { customer, canManageBilling: true })).grants).toEqual([])
})

it('settles with the purchase what it gives: a catalog that changes later changes no grant', async () => {
  const { world } = await begin()
  const { boost, ...others } = packs.packs
  if (boost === undefined) throw new Error('No boost')
  const changed: Context = {
    ...world.process(),
    catalog: { ...packs, packs: { ...others, boost: { ...boost, grants: { apiCalls: 9, exports: 9 } } } },
  }
  await convergeCustomer(changed, customer)
  expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
})

it('warns of a pack that the catalog does not have, and gives it once the catalog has it again', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  await buyPack(world, farebox, 'boost')
  const { boost: _, ...others } = packs.packs
  await convergeCustomer({ ...farebox, catalog: { ...packs, packs: others } }, customer)
  expect(await grantsOf(world)).toEqual([])
  expect(world.logged.map(({ fields }) => fields['pack'])).toContain('boost')
  await convergeCustomer(farebox, customer)
  expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
})

it('reads all pages, and only what is new, of what was bought', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  for (let count = 0; count < 120; count += 1) await buyPack(world, farebox, 'boost')
  await convergeCustomer(farebox, customer)
  expect((await storedGrants(world)).length).toBe(120)
  world.simulator.clock.advance({ days: 100 })
  await convergeCustomer(farebox, customer)
  await buyPack(world, farebox, 'boost')
  world.simulator.clock.advance({ days: 60 })
  await convergeCustomer(farebox, customer)
  expect((await storedGrants(world)).length).toBe(121)
})

it('costs nothing more where only a subscription changed', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  await buy(world, farebox, customer)
  await convergeCustomer(farebox, customer)
  for (const type of ['customer.subscription.created', 'checkout.session.completed', 'invoice.paid']) {
    world.requests.count = 0
    expect(await world.deliver(farebox, await getEvent(world, type))).toMatchObject({ kind: 'applied' })
    expect(world.requests.count).toBe(2)
  }
})

it('gives by a sweep what was bought where Stripe has given up the events that told of it', async () => {
  const outage = createOutage()
  const world = await createPackWorld(outage)
  const farebox = world.process()
  await buyPack(world, farebox, 'boost')
  outage.isOn = true
  expect(await postman(world)(farebox)).toContain('failed')
  outage.isOn = false
  world.simulator.clock.advance({ days: 4 })
  expect((await sweepStore(world.process())).events).toBeGreaterThan(0)
  expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
})

it('finds by reconciling what every webhook was lost of', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  await buyPack(world, farebox, 'boost')
  const report = await reconcile(farebox)
  expect(report.findings).toMatchObject([{ kind: 'difference', collection: 'grants', repaired: true }])
  expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
  await world.client.refunds.create({ payment_intent: await newestPayment(world), amount: 500 })
  expect((await reconcile(farebox)).findings).toMatchObject([{ collection: 'grants', field: 'amount', stored: 1000, stripe: 500 }])
  expect((await reconcile(farebox)).findings).toEqual([])
})

/** A client whose answers under a path are changed on their way. */
function altered({ simulator }: World, path: RegExp, change: (text: string) => string): Stripe {
  const fetch = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(url, init)
    const response = await simulator.fetch(request)
    return path.test(new URL(request.url).pathname) ? new Response(change(await response.text()), response) : response
  }
  return new Stripe('sk_test_world', { httpClient: Stripe.createFetchHttpClient(fetch), host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false })
}

it('gives nothing for a pack on the page of a subscription, which names no payment that a refund could be told by', async () => {
  const world = await createPackWorld()
  await buyPack(world, world.process(), 'boost')
  const client = altered(world, /^\/v1\/checkout\/sessions$/, (text) => text.replaceAll('"mode":"payment"', '"mode":"subscription"'))
  await convergeCustomer(world.process({ client }), customer)
  expect(await grantsOf(world)).toEqual([])
  await convergeCustomer(world.process(), customer)
  expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
})

it.each([
  ['warning_needs_response', []],
  ['under_review', []],
  ['of_tomorrow', []],
  ['warning_closed', ['closed']],
  ['prevented', ['closed']],
  ['won', ['won']],
])('tells how a dispute ended, once it has: %s', async (status, told) => {
  const world = await createPackWorld()
  await buyPack(world, world.process(), 'boost')
  world.simulator.dispute(await newestPayment(world))
  const farebox = world.process({ client: altered(world, /^\/v1\/disputes$/, (text) => text.replaceAll(/"status":"\w+"/g, `"status":"${status}"`)) })
  const states: string[] = []
  farebox.events.on('dispute.closed', ({ data }) => void states.push(data.dispute.state))
  await convergeCustomer(farebox, customer)
  expect(states).toEqual(told)
  expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
})

it('sells nothing at a price that was retired, and gives what was paid at it', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  const { url } = await startPackCheckout(farebox, { customer, pack: 'boost', ...addresses })
  const [price] = (await world.client.prices.list({ lookup_keys: [packIdOf('boost')] })).data
  await world.client.prices.update(price?.id ?? '', { active: false })
  await expect(startPackCheckout(farebox, { customer: 'user_2', pack: 'boost', ...addresses })).rejects.toMatchObject({ code: 'payments-failed', reason: 'price-missing' })
  world.simulator.completeCheckout(sessionOf(url))
  await convergeCustomer(farebox, customer)
  expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
})
