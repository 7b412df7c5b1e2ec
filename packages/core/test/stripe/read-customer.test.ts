import { type StripeClient, stripePayments } from '@farebox/core/drivers/stripe'
import { expect, it } from 'vitest'
import { clientOf, createWorld, makePaymentCustomer, webhookSecret } from './world.ts'

async function subscribed(items: number) {
  const world = await createWorld()
  const paymentCustomer = await makePaymentCustomer(world.client, 'user_1')
  const card = await world.client.paymentMethods.attach('pm_card_visa', { customer: paymentCustomer })
  const { data: planned } = await world.client.prices.list({ lookup_keys: ['farebox_pro_month'] })
  const product = planned.flatMap((price) => (typeof price.product === 'string' ? [price.product] : []))[0] ?? ''
  const extras = await Promise.all(
    Array.from({ length: items - 1 }, () =>
      world.client.prices.create({ product, currency: 'usd', unit_amount: 100, recurring: { interval: 'month' } }),
    ),
  )
  // The plan's price comes last, where only a reader of all pages finds it.
  const prices = [...extras, ...planned].map(({ id }) => ({ price: id }))
  await world.client.subscriptions.create({ customer: paymentCustomer, items: prices, default_payment_method: card.id })
  return { world, paymentCustomer }
}

/** A part of a client in which some methods are replaced. */
function withMethods<Part extends object>(part: Part, methods: Partial<Part>): Part {
  const replaced: Part = Object.create(part)
  return Object.assign(replaced, methods)
}

it('reads all items of a subscription that lists only its first', async () => {
  const { world, paymentCustomer } = await subscribed(12)
  const real = clientOf(world.simulator)
  const plain: StripeClient = real
  const client = withMethods(plain, {
    subscriptionItems: { list: (parameters) => real.subscriptionItems.list({ ...parameters, limit: 5 }) },
    subscriptions: withMethods(plain.subscriptions, {
      async list(parameters) {
        const { data, has_more } = await real.subscriptions.list(parameters)
        return { has_more, data: data.map((item) => ({ ...item, items: { data: item.items.data.slice(0, 10), has_more: true } })) }
      },
    }),
  })
  const payments = stripePayments({ client, webhookSecret })
  const { subscriptions } = await payments.readCustomer(paymentCustomer)
  expect(subscriptions).toMatchObject([{ plan: 'pro', price: expect.any(String), interval: 'month' }])
  expect(await stripePayments({ client: real, webhookSecret }).readCustomer(paymentCustomer)).toMatchObject({ subscriptions })
})

it('takes a list that never ends for a fault', async () => {
  const { world, paymentCustomer } = await subscribed(1)
  const real = clientOf(world.simulator)
  let pages = 0
  const plain: StripeClient = real
  const client = withMethods(plain, {
    subscriptions: withMethods(plain.subscriptions, {
      async list() {
        pages += 1
        return { has_more: true, data: (await real.subscriptions.list({ limit: 1 })).data }
      },
    }),
  })
  await expect(stripePayments({ client, webhookSecret }).readCustomer(paymentCustomer)).rejects.toMatchObject({ reason: 'endless-list' })
  expect(pages).toBe(1000)
})

it('finds the oldest open invoice in whatever order and on whatever page it is listed', async () => {
  const { world, paymentCustomer } = await subscribed(1)
  world.simulator.setCard(paymentCustomer, '4000000000000341')
  world.simulator.clock.advance({ months: 1 })
  const real = clientOf(world.simulator)
  const pages = [[5000, 3000], [1000, 4000], [2000]]
  const asked: unknown[] = []
  const plain: StripeClient = real
  const client = withMethods(plain, {
    invoices: withMethods(plain.invoices, {
      async list(parameters) {
        const page = asked.push(parameters) - 1
        return { has_more: page < 2, data: pages[page]?.map((created) => ({ id: `in_${created}`, created })) }
      },
    }),
  })
  const { subscriptions } = await stripePayments({ client, webhookSecret }).readCustomer(paymentCustomer)
  expect(subscriptions).toMatchObject([{ status: 'past_due', pastDueSince: 1_000_000 }])
  expect(asked).toMatchObject([{ status: 'open' }, { starting_after: 'in_3000' }, { starting_after: 'in_4000' }])
})

it('says that a customer is of another app, gone, or unknown', async () => {
  const world = await createWorld()
  const client = clientOf(world.simulator)
  const paymentCustomer = await makePaymentCustomer(world.client, 'user_1')
  const here = stripePayments({ client, webhookSecret })
  const elsewhere = stripePayments({ client, webhookSecret, installation: 'shop' })
  expect(await here.readCustomer(paymentCustomer)).toEqual({ customer: 'user_1', deleted: false, subscriptions: [] })
  expect(await elsewhere.readCustomer(paymentCustomer)).toEqual({ customer: null, deleted: false, subscriptions: [] })
  await world.client.customers.del(paymentCustomer)
  expect(await here.readCustomer(paymentCustomer)).toEqual({ customer: null, deleted: true, subscriptions: [] })
  await expect(here.readCustomer('cus_nobody')).rejects.toMatchObject({ code: 'payments-failed', reason: 'resource_missing' })
})

it('makes a customer whatever Stripe thinks of its e-mail address, and quotes nothing that Stripe says', async () => {
  const world = await createWorld()
  const real = clientOf(world.simulator)
  const plain: StripeClient = real
  const client = withMethods(plain, {
    customers: withMethods(plain.customers, {
      update: () => Promise.reject(Object.assign(new Error('Invalid email: canary@'), { type: 'StripeInvalidRequestError', code: 'email_invalid', statusCode: 400 })),
    }),
  })
  const payments = stripePayments({ client, webhookSecret })
  const request = { customer: 'user_1', email: 'canary@', name: null, since: 0 }
  const { paymentCustomer } = await payments.createCustomer(request)
  expect(await payments.createCustomer(request)).toEqual({ paymentCustomer })
  const refused = await payments.readCustomer('canary').catch((error: unknown) => String(error))
  expect(refused).toContain('Stripe does not know what it was asked for')
  expect(refused).not.toContain('canary')
})

it.each(['past_due', 'unpaid'])('tells of what is owed of a subscription that is %s: since the first, payable by the newest', async (status) => {
  const { world, paymentCustomer } = await subscribed(1)
  const plain: StripeClient = clientOf(world.simulator)
  const reading = async (open: readonly object[]) => {
    const client = withMethods(plain, {
      invoices: withMethods(plain.invoices, { list: async () => ({ has_more: false, data: open }) }),
      subscriptions: withMethods(plain.subscriptions, {
        async list(parameters) {
          const { data, has_more } = await clientOf(world.simulator).subscriptions.list(parameters)
          return { has_more, data: data.map((item) => ({ ...item, status })) }
        },
      }),
    })
    return (await stripePayments({ client, webhookSecret }).readCustomer(paymentCustomer)).subscriptions[0]
  }
  const [paid] = (await world.client.invoices.list({ limit: 1 })).data
  const begun = paid?.created ?? 0
  const open = { status: 'open', attempt_count: 4, amount_remaining: 2900, currency: 'usd' }
  expect(await reading([{ ...open, id: 'in_2', created: begun + 200, hosted_invoice_url: 'http://pay/2' }, { ...open, id: 'in_1', created: begun + 100 }])).toMatchObject({
    status, pastDueSince: (begun + 100) * 1000, payment: { state: 'failed', invoice: 'in_2', hostedUrl: 'http://pay/2', amountDue: 2900 },
  })
  // Where its people have voided what was owed, or written it off.
  expect(await reading([])).toMatchObject({ status, pastDueSince: begun * 1000, payment: null })
})

it.each([
  ['requires_action', 'action-required'],
  ['requires_confirmation', 'action-required'],
  ['processing', 'open'],
  ['requires_payment_method', 'failed'],
])('tells of an invoice whose open payment %s that it is %s', async (status, state) => {
  const { world, paymentCustomer } = await subscribed(1)
  const plain: StripeClient = clientOf(world.simulator)
  const [invoice] = (await world.client.invoices.list({ limit: 1 })).data
  const client = withMethods(plain, {
    subscriptions: withMethods(plain.subscriptions, {
      async list(parameters) {
        const { data, has_more } = await clientOf(world.simulator).subscriptions.list(parameters)
        return { has_more, data: data.map((item) => ({ ...item, latest_invoice: { ...invoice, status: 'open', attempt_count: 1 } })) }
      },
    }),
    invoicePayments: withMethods(plain.invoicePayments, {
      // One that was tried before and given up has nothing to say.
      list: async (parameters) => ({
        has_more: false,
        data: [...('status' in parameters && parameters.status === 'open' ? [] : ['requires_action']), status].map((each) => ({ id: 'inpay_1', payment: { payment_intent: { status: each } } })),
      }),
    }),
  })
  expect((await stripePayments({ client, webhookSecret }).readCustomer(paymentCustomer)).subscriptions).toMatchObject([{ payment: { state } }])
})
