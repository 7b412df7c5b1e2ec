import type { Payments, ReconcileFinding, ReconcileReport, ReconcileRequest, Subscription } from '@farebox/core'
import { customerMetadata, installationMetadata } from '@farebox/core/drivers/stripe'
import { describe, expect, it } from 'vitest'
import { checkInvariants } from '../../src/testing/invariants.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { startCheckout } from '../../src/use-cases/checkout/start-checkout.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { reconcile } from '../../src/use-cases/healing/reconcile.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { addresses, buy, expectLikeStripe, getEvent, paymentCustomerOf, rowsOf } from './scene.ts'
import { type World, createWorld, makePaymentCustomer, sessionOf } from './world.ts'

const customer = 'user_1'
const atOnce = async (): Promise<void> => undefined

function tooMany(headers: HeadersInit): Response {
  return Response.json({ error: { type: 'invalid_request_error', code: 'rate_limit' } }, { status: 429, headers })
}

/** Stripe answers so many requests more, and is too busy after them. */
async function createLimitedWorld() {
  const requests = { left: Infinity }
  const world = await createWorld({
    // On the way there, and on the way back.
    onTheWay: async () => {
      requests.left -= 0.5
      return requests.left < 0 ? tooMany({}) : undefined
    },
  })
  return { world, context: world.process(), requests }
}

/** Calls again until everything was looked at. */
async function reconcileAll(context: Context, request: ReconcileRequest = {}): Promise<readonly ReconcileFinding[]> {
  const findings: ReconcileFinding[] = []
  let cursor: string | undefined
  for (let call = 0; call < 200; call += 1) {
    const report: ReconcileReport = await reconcile(context, { ...request, ...(cursor !== undefined && { cursor }) }, atOnce)
    expect(report.stopped).toBeNull()
    findings.push(...report.findings)
    if (report.cursor === null) return findings
    cursor = report.cursor
  }
  throw new Error('Reconciling does not end')
}

/** Stores something else than Stripe says, as a bug or a hand would. */
async function corrupt(world: World, change: Partial<Subscription>): Promise<void> {
  const [entry] = (await rowsOf(world, customer)).subscriptions
  if (entry === undefined) throw new Error('No subscription')
  await world.store.records.commit(customer, [{ collection: 'subscriptions', id: entry.id, value: { ...entry.value, ...change } }])
}

async function subscribed(): Promise<{ readonly world: World; readonly context: Context }> {
  const world = await createWorld()
  const context = world.process()
  await buy(world, context, customer)
  await convergeCustomer(context, customer)
  return { world, context }
}

describe('reconciling', () => {
  it('finds nothing where everything is as Stripe says, and writes nothing', async () => {
    const { world, context } = await subscribed()
    const before = await rowsOf(world, customer)
    const events = (await world.events()).length
    expect(await reconcile(context, {}, atOnce)).toEqual({ dryRun: false, customers: 1, findings: [], cursor: null, stopped: null })
    expect(await rowsOf(world, customer)).toEqual(before)
    expect((await world.events()).length).toBe(events)
  })

  it('tells each field that differs, and repairs it unless it is a dry run', async () => {
    const { world, context } = await subscribed()
    const [stored] = (await rowsOf(world, customer)).subscriptions
    await corrupt(world, { status: 'past_due', quantity: 7 })
    const row = { kind: 'difference', customer, collection: 'subscriptions', id: stored?.id }
    const expected = [
      { ...row, field: 'quantity', stored: 7, stripe: 1 },
      { ...row, field: 'status', stored: 'past_due', stripe: 'trialing' },
    ]
    const before = await rowsOf(world, customer)
    expect(await reconcileAll(context, { dryRun: true })).toEqual(expected.map((item) => ({ ...item, repaired: false })))
    expect(await rowsOf(world, customer)).toEqual(before)
    expect(await reconcileAll(context)).toEqual(expected.map((item) => ({ ...item, repaired: true })))
    await expectLikeStripe(world, customer)
    expect(await reconcileAll(context)).toEqual([])
  })

  it('takes the page of an invoice for the same wherever Stripe has moved it', async () => {
    const { world, context } = await subscribed()
    world.simulator.setCard(await paymentCustomerOf(world, customer), '4000000000000341')
    world.simulator.clock.advance({ days: 15 })
    await convergeCustomer(context, customer)
    const { payments } = context
    if (payments === null) throw new Error('There are payments')
    let count = 0
    const moving: Payments = {
      ...payments,
      async readCustomer(id) {
        const reading = await payments.readCustomer(id)
        count += 1
        const subscriptions = reading.subscriptions.map((item) => ({ ...item, payment: item.payment && { ...item.payment, hostedUrl: `https://moved/${count}` } }))
        return { ...reading, subscriptions }
      },
    }
    expect((await rowsOf(world, customer)).subscriptions[0]?.value.payment?.state).toBe('failed')
    expect(await reconcileAll({ ...context, payments: moving })).toEqual([])
    expect(await checkInvariants({ records: world.store.records, payments: moving })).toEqual([])
    await corrupt(world, { payment: null })
    expect(await reconcileAll({ ...context, payments: moving })).toMatchObject([{ field: 'payment', repaired: true }])
    expect(await reconcileAll({ ...context, payments: moving })).toEqual([])
  })

  it('finds what no webhook told: a subscription, its end, and a customer that was deleted', async () => {
    const { world, context } = await subscribed()
    const [stored] = (await rowsOf(world, customer)).subscriptions
    const id = stored?.id ?? ''
    await world.store.records.commit(customer, [{ collection: 'subscriptions', id, value: null }])
    expect(await reconcileAll(context)).toMatchObject([{ collection: 'subscriptions', id, field: null, stored: null, stripe: { status: 'trialing' }, repaired: true }])
    await world.client.subscriptions.cancel(id)
    expect(await reconcileAll(context)).toContainEqual(expect.objectContaining({ field: 'status', stored: 'trialing', stripe: 'canceled', repaired: true }))
    const paymentCustomer = await paymentCustomerOf(world, customer)
    await world.client.customers.del(paymentCustomer)
    expect(await reconcileAll(context)).toContainEqual(
      expect.objectContaining({ collection: 'customers', field: 'paymentCustomer', stored: paymentCustomer, stripe: null, repaired: true }),
    )
    expect(await reconcileAll(context)).toEqual([])
  })

  it('tells of what ended here and lives on at Stripe, which nothing revives', async () => {
    const { world, context } = await subscribed()
    await corrupt(world, { status: 'canceled', endedAt: world.clock.now() })
    const findings = await reconcileAll(context)
    expect(findings).toContainEqual(expect.objectContaining({ field: 'status', stored: 'canceled', stripe: 'trialing', repaired: false }))
    expect((await rowsOf(world, customer)).subscriptions[0]?.value.status).toBe('canceled')
  })

  it('links customers of Stripe that name ours, and leaves those of others alone', async () => {
    const world = await createWorld()
    const context = world.process()
    const paymentCustomer = await makePaymentCustomer(world.client, 'user_new')
    await world.client.customers.create({ email: 'somebody@example.com' })
    await world.client.customers.create({ metadata: { [customerMetadata]: 'user_1', [installationMetadata]: 'other' } })
    const finding = { kind: 'unlinked-customer', customer: 'user_new', paymentCustomer }
    expect(await reconcileAll(context, { dryRun: true })).toEqual([{ ...finding, repaired: false }])
    expect((await rowsOf(world, 'user_new')).customers).toEqual([])
    expect(await reconcileAll(context)).toEqual([{ ...finding, repaired: true }])
    expect(await paymentCustomerOf(world, 'user_new')).toBe(paymentCustomer)
    expect(await reconcileAll(context)).toEqual([])
  })

  it('tells of two customers of Stripe that name one of ours, and what the other pays for', async () => {
    const { world, context } = await subscribed()
    const second = await makePaymentCustomer(world.client, customer)
    const { data: [price] } = await world.client.prices.list({ lookup_keys: ['farebox_team_month'] })
    const paid = await world.client.subscriptions.create({ customer: second, items: [{ price: price?.id ?? '' }], trial_period_days: 5 })
    const linked = await paymentCustomerOf(world, customer)
    expect(await reconcileAll(context)).toEqual([
      { kind: 'second-payment-customer', customer, linked, paymentCustomer: second, subscriptions: [paid.id], repaired: false },
    ])
    expect(await paymentCustomerOf(world, customer)).toBe(linked)
  })

  it('tells of two live subscriptions, and of prices that name no plan', async () => {
    const { world, context } = await subscribed()
    const paymentCustomer = await paymentCustomerOf(world, customer)
    const product = await world.client.products.create({ name: 'Something else' })
    const price = await world.client.prices.create({ product: product.id, currency: 'usd', unit_amount: 100, recurring: { interval: 'month' } })
    const odd = await world.client.subscriptions.create({
      customer: paymentCustomer, items: [{ price: price.id }], trial_period_days: 5, metadata: { [customerMetadata]: customer },
    })
    const [first] = (await rowsOf(world, customer)).subscriptions
    const findings = await reconcileAll(context)
    const several = findings.find(({ kind }) => kind === 'several-subscriptions')
    expect(new Set(several?.kind === 'several-subscriptions' ? several.subscriptions : [])).toEqual(new Set([first?.id, odd.id]))
    expect(findings).toContainEqual({
      kind: 'subscription-without-plan', customer, subscription: odd.id, price: price.id, plan: null, repaired: false,
    })
  })

  it('takes no first payment that was never made for a second subscription', async () => {
    const { world, context } = await subscribed()
    const [live] = (await world.client.subscriptions.list()).data
    await world.client.subscriptions.create({
      customer: await paymentCustomerOf(world, customer), items: [{ price: live?.items.data[0]?.price.id ?? '' }], payment_behavior: 'default_incomplete',
    })
    expect((await reconcileAll(context)).filter(({ kind }) => kind === 'several-subscriptions')).toEqual([])
  })

  it('takes for no difference what a webhook brings in while it looks', async () => {
    const { world, context } = await subscribed()
    const [entry] = (await rowsOf(world, customer)).subscriptions
    await world.client.subscriptions.update(entry?.id ?? '', { cancel_at_period_end: true })
    const { payments } = context
    let reads = 0
    const slow: Context = {
      ...context,
      payments: payments && {
        ...payments,
        async readCustomer(id) {
          reads += 1
          if (reads === 2) await convergeCustomer(world.process(), customer)
          return payments.readCustomer(id)
        },
      },
    }
    expect(await reconcileAll(slow)).toEqual([])
  })

  it('tells of a checkout that can still be paid beside a subscription, and does not end it', async () => {
    const world = await createWorld()
    const context = world.process()
    const { url } = await startCheckout(context, { customer, plan: 'pro', interval: 'month', ...addresses })
    const { data: [price] } = await world.client.prices.list({ lookup_keys: ['farebox_team_month'] })
    const paymentCustomer = await paymentCustomerOf(world, customer)
    await world.client.subscriptions.create({ customer: paymentCustomer, items: [{ price: price?.id ?? '' }], trial_period_days: 5 })
    expect(await reconcileAll(context)).toContainEqual(
      expect.objectContaining({ kind: 'open-checkout', customer, session: sessionOf(url), plan: 'pro', repaired: false }),
    )
    expect((await world.client.checkout.sessions.retrieve(sessionOf(url))).status).toBe('open')
  })

  it('tries events again that failed or were put aside', async () => {
    let isDown = false
    const world = await createWorld({
      onTheWay: async () => {
        if (isDown) throw new Error('No network')
      },
    })
    const context = world.process()
    await buy(world, context, customer)
    const created = await getEvent(world, 'customer.subscription.created')
    const paid = await getEvent(world, 'checkout.session.completed')
    isDown = true
    expect(await world.deliver(context, paid)).toMatchObject({ kind: 'failed' })
    for (let attempt = 0; attempt < 8; attempt += 1) await world.deliver(context, created)
    isDown = false
    const dry = await reconcileAll(context, { dryRun: true })
    expect(dry.filter(({ kind }) => kind.endsWith('-event'))).toEqual([
      { kind: 'failed-event', customer, event: paid.id, type: paid.type, failure: expect.stringContaining('unavailable'), repaired: false },
      { kind: 'parked-event', customer, event: created.id, type: created.type, failure: expect.stringContaining('unavailable'), repaired: false },
    ])
    expect((await reconcileAll(context)).map(({ kind, repaired }) => `${kind} ${repaired}`)).toEqual(['failed-event true', 'parked-event true'])
    await expectLikeStripe(world, customer)
    expect(await reconcileAll(context)).toEqual([])
  })

  it('finishes a change that was left halfway more than an hour ago', async () => {
    let failAt = Number.POSITIVE_INFINITY
    let count = 0
    const world = await createWorld({
      onTheWay: async () => {
        count += 1
        if (count >= failAt) throw new Error('No network')
      },
    })
    const context = world.process()
    await buy(world, context, customer)
    await convergeCustomer(context, customer)
    // The answer to the first write is lost, and the process with it.
    for (let call = 1; ; call += 1) {
      failAt = count + call
      await cancelSubscription(context, { customer, when: 'period-end' }).catch(() => undefined)
      failAt = Number.POSITIVE_INFINITY
      const { rows } = await world.store.records.load(customer, ['operations'])
      if (rows.operations[0]?.value.state === 'open') break
    }
    world.simulator.clock.advance({ minutes: 59 })
    expect((await reconcileAll(context, { dryRun: true })).filter(({ kind }) => kind === 'stuck-operation')).toEqual([])
    world.simulator.clock.advance({ minutes: 2 })
    const found = { kind: 'stuck-operation', customer, intent: 'cancel' }
    expect(await reconcileAll(context, { dryRun: true })).toContainEqual(expect.objectContaining({ ...found, repaired: false }))
    expect(await reconcileAll(context)).toContainEqual(expect.objectContaining({ ...found, repaired: true }))
    await expectLikeStripe(world, customer)
    expect(await reconcileAll(context)).toEqual([])
  })

  it('looks at everybody once, however small the pages, and goes on where it was stopped', async () => {
    let isDown = false
    const world = await createWorld({
      onTheWay: async () => {
        if (isDown) throw new Error('No network')
      },
    })
    const context = world.process()
    const random = seededRandom(7)
    const customers = Array.from({ length: 23 }, (_, index) => `user_${index}`)
    for (const name of random.shuffle(customers)) {
      if (random.next() < 0.5) world.simulator.clock.advance({ seconds: 1 })
      await buy(world, context, name)
      await convergeCustomer(context, name)
    }
    for (const name of customers) {
      const [entry] = (await rowsOf(world, name)).subscriptions
      await world.store.records.commit(name, [{ collection: 'subscriptions', id: entry?.id ?? '', value: null }])
    }
    for (const limit of [1, 3, 1000]) {
      const found = await reconcileAll(context, { dryRun: true, limit })
      expect(found.map((item) => item.customer).toSorted()).toEqual(customers.toSorted())
    }
    const first = await reconcile(context, { limit: 12 }, atOnce)
    isDown = true
    const stopped = await reconcile(context, { limit: 12, cursor: first.cursor ?? '' }, atOnce)
    expect(stopped).toMatchObject({ findings: [], stopped: expect.stringMatching(/^unavailable/) })
    isDown = false
    const rest: ReconcileFinding[] = [...first.findings]
    for (let cursor = stopped.cursor; cursor !== null;) {
      const report = await reconcile(context, { limit: 12, cursor }, atOnce)
      rest.push(...report.findings)
      cursor = report.cursor
    }
    expect(rest.map((item) => item.customer).toSorted()).toEqual(customers.toSorted())
    expect(await reconcileAll(context)).toEqual([])
  })

  it.each([
    ['five customers a second', {}, 200],
    ['as many as it is told to', { customersPerSecond: 20 }, 50],
    ['one in two seconds', { customersPerSecond: 0.5 }, 2000],
  ])('keeps a pace: %s, and then the list of Stripe\'s', async (_, request, pause) => {
    const world = await createWorld()
    const context = world.process()
    for (const name of ['a', 'b', 'c']) {
      await buy(world, context, name)
      await convergeCustomer(context, name)
    }
    const pauses: number[] = []
    await reconcile(context, request, async (length) => void pauses.push(length))
    expect(pauses).toEqual([pause, pause, pause])
  })

  it('waits for as long as Stripe asks where that is too busy, and leaves nobody out', async () => {
    const busy: Response[] = []
    const world = await createWorld({ onTheWay: async () => busy.shift() })
    const context = world.process()
    for (const name of ['a', 'b', 'c']) {
      await buy(world, context, name)
      await convergeCustomer(context, name)
      const [entry] = (await rowsOf(world, name)).subscriptions
      await world.store.records.commit(name, [{ collection: 'subscriptions', id: entry?.id ?? '', value: null }])
    }
    busy.push(tooMany({ 'retry-after': '7' }), tooMany({ 'retry-after': '1' }), tooMany({}))
    const pauses: number[] = []
    const report = await reconcile(context, { customersPerSecond: 1 }, async (pause) => void pauses.push(pause))
    expect(report).toMatchObject({ customers: 3, cursor: null, stopped: null })
    expect(report.findings.map((found) => [found.customer, found.repaired])).toEqual([['a', true], ['b', true], ['c', true]])
    // At least a second, then two, then four; in between the pace goes on.
    expect(pauses.filter((pause) => pause !== 1000)).toEqual([7000, 2000, 4000])
  })

  it('waits for nobody who is to come again in more than a minute, and says where to go on', async () => {
    const busy: Response[] = []
    const world = await createWorld({ onTheWay: async () => busy.shift() })
    const context = world.process()
    await buy(world, context, customer)
    const pauses: number[] = []
    for (const [seconds, stopped] of [['60', null], ['61', 'unavailable:rate_limit']] as const) {
      busy.push(tooMany({ 'retry-after': seconds }))
      expect(await reconcile(context, {}, async (pause) => void pauses.push(pause))).toMatchObject({ stopped })
    }
    expect(Math.max(...pauses)).toBe(60_000)
  })

  it('stops where Stripe stays too busy, also for the list of its customers, and says where to go on', async () => {
    const { world, context, requests } = await createLimitedWorld()
    await buy(world, context, customer)
    await convergeCustomer(context, customer)
    const before = world.requests.count
    await reconcile(context, {}, atOnce)
    // The last request is the list.
    requests.left = world.requests.count - before - 1
    const report = await reconcile(context, {}, atOnce)
    expect(report).toMatchObject({ customers: 1, stopped: 'unavailable:rate_limit', cursor: '["strangers",null]' })
    requests.left = Infinity
    expect(await reconcile(context, { cursor: report.cursor ?? '' }, atOnce)).toMatchObject({ findings: [], cursor: null, stopped: null })
    requests.left = 0
    expect(await reconcile(context, {}, atOnce)).toMatchObject({ stopped: 'unavailable:rate_limit', cursor: '["customers",null]' })
  })

  it('goes on from the first of Stripe\'s customers where it was stopped at that one', async () => {
    const { world, context, requests } = await createLimitedWorld()
    await makePaymentCustomer(world.client, 'user_new')
    // The list is answered, and nothing after it.
    requests.left = 1
    const report = await reconcile(context, {}, atOnce)
    expect(report).toMatchObject({ stopped: 'unavailable:rate_limit', cursor: '["strangers",null]' })
    requests.left = Infinity
    expect(await reconcile(context, { cursor: report.cursor ?? '' }, atOnce)).toMatchObject({ cursor: null, stopped: null })
    expect(await reconcile(context, {}, atOnce)).toMatchObject({ customers: 1, findings: [] })
  })

  it('reads whom it had linked when it was stopped', async () => {
    const { world, context, requests } = await createLimitedWorld()
    const paymentCustomer = await makePaymentCustomer(world.client, 'user_new')
    const { data: [price] } = await world.client.prices.list({ lookup_keys: ['farebox_team_month'] })
    await world.client.subscriptions.create({ customer: paymentCustomer, items: [{ price: price?.id ?? '' }], trial_period_days: 5 })
    // The list is answered, and nothing after it.
    requests.left = 1
    const { cursor } = await reconcile(context, {}, atOnce)
    expect(await paymentCustomerOf(world, 'user_new')).toBe(paymentCustomer)
    requests.left = Infinity
    const { findings } = await reconcile(context, { cursor: cursor ?? '' }, atOnce)
    const told = { kind: 'difference', customer: 'user_new', stored: null, repaired: true }
    expect(findings).toMatchObject([{ ...told, collection: 'subscriptions' }, { ...told, collection: 'trials' }])
    await expectLikeStripe(world, 'user_new')
    expect(await reconcile(context, {}, atOnce)).toMatchObject({ customers: 1, findings: [] })
  })

  it('passes over what names no customer that there can be', async () => {
    const { world, context } = await subscribed()
    for (const name of ['x'.repeat(256), 'user\n1']) await makePaymentCustomer(world.client, name)
    const named = await makePaymentCustomer(world.client, 'user_new')
    expect(await reconcileAll(context)).toEqual([{ kind: 'unlinked-customer', customer: 'user_new', paymentCustomer: named, repaired: true }])
  })

  it('tells of a customer that Stripe refuses to tell of, and looks at the others', async () => {
    const { world, context } = await subscribed()
    await world.client.customers.update(await paymentCustomerOf(world, customer), { metadata: { [customerMetadata]: 'somebody' } })
    await buy(world, context, 'user_2')
    const findings = await reconcileAll(context)
    expect(findings).toContainEqual({ kind: 'unreadable-customer', customer, failure: 'payments-failed:customer-mismatch', repaired: false })
    await expectLikeStripe(world, 'user_2')
  })

  it.each([0, -1, 101, Number.NaN, Infinity, '5', null])('refuses a rate of %s', async (customersPerSecond) => {
    const { context } = await subscribed()
    await expect(reconcile(context, Object({ customersPerSecond }), atOnce)).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path: 'customersPerSecond' }] })
  })

  it('refuses a limit and a cursor that are none', async () => {
    const { context } = await subscribed()
    for (const limit of [0, 1001, 1.5]) await expect(reconcile(context, { limit })).rejects.toMatchObject({ code: 'invalid-request' })
    for (const cursor of ['', 'x', '[]', '["customers",7]', '["nothing",null]', '["strangers","a b"]']) {
      await expect(reconcile(context, { cursor })).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path: 'cursor' }] })
    }
  })
})
