import type { RecordStore } from '@farebox/core'
import { installationMetadata, portalMetadata, stripePayments } from '@farebox/core/drivers/stripe'
import { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { openPortal } from '../../src/use-cases/billing/open-portal.ts'
import { ensurePaymentCustomer } from '../../src/use-cases/checkout/ensure-payment-customer.ts'
import { startCheckout } from '../../src/use-cases/checkout/start-checkout.ts'
import type { PlanCheckoutRequest } from '../../src/use-cases/checkout/start-plan-checkout.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { type World, createWorld, isFull, sessionOf, webhookSecret, yieldTimes } from './world.ts'

const customer = 'user_1'
const races = isFull ? 1000 : 40
const order: PlanCheckoutRequest = { customer, plan: 'pro', interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' }

async function sessions(world: World, status: string): Promise<readonly string[]> {
  const listed = await world.client.checkout.sessions.list({ limit: 100 }).autoPagingToArray({ limit: 1000 })
  return listed.filter((session) => session.status === status).map(({ id }) => id)
}

/** What a click was answered: a session, or the code of a refusal. */
async function click(start: Promise<{ readonly url: string }>): Promise<string> {
  return start.then(({ url }) => sessionOf(url), (error: { code: string }) => error.code)
}

it(`makes one customer and one open session of ${races} double clicks, and never two subscriptions`, { timeout: 600_000 }, async () => {
  let paidTwice = 0
  let refused = 0
  for (let seed = 1; seed <= races; seed += 1) {
    const random = seededRandom(seed)
    const world = await createWorld({ seed, onTheWay: () => yieldTimes(random.integer(0, 5)) })
    const processes = [world.process(), world.process()]
    // Clicks in two processes, one of them for another plan in every third race.
    const clicks = Array.from({ length: random.integer(2, 6) }, (_, index) => ({
      ...order,
      plan: seed % 3 === 0 && index === 0 ? 'team' : 'pro',
      successUrl: random.pick(['http://a/', 'http://a/2']),
    }))
    const answers = await Promise.all(clicks.map((start) => click(startCheckout(random.pick(processes), start))))
    const open = await sessions(world, 'open')
    expect(open.length, `seed ${seed}`).toBe(1)
    expect((await world.client.customers.list()).data, `seed ${seed}`).toHaveLength(1)
    // Who was sent elsewhere than the open session cannot pay there any more.
    const given = answers.filter((answer) => answer.startsWith('cs_'))
    refused += answers.length - given.length
    for (const session of [...new Set(given), ...open]) {
      try {
        world.simulator.completeCheckout(session)
      } catch {
        continue
      }
      // Clicks that come while the payment is not yet known are refused or share nothing payable.
      const late = await Promise.all(clicks.map((start) => click(startCheckout(random.pick(processes), start))))
      expect(new Set(late), `seed ${seed}`).toEqual(new Set(['already-subscribed']))
    }
    const subscriptions = await world.client.subscriptions.list({ status: 'all' })
    paidTwice += subscriptions.data.length - 1
  }
  process.stdout.write(`double clicks: ${races} races, paid twice ${paidTwice}, told to try again ${refused}\n`)
  expect(paidTwice).toBe(0)
})

it(`makes one customer of ${isFull ? 1000 : 100} racers over many processes`, async () => {
  const world = await createWorld({ onTheWay: () => yieldTimes(3) })
  const racers = Array.from({ length: isFull ? 1000 : 100 }, () => ensurePaymentCustomer(world.process(), customer, { email: 'a@example.com' }))
  const results = await Promise.allSettled(racers)
  const made = new Set(results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])))
  expect(made.size).toBe(1)
  expect((await world.client.customers.list()).data.map(({ id, email }) => [id, email])).toEqual([[[...made][0], 'a@example.com']])
})

it('makes one new customer of many racers after theirs was deleted in Stripe, and lets them buy', async () => {
  const world = await createWorld({ onTheWay: () => yieldTimes(2) })
  const farebox = world.process()
  const made: string[] = []
  for (let round = 0; round < 3; round += 1) {
    const clicks = await Promise.all(Array.from({ length: 6 }, () => click(startCheckout(world.process(), order))))
    expect(new Set(clicks).size).toBe(1)
    const customers = (await world.client.customers.list()).data.map(({ id }) => id)
    expect(customers).toHaveLength(1)
    made.push(...customers)
    world.simulator.completeCheckout(clicks[0] ?? '')
    await world.client.customers.del(made.at(-1) ?? '')
    await convergeCustomer(farebox, customer)
  }
  expect(new Set(made).size).toBe(3)
})

it('shares the open session, expires it for another plan, and opens a new one when it has expired', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const first = await click(startCheckout(farebox, order))
  expect(await click(startCheckout(world.process(), order))).toBe(first)
  const second = await click(startCheckout(farebox, { ...order, plan: 'team' }))
  expect(await sessions(world, 'open')).toEqual([second])
  expect(await sessions(world, 'expired')).toEqual([first])
  world.simulator.clock.advance({ hours: 25 })
  const third = await click(startCheckout(farebox, { ...order, plan: 'team' }))
  expect(await sessions(world, 'open')).toEqual([third])
})

it('refuses a second subscription that only Stripe knows of, and allows one after the first has ended', async () => {
  const world = await createWorld()
  const farebox = world.process()
  world.simulator.completeCheckout(await click(startCheckout(farebox, order)))
  expect(await click(startCheckout(world.process(), order))).toBe('already-subscribed')
  const [subscription] = (await world.client.subscriptions.list()).data
  await world.client.subscriptions.cancel(subscription?.id ?? '')
  expect(await click(startCheckout(farebox, order))).toMatch(/^cs_/)
})

it('leaves no session payable for a customer who has subscribed elsewhere', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const ours = await click(startCheckout(farebox, order))
  const { line_items } = await world.client.checkout.sessions.retrieve(ours, { expand: ['line_items'] })
  const price = line_items?.data[0]?.price?.id ?? ''
  const paymentCustomer = await ensurePaymentCustomer(farebox, customer)
  const elsewhere = await world.client.checkout.sessions.create({
    mode: 'subscription', customer: paymentCustomer, line_items: [{ price, quantity: 1 }], success_url: 'http://a/',
  })
  world.simulator.completeCheckout(elsewhere.id)
  expect(await click(startCheckout(farebox, order))).toBe('already-subscribed')
  expect(await sessions(world, 'open')).toEqual([])
})

it('sells no second subscription to who pays at the very moment of the second click', async () => {
  const world = await createWorld()
  const first = await click(startCheckout(world.process(), { ...order, plan: 'team' }))
  const { payments } = world.process()
  const paying = { ...world.process(), payments: payments && {
    ...payments,
    findCheckout: async (session: string) => {
      if ((await sessions(world, 'open')).length > 0) world.simulator.completeCheckout(first)
      return payments.findCheckout(session)
    },
  } }
  expect(await click(startCheckout(paying, order))).toBe('already-subscribed')
  expect(await sessions(world, 'open')).toEqual([])
})

it('leads back to the open session whose first payment failed, and to no other', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const session = await click(startCheckout(farebox, order))
  const [price] = (await world.client.prices.list({ lookup_keys: ['farebox_pro_month'] })).data
  await world.client.subscriptions.create({
    customer: await ensurePaymentCustomer(farebox, customer),
    items: [{ price: price?.id ?? '' }],
    default_payment_method: 'pm_card_chargeCustomerFail',
  })
  expect(await click(startCheckout(farebox, order))).toBe(session)
  expect(await click(startCheckout(farebox, { ...order, plan: 'team' }))).toBe('already-subscribed')
  expect(await click(startCheckout(farebox, order))).toBe(session)
  expect(await sessions(world, 'open')).toEqual([session])
})

it('sends nobody to a session that was made by an attempt that died, and has expired since', async () => {
  const world = await createWorld()
  const dying = world.process({ store: { ...world.store, records: {
    ...world.store.records,
    commit: async (id, writes) => {
      if (writes.some((write) => write.collection === 'checkouts' && write.value?.session != null)) throw new Error('killed')
      return world.store.records.commit(id, writes)
    },
  } } })
  await expect(startCheckout(dying, order)).rejects.toThrow('killed')
  const [orphan] = await sessions(world, 'open')
  world.simulator.clock.advance({ hours: 25 })
  const session = await click(startCheckout(world.process(), order))
  expect(session).not.toBe(orphan)
  expect(await sessions(world, 'open')).toEqual([session])
})

it('opens no second session where the first cannot be expired', async () => {
  const world = await createWorld()
  const first = await click(startCheckout(world.process(), order))
  const stubborn: typeof fetch = (url, init) => {
    const request = new Request(url, init)
    if (!request.url.endsWith('/expire')) return world.simulator.fetch(request)
    return Promise.resolve(Response.json({ error: { type: 'invalid_request_error', message: 'No.' } }, { status: 403 }))
  }
  const client = new Stripe('sk_test_world', { httpClient: Stripe.createFetchHttpClient(stubborn), maxNetworkRetries: 0, telemetry: false })
  expect(await click(startCheckout(world.process({ client }), { ...order, plan: 'team' }))).toBe('payments-failed')
  expect(await sessions(world, 'open')).toEqual([first])
})

it('gives a trial once in a life', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const trials: boolean[] = []
  for (let round = 0; round < 3; round += 1) {
    world.simulator.completeCheckout(await click(startCheckout(farebox, order)))
    const [subscription] = (await world.client.subscriptions.list()).data
    trials.push(subscription?.status === 'trialing')
    await world.client.subscriptions.cancel(subscription?.id ?? '')
  }
  expect(trials).toEqual([true, false, false])
})

it('expires its own session when the row was taken over while Stripe was slow', async () => {
  const world = await createWorld()
  const farebox = world.process()
  let isTaken = false
  const records: RecordStore = {
    ...world.store.records,
    async commit(id, writes) {
      const isNoting = writes.some((write) => write.collection === 'checkouts' && write.value?.session != null)
      if (isNoting && !isTaken) {
        isTaken = true
        await startCheckout(farebox, { ...order, plan: 'team' })
      }
      return world.store.records.commit(id, writes)
    },
  }
  const slow = world.process({ store: { ...world.store, records } })
  const session = await click(startCheckout(slow, order))
  expect(await sessions(world, 'open')).toEqual([session])
  expect(await sessions(world, 'expired')).toHaveLength(2)
})

it.each([
  [{ plan: 'free' }, ['interval']],
  [{ plan: 'team', interval: 'year' }, ['interval']],
  [{ plan: '__proto__' }, ['plan']],
  [{ plan: 'gold', successUrl: '/relative', cancelUrl: 'javascript:alert(1)' }, ['plan', 'successUrl', 'cancelUrl']],
  [{ customer: '' }, ['customer']],
  [{ successUrl: `http://a/${'x'.repeat(2040)}` }, ['successUrl']],
] as const)('refuses %j with every fault, and asks Stripe nothing', async (wrong, paths) => {
  const world = await createWorld()
  const started = startCheckout(world.process(), { ...order, ...wrong })
  await expect(started).rejects.toMatchObject({ code: 'invalid-request', faults: paths.map((path) => ({ path })) })
  expect(world.requests.count).toBe(0)
})

it('says what to do where Stripe has no price for a plan', async () => {
  const world = await createWorld()
  for (const price of (await world.client.prices.list()).data) await world.client.prices.update(price.id, { active: false })
  await expect(startCheckout(world.process(), order)).rejects.toMatchObject({
    code: 'payments-failed',
    reason: 'price-missing',
    faults: [{ path: 'plans.pro.prices.month' }],
    // Over HTTP nobody sees the message: this is what the log has.
    cause: { log: { lookupKey: 'farebox_pro_month', remedy: 'npx farebox push' } },
  })
})

it('begins anew after a refusal, which Stripe would repeat under the same key', async () => {
  let isRefusing = false
  const world = await createWorld()
  const refusing: typeof fetch = async (url, init) => {
    const request = new Request(url, init)
    if (!isRefusing || !new URL(request.url).pathname.endsWith('/checkout/sessions')) return world.simulator.fetch(request)
    // Runs and is remembered, as a refusal of Stripe is: here for a customer that is not there.
    const headers = Object.fromEntries(request.headers)
    const body = (await request.text()).replace(/customer=cus_\w+/, 'customer=cus_nobody')
    return world.simulator.fetch(new Request(url, { method: 'POST', headers, body }))
  }
  const client = new Stripe('sk_test_world', { httpClient: Stripe.createFetchHttpClient(refusing), maxNetworkRetries: 0, telemetry: false })
  const farebox = world.process({ client })
  await ensurePaymentCustomer(farebox, customer)
  isRefusing = true
  expect(await click(startCheckout(farebox, order))).toBe('payments-failed')
  isRefusing = false
  expect(await click(startCheckout(farebox, order))).toMatch(/^cs_/)
})

it('opens the portal that farebox push keeps, else the default of the account', async () => {
  const world = await createWorld()
  const returnUrl = 'http://a/account'
  await expect(openPortal(world.process(), { customer, returnUrl: 'ftp://a/' })).rejects.toMatchObject({ code: 'invalid-request' })
  await expect(openPortal(world.process(), { customer, returnUrl })).rejects.toMatchObject({ code: 'payments-failed' })

  const features = { invoice_history: { enabled: true } }
  const { id } = await world.client.billingPortal.configurations.create({ features, metadata: { [portalMetadata]: 'true' } })
  await world.client.billingPortal.configurations.create({ features, metadata: { [portalMetadata]: 'true', [installationMetadata]: 'other' } })
  const farebox = world.process()
  const opened = async (): Promise<unknown> => {
    const { url } = await openPortal(farebox, { customer, returnUrl })
    expect(url).toMatch(/^http/)
    return (await world.events()).find(({ type }) => type === 'billing_portal.session.created')?.data.object
  }
  expect(await opened()).toMatchObject({ return_url: returnUrl, configuration: id })

  const next = await world.client.billingPortal.configurations.create({ features, metadata: { [portalMetadata]: 'true' } })
  await world.client.billingPortal.configurations.update(id, { active: false })
  await expect(opened()).rejects.toMatchObject({ code: 'payments-failed' })
  expect(await opened()).toMatchObject({ configuration: next.id })

  await world.client.billingPortal.configurations.update(id, { active: true })
  await world.client.billingPortal.configurations.update(next.id, { active: false })
  await expect(opened()).rejects.toMatchObject({ code: 'payments-failed' })
  expect(await opened()).toMatchObject({ configuration: id })
})

it('opens the portal that the app names, and looks for no other', async () => {
  const world = await createWorld()
  const features = { invoice_history: { enabled: true } }
  await world.client.billingPortal.configurations.create({ features, metadata: { [portalMetadata]: 'true' } })
  const { id: portalConfiguration } = await world.client.billingPortal.configurations.create({ features })
  const asked: string[] = []
  const answer = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(url, init)
    asked.push(`${request.method} ${new URL(request.url).pathname}`)
    return world.simulator.fetch(request)
  }
  const client = new Stripe('sk_test_world', { httpClient: Stripe.createFetchHttpClient(answer), host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false })
  const farebox = { ...world.process(), payments: stripePayments({ client, webhookSecret, portalConfiguration }) }
  await openPortal(farebox, { customer, returnUrl: 'http://a/account' })
  const [opened] = (await world.client.events.list({ type: 'billing_portal.session.created' })).data
  expect(opened?.data.object).toMatchObject({ configuration: portalConfiguration })
  expect(asked).not.toContain('GET /v1/billing_portal/configurations')
})

it('leads back to an address that a browser can be sent to', async () => {
  const world = await createWorld()
  const longest = `http://a/${'x'.repeat(2048 - 'http://a/'.length)}`
  for (const returnUrl of [`${longest}x`, '/account', 'ftp://a/', 'javascript:alert(1)']) {
    await expect(openPortal(world.process(), { customer, returnUrl })).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path: 'returnUrl' }] })
  }
  await world.client.billingPortal.configurations.create({ features: { invoice_history: { enabled: true } }, metadata: { [portalMetadata]: 'true' } })
  expect(await openPortal(world.process(), { customer, returnUrl: longest })).toMatchObject({ url: expect.any(String) })
})

it('finds the portal that farebox push keeps behind any number of others, as in an account of many installations', async () => {
  const world = await createWorld()
  const { client } = world
  const features = { invoice_history: { enabled: true } }
  const { id } = await client.billingPortal.configurations.create({ features, metadata: { [portalMetadata]: 'true' } })
  for (let other = 0; other < 101; other += 1) {
    await client.billingPortal.configurations.create({ features, metadata: { [portalMetadata]: 'true', [installationMetadata]: `other_${other}` } })
  }
  await openPortal(world.process(), { customer, returnUrl: 'http://a/account' })
  const [opened] = (await client.events.list({ type: 'billing_portal.session.created' })).data
  expect(opened?.data.object).toMatchObject({ configuration: id })
})
