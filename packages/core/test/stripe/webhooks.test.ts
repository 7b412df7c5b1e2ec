import { expect, it } from 'vitest'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { linkPaymentCustomer } from '../../src/use-cases/checkout/ensure-payment-customer.ts'
import { startCheckout } from '../../src/use-cases/checkout/start-checkout.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { ensureCustomerView, findCustomerByPayment } from '../../src/use-cases/customers/find-customer.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { expectedSubscriptions } from './reference-projection.ts'
import { addresses, buy, expectLikeStripe, getEvent, paymentCustomerOf, rowsOf } from './scene.ts'
import { createWorld, isFull, makePaymentCustomer, sessionOf, yieldTimes } from './world.ts'

/** An event as Stripe writes it, about any object. */
function about(type: string, object: object, rest: object = {}): { readonly id: string } {
  const event = { id: `evt_${type}`, object: 'event', type, livemode: false, data: { object } }
  return Object.assign(event, rest)
}

it('answers a burst of one checkout with at most three reads', async () => {
  const world = await createWorld({ onTheWay: () => yieldTimes(5) })
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  const events = await world.events()
  world.requests.count = 0
  const outcomes = await Promise.all([...events, ...events].map((event) => world.deliver(farebox, event)))
  expect(world.requests.count).toBeLessThanOrEqual(6)
  expect(outcomes.filter(({ kind }) => kind === 'applied').length).toBeGreaterThan(4)
  await expectLikeStripe(world, 'user_1')
})

it('never revives what has ended, however late its beginning is told', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  const [subscription] = (await world.client.subscriptions.list()).data
  await world.client.subscriptions.cancel(subscription?.id ?? '')
  expect(await world.deliver(farebox, await getEvent(world, 'customer.subscription.deleted'))).toMatchObject({ kind: 'applied' })
  expect(await world.deliver(farebox, await getEvent(world, 'customer.subscription.created'))).toMatchObject({ kind: 'applied' })
  const [ended] = (await rowsOf(world, 'user_1')).subscriptions
  expect(ended?.value.status).toBe('canceled')
  // Not even a reading that says so: what has ended in Stripe never begins again.
  const { payments } = farebox
  const late: Context = {
    ...world.process(),
    payments: payments && {
      ...payments,
      readCustomer: async (id) => {
        const { subscriptions, ...reading } = await payments.readCustomer(id)
        return { ...reading, subscriptions: subscriptions.map((item) => ({ ...item, status: 'active' as const, endedAt: null })) }
      },
    },
  }
  expect((await convergeCustomer(late, 'user_1')).kind).toBe('applied')
  expect((await rowsOf(world, 'user_1')).subscriptions).toEqual([ended])
})

it('reads the customer that is linked now when the link changed while it read the former one', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1', 'team')
  const former = await paymentCustomerOf(world, 'user_1')
  let isRaced = false
  const { payments } = farebox
  const slow: Context = {
    ...world.process(),
    payments: payments && {
      ...payments,
      readCustomer: async (id) => {
        const reading = await payments.readCustomer(id)
        if (!isRaced) {
          isRaced = true
          await world.client.customers.del(former)
          await convergeCustomer(farebox, 'user_1')
          await buy(world, farebox, 'user_1', 'pro')
        }
        return reading
      },
    },
  }
  expect((await convergeCustomer(slow, 'user_1')).kind).toBe('applied')
  const stored = (await rowsOf(world, 'user_1')).subscriptions.map(({ value }) => [value.plan, value.status])
  expect(Object.fromEntries(stored)).toEqual({ pro: 'trialing', team: 'canceled' })
})

it('reads again where another convergence was stored meanwhile, and not where anything else was', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  const { records } = world.store
  let before: (() => Promise<unknown>)[] = []
  const racing = world.process({
    store: {
      ...world.store,
      records: {
        ...records,
        async commit(customer, writes) {
          const race = before.shift()
          if (race !== undefined) await race()
          return records.commit(customer, writes)
        },
      },
    },
  })
  const readsAfter = async (...races: (() => Promise<unknown>)[]): Promise<readonly [kind: string, requests: number]> => {
    before = races
    const { count } = world.requests
    const { kind } = await convergeCustomer(racing, 'user_1')
    return [kind, world.requests.count - count]
  }
  const other = world.process()
  const converge = async (): Promise<unknown> => convergeCustomer(other, 'user_1')
  const [, once] = await readsAfter()
  expect(await readsAfter(async () => ensureCustomerView(other, { customer: 'user_1', name: 'Ada' }))).toEqual(['applied', once])
  expect(await readsAfter(converge)).toEqual(['applied', 3 * once])
  // Of two the second one began after this one did: what it read will do.
  const twice = async (): Promise<void> => {
    await converge()
    await converge()
  }
  expect(await readsAfter(twice)).toEqual(['superseded', 3 * once])
  expect(await readsAfter(converge, converge)).toEqual(['superseded', 4 * once])
})

it('heals through an outage of Stripe: 30 % of its answers are 429, some never come', async () => {
  const random = seededRandom(11)
  let isBusy = false
  let injected = 0
  const world = await createWorld({
    async onTheWay() {
      if (!isBusy || random.next() > 0.2) return undefined
      injected += 1
      if (random.next() < 0.3) throw new TypeError('fetch failed')
      return Response.json({ error: { type: 'invalid_request_error', code: 'rate_limit', message: 'canary' } }, { status: 429 })
    },
  })
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  isBusy = true
  for (const event of await world.events()) {
    let outcome = await world.deliver(farebox, event)
    for (let attempt = 0; attempt < 8 && outcome.kind === 'failed'; attempt += 1) {
      expect(outcome.failure).toMatch(/^unavailable/)
      outcome = await world.deliver(farebox, event)
    }
    expect(['applied', 'ignored']).toContain(outcome.kind)
  }
  expect(injected).toBeGreaterThan(4)
  expect(JSON.stringify(world.logged)).not.toContain('canary')
  await expectLikeStripe(world, 'user_1')
})

it('writes no row for what changes nothing, is a stranger\'s, or of the other mode', { timeout: 300_000 }, async () => {
  const world = await createWorld()
  const farebox = world.process()
  const stranger = await world.client.customers.create({ email: 'stranger@example.com' })
  const flood = Array.from({ length: isFull ? 100_000 : 300 }, (_, index) => about(`thing.number_${index}`, { customer: stranger.id }))
  const others = [
    about('customer.subscription.updated', { object: 'subscription', customer: stranger.id }),
    about('customer.subscription.updated', { object: 'subscription', customer: 'cus_of_another_account' }),
    about('customer.subscription.updated', { object: 'subscription', customer: stranger.id }, { livemode: true }),
    about('invoice.upcoming', { object: 'invoice', customer: stranger.id }),
    about('invoice.paid', { object: 'invoice', customer: null }),
  ]
  for (const event of [...flood, ...others]) expect(await world.deliver(farebox, event)).toEqual({ kind: 'ignored', customer: null })
  const { records } = world.store
  const kept = await Promise.all([
    records.find({ collection: 'inbox', index: 'keepUntil', where: { atMost: Number.MAX_SAFE_INTEGER }, limit: 10 }),
    records.find({ collection: 'customers', index: 'createdAt', where: { atMost: Number.MAX_SAFE_INTEGER }, limit: 10 }),
  ])
  expect(kept).toEqual([[], []])
  expect(world.logged).toEqual([])
})

it('links a customer whose event comes before our own row knows of it, and never two', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const paymentCustomer = await makePaymentCustomer(world.client, 'user_1')
  expect(await world.deliver(farebox, await getEvent(world, 'customer.created'))).toEqual({ kind: 'applied', customer: 'user_1' })
  expect(await paymentCustomerOf(world, 'user_1')).toBe(paymentCustomer)

  await makePaymentCustomer(world.client, 'user_1')
  expect(await world.deliver(farebox, await getEvent(world, 'customer.created'))).toEqual({ kind: 'ignored', customer: null })
  expect(await paymentCustomerOf(world, 'user_1')).toBe(paymentCustomer)
  expect(world.logged).toHaveLength(1)
})

it('makes nobody known under a name that is none', async () => {
  const world = await createWorld()
  const paymentCustomer = await makePaymentCustomer(world.client, 'user\n1')
  expect(await world.deliver(world.process(), await getEvent(world, 'customer.created'))).toEqual({ kind: 'ignored', customer: null })
  expect(await findCustomerByPayment(world.process(), paymentCustomer)).toBeUndefined()
})

it('takes the plan away with a customer that is deleted in Stripe', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  await convergeCustomer(farebox, 'user_1')
  const paymentCustomer = await paymentCustomerOf(world, 'user_1')
  await world.client.customers.del(paymentCustomer)
  expect(await world.deliver(farebox, await getEvent(world, 'customer.deleted'))).toMatchObject({ kind: 'applied' })
  const rows = await rowsOf(world, 'user_1')
  expect(rows.customers[0]?.value.paymentCustomer).toBeNull()
  expect(rows.subscriptions.map(({ value }) => value)).toEqual(await expectedSubscriptions(world.client, paymentCustomer))
})

it('gives nothing for a subscription that Stripe no longer lists, and everything once it does again', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  await convergeCustomer(farebox, 'user_1')
  const { payments } = farebox
  const forgetful: Context = {
    ...world.process(),
    payments: payments && { ...payments, readCustomer: async (id) => ({ ...(await payments.readCustomer(id)), subscriptions: [] }) },
  }
  await convergeCustomer(forgetful, 'user_1')
  expect((await rowsOf(world, 'user_1')).subscriptions[0]?.value).toMatchObject({ status: 'unknown', endedAt: world.clock.now() })
  expect(world.logged.map(({ message }) => message)).toEqual(['A subscription gives nothing: its status is not known, or Stripe no longer lists it'])
  await convergeCustomer(farebox, 'user_1')
  await expectLikeStripe(world, 'user_1')
})

it('tells once of a subscription that Stripe no longer lists, and of none that had ended before', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  await convergeCustomer(farebox, 'user_1')
  await world.client.subscriptions.cancel((await rowsOf(world, 'user_1')).subscriptions[0]?.id ?? '')
  await buy(world, farebox, 'user_1')
  await convergeCustomer(farebox, 'user_1')
  const told: string[] = []
  farebox.events.on('subscription.changed', ({ data: { after } }) => void told.push(after.status))
  const { payments } = farebox
  let deleted = false
  const forgetful: Context = {
    ...farebox,
    payments: payments && { ...payments, readCustomer: async (id) => ({ ...(await payments.readCustomer(id)), deleted, subscriptions: [] }) },
  }
  for (let reading = 0; reading < 3; reading += 1) await convergeCustomer(forgetful, 'user_1')
  expect(told).toEqual(['unknown'])
  deleted = true
  await convergeCustomer(forgetful, 'user_1')
  expect(told).toEqual(['unknown', 'canceled'])
})

it('tells the log of a subscription that is paid for and whose plan cannot be told, and sells no other beside it', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1', 'team')
  await convergeCustomer(farebox, 'user_1')
  const [subscription] = (await world.client.subscriptions.list()).data
  const { data: planned } = await world.client.prices.list({ lookup_keys: ['farebox_pro_month'] })
  await world.client.subscriptions.update(subscription?.id ?? '', { items: planned.map(({ id }) => ({ price: id })) })
  const twice = async (): Promise<unknown> => {
    for (let round = 0; round < 2; round += 1) await convergeCustomer(farebox, 'user_1')
    const stored = (await rowsOf(world, 'user_1')).subscriptions[0]?.value
    expect(stored).toMatchObject({ ours: true, plan: null, status: 'active' })
    const refusal = await startCheckout(farebox, { customer: 'user_1', plan: 'team', interval: 'month', ...addresses }).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'already-subscribed' })
    return world.logged.splice(0).map(({ fields }) => fields)
  }
  const customer = 'user_1'
  const item = subscription?.items.data[0]
  expect(await twice()).toEqual([{ customer, subscription: subscription?.id, plan: null, price: item?.price.id }])

  // Moved by hand to a price that is none of ours.
  const { data } = await world.client.subscriptionItems.list({ subscription: subscription?.id ?? '' })
  const price = await world.client.prices.create({
    product_data: { name: 'By hand' }, currency: 'usd', unit_amount: 1, recurring: { interval: 'month' },
  })
  const [first, ...others] = data.map(({ id }) => id)
  const items = [{ id: first ?? '', price: price.id }, ...others.map((id) => ({ id, deleted: true }))]
  await world.client.subscriptions.update(subscription?.id ?? '', { items })
  expect(await twice()).toEqual([{ customer, subscription: subscription?.id, plan: null, price: price.id }])
  await expectLikeStripe(world, 'user_1')
})

it('reads thin events, and counts them once with their snapshot twins', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  const event = await getEvent(world, 'customer.subscription.created')
  const thin = {
    id: 'evt_thin_1',
    object: 'v2.core.event',
    type: 'v1.customer.subscription.created',
    livemode: false,
    created: '2026-01-31T10:00:00.000Z',
    snapshot_event: event.id,
    related_object: { id: 'id' in event.data.object ? event.data.object.id : '', type: 'subscription', url: '/v1/subscriptions/x' },
  }
  expect(await world.deliver(farebox, thin)).toEqual({ kind: 'applied', customer: 'user_1' })
  expect(await world.deliver(farebox, event)).toEqual({ kind: 'duplicate', customer: 'user_1' })
  expect(await world.deliver(farebox, { ...thin, snapshot_event: 'evt_2', related_object: { id: 'sub_unknown' } } as never)).toMatchObject({ kind: 'ignored' })
})

it('reads every page: 101 subscriptions of one customer', async () => {
  const world = await createWorld()
  const farebox = world.process()
  for (let round = 0; round < 101; round += 1) {
    await buy(world, farebox, 'user_1')
    const [subscription] = (await world.client.subscriptions.list()).data
    await world.client.subscriptions.cancel(subscription?.id ?? '')
  }
  await convergeCustomer(farebox, 'user_1')
  expect((await rowsOf(world, 'user_1')).subscriptions).toHaveLength(101)
  await expectLikeStripe(world, 'user_1')
})

it('counts grace from the oldest open invoice, month after month', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1', 'team')
  const paymentCustomer = await paymentCustomerOf(world, 'user_1')
  world.simulator.setCard(paymentCustomer, '4000000000000341')
  world.simulator.clock.advance({ months: 1, hours: 2 })
  await convergeCustomer(farebox, 'user_1')
  const since = (await rowsOf(world, 'user_1')).subscriptions[0]?.value.pastDueSince
  expect(since).toBeLessThan(world.clock.now())
  world.simulator.clock.advance({ days: 10 })
  await convergeCustomer(farebox, 'user_1')
  expect((await rowsOf(world, 'user_1')).subscriptions[0]?.value).toMatchObject({ status: 'past_due', pastDueSince: since })
  await expectLikeStripe(world, 'user_1')
})

it('counts grace of an invoice that is sent from the day on which it is due', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const paymentCustomer = await makePaymentCustomer(world.client, 'user_1')
  await linkPaymentCustomer(farebox, 'user_1', paymentCustomer)
  const { data: [price] } = await world.client.prices.list({ lookup_keys: ['farebox_team_month'] })
  const began = world.clock.now()
  await world.client.subscriptions.create({
    customer: paymentCustomer, items: [{ price: price?.id ?? '' }], collection_method: 'send_invoice', days_until_due: 20,
  })
  const planAfter = async (days: number): Promise<string> => {
    world.simulator.clock.advance({ days })
    await convergeCustomer(farebox, 'user_1')
    await expectLikeStripe(world, 'user_1')
    return (await getSnapshot(farebox, { customer: 'user_1', canManageBilling: true })).plan
  }
  expect([await planAfter(19), await planAfter(7)]).toEqual(['team', 'team'])
  const { status, pastDueSince } = (await rowsOf(world, 'user_1')).subscriptions[0]?.value ?? {}
  expect({ status, days: ((pastDueSince ?? 0) - began) / 86_400_000 }).toEqual({ status: 'past_due', days: 20 })
  expect(await planAfter(1.5)).toBe('free')
})

it('says that a payment failed until it is told that a bank debit for it is under way', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const { url } = await startCheckout(farebox, { customer: 'user_1', plan: 'pro', interval: 'month', ...addresses })
  // An account of which debits come back.
  world.simulator.completeCheckout(sessionOf(url), { bankAccount: '000222222227' })
  world.simulator.clock.advance({ days: 20 })
  await world.deliver(farebox, await getEvent(world, 'invoice.payment_failed'))
  const payment = async (): Promise<unknown> => (await rowsOf(world, 'user_1')).subscriptions[0]?.value.payment
  expect(await payment()).toMatchObject({ state: 'failed', attempts: 1 })
  await expectLikeStripe(world, 'user_1')

  const known = new Set((await world.events()).map(({ id }) => id))
  const [owed] = (await world.client.invoices.list({ status: 'open' })).data
  await world.client.invoices.pay(owed?.id ?? '')
  for (const event of (await world.events()).filter(({ id }) => !known.has(id))) await world.deliver(farebox, event)
  expect(await payment()).toMatchObject({ state: 'open' })
  await expectLikeStripe(world, 'user_1')
})

/** A customer who owes 2900 for a second month. */
async function owe() {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1', 'team')
  world.simulator.setCard(await paymentCustomerOf(world, 'user_1'), '4000000000000341')
  world.simulator.clock.advance({ months: 1, hours: 2 })
  await world.deliver(farebox, await getEvent(world, 'invoice.payment_failed'))
  const [owed] = (await world.client.invoices.list({ status: 'open' })).data
  const amountDue = async (): Promise<unknown> => (await rowsOf(world, 'user_1')).subscriptions[0]?.value.payment?.amountDue
  expect(await amountDue()).toBe(2900)
  return { world, farebox, invoice: owed?.id ?? '', amountDue }
}

it.each(['snapshot', 'thin'])('says how much is owed after a credit note, and after that is void, by a %s event', async (style) => {
  const { world, farebox, invoice, amountDue } = await owe()
  const tell = async (type: string, note: string): Promise<void> => {
    const event = await getEvent(world, type)
    const related_object = { id: note, type: 'credit_note', url: `/v1/credit_notes/${note}` }
    const thin = { id: 'evt_thin', object: 'v2.core.event', type: `v1.${type}`, livemode: false, created: new Date(event.created * 1000).toISOString(), related_object, snapshot_event: event.id }
    await world.deliver(farebox, style === 'thin' ? thin : event)
  }
  const note = await world.client.creditNotes.create({ invoice, amount: 900 })
  await tell('credit_note.created', note.id)
  expect(await amountDue()).toBe(2000)
  await expectLikeStripe(world, 'user_1')

  await world.client.creditNotes.voidCreditNote(note.id)
  await tell('credit_note.voided', note.id)
  expect(await amountDue()).toBe(2900)
  await expectLikeStripe(world, 'user_1')
})

it.each(['snapshot', 'thin'])('says how much is owed after a part of it was paid, by a %s event', async (style) => {
  const { world, farebox, invoice, amountDue } = await owe()
  // What is owed has become less, and nobody has heard of it.
  await world.client.creditNotes.create({ invoice, amount: 900 })
  const [payment] = (await world.client.invoicePayments.list({ invoice })).data
  const told = { livemode: false, created: Math.floor(world.clock.now() / 1000) }
  const partly = { ...payment, is_default: false, amount_requested: 900, amount_paid: 900, status: 'paid' }
  const snapshot = { ...told, id: 'evt_part', object: 'event', type: 'invoice_payment.paid', data: { object: partly } }
  const related = { id: payment?.id, type: 'invoice_payment', url: `/v1/invoice_payments/${payment?.id}` }
  const thin = { ...told, created: new Date(world.clock.now()).toISOString(), id: 'evt_part', object: 'v2.core.event', type: 'v1.invoice_payment.paid', related_object: related }

  expect(await world.deliver(farebox, style === 'thin' ? thin : snapshot)).toMatchObject({ kind: 'applied', customer: 'user_1' })
  expect(await amountDue()).toBe(2000)
  await expectLikeStripe(world, 'user_1')
})

it('passes over the payment of a whole invoice, of which the invoice tells', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1', 'team')
  await world.deliver(farebox, await getEvent(world, 'invoice.paid'))
  world.requests.count = 0
  expect(await world.deliver(farebox, await getEvent(world, 'invoice_payment.paid'))).toEqual({ kind: 'ignored', customer: null })
  expect(world.requests.count).toBe(0)
})
