import { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { createPlan, refusalOf, startSimulator } from './running-simulator.ts'

describe('products', () => {
  test('are created, read, changed and listed', async () => {
    const { stripe } = await startSimulator()
    const product = await stripe.products.create({
      id: 'pro',
      name: 'Pro',
      metadata: { plan: 'pro', stays: 'yes' },
      marketing_features: [{ name: 'Exports' }],
    })
    expect(product).toMatchObject({ id: 'pro', active: true, name: 'Pro', livemode: false })
    const changed = await stripe.products.update('pro', { name: 'Pro 2', active: false, metadata: { plan: '', more: 1 } })
    expect(changed).toMatchObject({ name: 'Pro 2', active: false, metadata: { stays: 'yes', more: '1' } })
    expect((await stripe.products.retrieve('pro')).name).toBe('Pro 2')
    await stripe.products.create({ name: 'Other' })
    expect((await stripe.products.list({ active: true })).data.map(({ name }) => name)).toEqual(['Other'])
    expect((await stripe.products.list({ ids: ['pro'] })).data).toHaveLength(1)
    const twice = await refusalOf(stripe.products.create({ id: 'pro', name: 'Again' }))
    expect(twice).toMatchObject({ statusCode: 400, code: 'resource_already_exists' })
    expect(await refusalOf(stripe.products.retrieve('none'))).toMatchObject({ statusCode: 404, code: 'resource_missing', param: 'id' })
  })
})

describe('prices', () => {
  test('keep money exact, in cents and below', async () => {
    const { stripe } = await startSimulator()
    const { product, month } = await createPlan(stripe)
    expect(month.unit_amount).toBe(2900)
    expect(month.unit_amount_decimal?.toString()).toBe('2900')
    const fine = await stripe.prices.create({ product: product.id, currency: 'USD', unit_amount_decimal: Stripe.Decimal.from('0.050') })
    expect(fine.unit_amount).toBeNull()
    expect(fine.unit_amount_decimal?.toString()).toBe('0.05')
    expect(fine.currency).toBe('usd')
    const whole = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount_decimal: Stripe.Decimal.from('100.0') })
    expect(whole.unit_amount).toBe(100)
    for (const decimal of ['1e3', '0.0000000000001', '-1', 'x']) {
      const parameters = { product: product.id, currency: 'usd', unit_amount_decimal: decimal }
      const refusal = await refusalOf(stripe.rawRequest('POST', '/v1/prices', parameters))
      expect(refusal).toMatchObject({ statusCode: 400, param: 'unit_amount_decimal' })
    }
  })

  test('a lookup key names one price, and can be transferred', async () => {
    const { stripe } = await startSimulator()
    const { product, month } = await createPlan(stripe)
    const again = { product: product.id, currency: 'usd', unit_amount: 3900, recurring: { interval: 'month' as const }, lookup_key: 'pro_month' }
    expect((await refusalOf(stripe.prices.create(again))).param).toBe('lookup_key')
    const next = await stripe.prices.create({ ...again, transfer_lookup_key: true })
    expect((await stripe.prices.retrieve(month.id)).lookup_key).toBeNull()
    const { data } = await stripe.prices.list({ lookup_keys: ['pro_month', 'none'], active: true })
    expect(data.map(({ id }) => id)).toEqual([next.id])
    await stripe.prices.update(month.id, { lookup_key: 'pro_month', transfer_lookup_key: true, active: false })
    expect((await stripe.prices.retrieve(next.id)).lookup_key).toBeNull()
    expect((await stripe.prices.list({ lookup_keys: ['pro_month'], active: true })).data).toEqual([])
  })

  test('are filtered and refused by name', async () => {
    const { stripe } = await startSimulator()
    const { product, year } = await createPlan(stripe)
    const yearly = await stripe.prices.list({ product: product.id, type: 'recurring', recurring: { interval: 'year' } })
    expect(yearly.data.map(({ id }) => id)).toEqual([year.id])
    const cases: [object, string | undefined, string][] = [
      [{ currency: undefined }, 'parameter_missing', 'currency'],
      [{ product: undefined }, 'parameter_missing', 'product'],
      [{ product: 'prod_none' }, 'resource_missing', 'product'],
      [{ unit_amount: undefined }, 'parameter_missing', 'unit_amount'],
      [{ unit_amount: 1.5 }, 'parameter_invalid_integer', 'unit_amount'],
      [{ unit_amount: -1 }, 'parameter_invalid_integer', 'unit_amount'],
      [{ unit_amount: 2 ** 53 }, 'parameter_invalid_integer', 'unit_amount'],
      [{ unit_amount: Number.NaN }, 'parameter_invalid_integer', 'unit_amount'],
      [{ unit_amount_decimal: '1' }, 'parameters_exclusive', 'unit_amount'],
      [{ recurring: { interval_count: 2 } }, 'parameter_missing', 'recurring[interval]'],
      [{ recurring: { interval: 'month', interval_count: 37 } }, 'parameter_invalid_integer', 'recurring[interval_count]'],
      [{ recurring: { interval: 'month', usage_type: 'metered' } }, 'parameter_missing', 'recurring[meter]'],
      [{ billing_scheme: 'tiered' }, undefined, 'unit_amount'],
      [{ tiers: [{ up_to: 'inf', unit_amount: 1 }] }, undefined, 'tiers'],
      [{ unit_ammount: 5 }, 'parameter_unknown', 'unit_ammount'],
      [{ recurring: { interval: 'month', count: 2 } }, 'parameter_unknown', 'recurring[count]'],
    ]
    for (const [change, code, param] of cases) {
      const refusal = await refusalOf(
        stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 100, ...change }),
      )
      expect({ change, code: refusal.code, param: refusal.param }).toEqual({ change, code, param })
    }
    const fortnight = await refusalOf(
      stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 1, recurring: { interval: 'fortnight' } }),
    )
    expect(fortnight).toMatchObject({ statusCode: 400, param: 'recurring[interval]' })
  })
})

describe('lists', () => {
  test('come in pages, forwards and backwards, newest first', async () => {
    const { stripe } = await startSimulator()
    const made: string[] = []
    for (let index = 0; index < 25; index += 1) made.push((await stripe.customers.create({ name: `${index}` })).id)
    const newestFirst = made.toReversed()
    const first = await stripe.customers.list()
    expect(first.data.map(({ id }) => id)).toEqual(newestFirst.slice(0, 10))
    expect(first).toMatchObject({ object: 'list', has_more: true, url: '/v1/customers' })
    const all: string[] = []
    for await (const customer of stripe.customers.list({ limit: 7 })) all.push(customer.id)
    expect(all).toEqual(newestFirst)
    const last = await stripe.customers.list({ limit: 10, starting_after: String(newestFirst[19]) })
    expect(last.data.map(({ id }) => id)).toEqual(newestFirst.slice(20))
    expect(last.has_more).toBe(false)
    const before = await stripe.customers.list({ limit: 3, ending_before: String(newestFirst[5]) })
    expect(before.data.map(({ id }) => id)).toEqual(newestFirst.slice(2, 5))
    expect(before.has_more).toBe(true)
    expect((await stripe.customers.list({ limit: 100 })).data).toHaveLength(25)
    for (const limit of [0, 101, -1]) {
      expect((await refusalOf(stripe.customers.list({ limit }))).param).toBe('limit')
    }
    expect(await refusalOf(stripe.customers.list({ starting_after: 'cus_none' }))).toMatchObject({
      code: 'resource_missing',
      param: 'starting_after',
    })
  })

  test('an instant can be bounded', async () => {
    const { simulator, stripe } = await startSimulator()
    const early = await stripe.customers.create({})
    simulator.clock.advance({ days: 1 })
    const late = await stripe.customers.create({})
    const after = await stripe.customers.list({ created: { gt: early.created } })
    expect(after.data.map(({ id }) => id)).toEqual([late.id])
    const until = await stripe.customers.list({ created: { lte: early.created } })
    expect(until.data.map(({ id }) => id)).toEqual([early.id])
    expect((await stripe.customers.list({ created: late.created })).data).toHaveLength(1)
  })
})

describe('customers', () => {
  test('are changed and deleted', async () => {
    const { stripe } = await startSimulator()
    const customer = await stripe.customers.create({ email: 'ada@example.com', metadata: { user: '1' } })
    const changed = await stripe.customers.update(customer.id, { name: 'Ada', metadata: { user: '', org: '2' } })
    expect(changed).toMatchObject({ name: 'Ada', email: 'ada@example.com', metadata: { org: '2' } })
    expect((await stripe.customers.update(customer.id, { metadata: '' })).metadata).toEqual({})
    expect(await stripe.customers.del(customer.id)).toMatchObject({ id: customer.id, object: 'customer', deleted: true })
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true })
    expect((await stripe.customers.list()).data).toEqual([])
    expect((await refusalOf(stripe.customers.update(customer.id, { name: 'x' }))).statusCode).toBe(404)
  })

  test('have cards, one of which pays', async () => {
    const { stripe } = await startSimulator()
    const customer = await stripe.customers.create({
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    })
    const [card] = (await stripe.customers.listPaymentMethods(customer.id)).data
    expect(card).toMatchObject({ type: 'card', card: { brand: 'visa', last4: '4242' }, customer: customer.id })
    expect(customer.invoice_settings.default_payment_method).toBe(card?.id)
    const second = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id })
    expect((await stripe.paymentMethods.list({ customer: customer.id })).data.map(({ id }) => id)).toEqual([second.id, card?.id])
    await stripe.paymentMethods.detach(String(card?.id))
    const after = await stripe.customers.retrieve(customer.id)
    expect(after).toMatchObject({ invoice_settings: { default_payment_method: null } })
    const refused = await refusalOf(stripe.paymentMethods.attach('pm_card_visa_chargeDeclined', { customer: customer.id }))
    expect(refused).toMatchObject({ statusCode: 402, code: 'card_declined', type: 'StripeCardError' })
    const other = await stripe.customers.create({})
    expect((await refusalOf(stripe.paymentMethods.attach(second.id, { customer: other.id }))).statusCode).toBe(400)
  })
})
