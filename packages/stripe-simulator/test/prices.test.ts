import { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { idOf, refusalOf, startSimulator, type RunningSimulator } from './running-simulator.ts'

const june: number = Date.UTC(2026, 5, 1)
const base = { currency: 'usd', recurring: { interval: 'month' }, product_data: { name: 'Projects' } } as const

async function payer(stripe: Stripe): Promise<string> {
  const customer = await stripe.customers.create({ payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } })
  return customer.id
}

async function inJune(): Promise<RunningSimulator & { customer: string }> {
  const running = await startSimulator({ clock: { now: june, mode: 'frozen' } })
  return { ...running, customer: await payer(running.stripe) }
}

async function firstTotal(stripe: Stripe, customer: string, price: string, quantity: number): Promise<number> {
  const { latest_invoice } = await stripe.subscriptions.create({ customer, items: [{ price, quantity }] })
  return (await stripe.invoices.retrieve(idOf(latest_invoice))).total
}

/**
 * The tiers and the totals are those of https://docs.stripe.com/products-prices/pricing-models: 7.00 each up to 5,
 * 6.50 each up to 10, 6.00 each beyond.
 */
describe('tiers', () => {
  const tiers = [
    { up_to: 5, unit_amount: 700 },
    { up_to: 10, unit_amount: 650 },
    { up_to: 'inf' as const, unit_amount: 600 },
  ]
  const table = { volume: [[1, 700], [5, 3500], [6, 3900], [20, 12_000], [25, 15_000]], graduated: [[1, 700], [5, 3500], [6, 4150], [20, 12_750], [25, 15_750]] } as const
  for (const tiers_mode of ['volume', 'graduated'] as const) {
    test(`by ${tiers_mode}`, async () => {
      const { stripe, customer } = await inJune()
      const price = await stripe.prices.create({ ...base, billing_scheme: 'tiered', tiers_mode, tiers, expand: ['tiers'] })
      expect(price).toMatchObject({ billing_scheme: 'tiered', tiers_mode, unit_amount: null, unit_amount_decimal: null })
      expect(price.tiers?.map(({ up_to, unit_amount }) => [up_to, unit_amount])).toEqual([[5, 700], [10, 650], [null, 600]])
      for (const [quantity, total] of table[tiers_mode]) expect([quantity, await firstTotal(stripe, customer, price.id, quantity)]).toEqual([quantity, total])
    })
  }

  test('with flat amounts and fractions of a cent are added up before they are rounded', async () => {
    const { stripe, customer } = await inJune()
    const price = await stripe.prices.create({
      ...base,
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers: [
        { up_to: 3, flat_amount: 1000, unit_amount: 0 },
        { up_to: 'inf', unit_amount_decimal: Stripe.Decimal.from('0.25'), flat_amount: 5 },
      ],
    })
    // 1000; 1000 + 5 + 0.25 = 1005.25; 1000 + 5 + 2 x 0.25 = 1005.5, rounded away from zero
    for (const [quantity, total] of [[3, 1000], [4, 1005], [5, 1006]] as const) expect([quantity, await firstTotal(stripe, customer, price.id, quantity)]).toEqual([quantity, total])
  })

  test('are refused when they are not complete', async () => {
    const { stripe } = await inJune()
    const cases: [object, string | undefined, string][] = [
      [{ billing_scheme: 'tiered', tiers_mode: 'volume' }, 'parameter_missing', 'tiers'],
      [{ billing_scheme: 'tiered', tiers }, 'parameter_missing', 'tiers_mode'],
      [{ billing_scheme: 'tiered', tiers_mode: 'volume', tiers, unit_amount: 5 }, undefined, 'unit_amount'],
      [{ tiers_mode: 'volume', unit_amount: 5 }, undefined, 'tiers_mode'],
      [{ billing_scheme: 'tiered', tiers_mode: 'volume', tiers: tiers.slice(0, 2) }, undefined, 'tiers[1][up_to]'],
      [{ billing_scheme: 'tiered', tiers_mode: 'volume', tiers: [tiers[1], tiers[0], tiers[2]] }, undefined, 'tiers[1][up_to]'],
      [{ unit_amount: 5, transform_quantity: { divide_by: 0, round: 'up' } }, 'parameter_invalid_integer', 'transform_quantity[divide_by]'],
    ]
    for (const [change, code, param] of cases) {
      const refusal = await refusalOf(stripe.prices.create({ ...base, ...change }))
      expect({ change, code: refusal.code, param: refusal.param }).toEqual({ change, code, param })
    }
  })
})

/** https://docs.stripe.com/products-prices/pricing-models: package pricing, 25.00 for each 5 that are begun. */
test('packages are begun or completed', async () => {
  const { stripe, customer } = await inJune()
  const price = async (round: 'up' | 'down'): Promise<string> =>
    (await stripe.prices.create({ ...base, unit_amount: 2500, transform_quantity: { divide_by: 5, round } })).id
  const [begun, completed] = [await price('up'), await price('down')]
  expect([await firstTotal(stripe, customer, begun, 8), await firstTotal(stripe, customer, begun, 10)]).toEqual([5000, 5000])
  expect([await firstTotal(stripe, customer, completed, 8), await firstTotal(stripe, customer, completed, 10)]).toEqual([2500, 5000])
})

test('a price has amounts in several currencies, told when asked for', async () => {
  const { stripe } = await inJune()
  const price = await stripe.prices.create({ ...base, unit_amount: 2900, currency_options: { eur: { unit_amount: 2700 }, jpy: { unit_amount: 4000 } } })
  expect(price.currency_options).toBeUndefined()
  await stripe.prices.update(price.id, { currency_options: { jpy: { unit_amount: 4500 } } })
  const read = await stripe.prices.retrieve(price.id, { expand: ['currency_options'] })
  expect(Object.entries(read.currency_options ?? {}).map(([currency, { unit_amount }]) => [currency, unit_amount])).toEqual([['usd', 2900], ['eur', 2700], ['jpy', 4500]])
  const refusal = await refusalOf(stripe.prices.create({ ...base, unit_amount: 1, currency_options: { eur: { unit_amount: -1 } } }))
  expect(refusal).toMatchObject({ code: 'parameter_invalid_integer', param: 'currency_options[eur][unit_amount]' })
})

async function metered(formula: 'sum' | 'count' | 'last' = 'sum'): Promise<RunningSimulator & { customer: string; meter: Stripe.Billing.Meter }> {
  const running = await inJune()
  const meter = await running.stripe.billing.meters.create({ display_name: 'Calls', event_name: 'calls', default_aggregation: { formula } })
  return { ...running, meter }
}
const report = (stripe: Stripe, customer: string, value: string, timestamp?: number, identifier?: string): Promise<Stripe.Billing.MeterEvent> =>
  stripe.billing.meterEvents.create({
    event_name: 'calls',
    payload: { stripe_customer_id: customer, value },
    ...(timestamp !== undefined && { timestamp }),
    ...(identifier !== undefined && { identifier }),
  })

/** https://docs.stripe.com/billing/subscriptions/usage-based: what was used is billed when its period ends. */
describe('meters', () => {
  test('bill what was used at the end of the period, beside what is paid in advance', async () => {
    const { simulator, stripe, customer, meter } = await metered()
    const usage = await stripe.prices.create({ ...base, unit_amount_decimal: Stripe.Decimal.from('0.5'), recurring: { interval: 'month', usage_type: 'metered', meter: meter.id } })
    const flat = await stripe.prices.create({ ...base, unit_amount: 1000 })
    const subscription = await stripe.subscriptions.create({ customer, items: [{ price: flat.id }, { price: usage.id }] })
    expect((await stripe.invoices.retrieve(idOf(subscription.latest_invoice))).total).toBe(1000)
    expect(subscription.items.data[1]?.quantity).toBeUndefined()
    await report(stripe, customer, '100')
    simulator.clock.advance({ days: 3 })
    await report(stripe, customer, '401', june / 1000 + 60)
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id })
    simulator.clock.advance({ to: Date.UTC(2026, 6, 1) })
    const [invoice] = (await stripe.invoices.list({ subscription: subscription.id })).data
    // 501 x 0.005 = 2.505, rounded to 2.51
    expect(invoice?.lines.data.map(({ amount, quantity }) => [amount, quantity])).toEqual([[251, 501], [1000, 1]])
    expect(preview.total).toBe(1251)
    expect(invoice?.lines.data[0]?.period).toEqual({ start: june / 1000, end: Date.UTC(2026, 6, 1) / 1000 })
    const refusal = await refusalOf(stripe.subscriptions.create({ customer, items: [{ price: usage.id, quantity: 2 }] }))
    expect(refusal.message).toBe('You cannot set the quantity for metered plans.')
  })

  test('add up, count or take the last, by window', async () => {
    const expected = { sum: 17, count: 3, last: 5 } as const
    for (const formula of ['sum', 'count', 'last'] as const) {
      const { simulator, stripe, customer, meter } = await metered(formula)
      simulator.clock.advance({ days: 2 })
      const start = june / 1000
      await report(stripe, customer, '5', start + 100_000)
      await report(stripe, customer, '10', start + 60)
      await report(stripe, customer, '2', start + 7200)
      const all = await stripe.billing.meters.listEventSummaries(meter.id, { customer, start_time: start, end_time: start + 172_800 })
      expect(all.data.map(({ aggregated_value }) => aggregated_value)).toEqual([expected[formula]])
      const days = await stripe.billing.meters.listEventSummaries(meter.id, { customer, start_time: start, end_time: start + 172_800, value_grouping_window: 'day' })
      expect(days.data).toHaveLength(2)
    }
  })

  test('count an identifier once and refuse what is too old or lies in the future', async () => {
    const { stripe, customer, meter } = await metered()
    await report(stripe, customer, '1', undefined, 'once')
    expect(await refusalOf(report(stripe, customer, '1', undefined, 'once'))).toMatchObject({ statusCode: 400, param: 'identifier' })
    expect((await refusalOf(report(stripe, customer, '1', june / 1000 - 35 * 86_400 - 1))).code).toBe('timestamp_too_far_in_past')
    expect((await refusalOf(report(stripe, customer, '1', june / 1000 + 301))).code).toBe('timestamp_in_future')
    const refusal = await refusalOf(stripe.billing.meters.create({ display_name: 'Again', event_name: 'calls', default_aggregation: { formula: 'sum' } }))
    expect(refusal.param).toBe('event_name')
    expect((await stripe.billing.meters.deactivate(meter.id)).status).toBe('inactive')
    expect((await stripe.billing.meters.reactivate(meter.id)).status).toBe('active')
  })

  test('report by thin events what was taken and could not be counted', async () => {
    const { stripe, customer, meter } = await metered()
    const send = (event_name: string, payload: Record<string, string>): Promise<unknown> => stripe.billing.meterEvents.create({ event_name, payload })
    await send('unknown', { stripe_customer_id: customer, value: '1' })
    await send('calls', { stripe_customer_id: 'cus_none', value: '1' })
    await send('calls', { value: '1' })
    await send('calls', { stripe_customer_id: customer, value: 'many' })
    await send('calls', { stripe_customer_id: customer })
    await stripe.billing.meters.deactivate(meter.id)
    await send('calls', { stripe_customer_id: customer, value: '1' })
    const types = ['v1.billing.meter.error_report_triggered', 'v1.billing.meter.no_meter_found']
    const { data } = await stripe.v2.core.events.list({ types })
    const told = data.map((event) => [event.type, Object(event).related_object?.id, Object(event).data.reason.error_types[0].code])
    expect(told.toReversed()).toEqual([
      ['v1.billing.meter.no_meter_found', undefined, 'no_meter'],
      ['v1.billing.meter.error_report_triggered', meter.id, 'meter_event_customer_not_found'],
      ['v1.billing.meter.error_report_triggered', meter.id, 'meter_event_no_customer_defined'],
      ['v1.billing.meter.error_report_triggered', meter.id, 'meter_event_invalid_value'],
      ['v1.billing.meter.error_report_triggered', meter.id, 'meter_event_value_not_found'],
      ['v1.billing.meter.error_report_triggered', meter.id, 'archived_meter'],
    ])
  })
})
