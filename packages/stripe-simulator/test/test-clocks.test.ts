import type { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { createPlan, monthEnd, refusalOf, startSimulator, type RunningSimulator } from './running-simulator.ts'

const leapDay = Date.UTC(2028, 1, 29) / 1000

interface OnClock extends RunningSimulator {
  readonly clock: Stripe.TestHelpers.TestClock
  readonly customer: Stripe.Customer
  readonly subscription: Stripe.Subscription
}

async function subscribeOnClock(): Promise<OnClock> {
  const running = await startSimulator()
  const { stripe } = running
  const { month } = await createPlan(stripe)
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: leapDay, name: 'Leap' })
  const customer = await stripe.customers.create({
    test_clock: clock.id, payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: month.id }] })
  return { ...running, clock, customer, subscription }
}

describe('a test clock', () => {
  test('gives its customers a time of their own', async () => {
    const { stripe, simulator, clock, customer, subscription } = await subscribeOnClock()
    expect(clock).toMatchObject({ status: 'ready', frozen_time: leapDay, created: monthEnd / 1000, deletes_after: monthEnd / 1000 + 30 * 86_400 })
    expect(customer).toMatchObject({ created: leapDay, test_clock: clock.id })
    expect(subscription).toMatchObject({ created: leapDay, test_clock: clock.id, status: 'active' })
    simulator.clock.advance({ days: 20 })
    expect((await stripe.invoices.list({ customer: customer.id })).data).toHaveLength(1)
    expect((await stripe.customers.create({})).created).toBe(monthEnd / 1000 + 20 * 86_400)
    expect((await stripe.customers.list()).data.map(({ test_clock }) => test_clock)).toEqual([null])
    expect((await stripe.customers.list({ test_clock: clock.id })).data.map(({ id }) => id)).toEqual([customer.id])
  })

  test('advances in the background, renews what falls due, and is ready then', async () => {
    const { stripe, simulator, clock, customer, subscription } = await subscribeOnClock()
    const to = leapDay + 40 * 86_400
    const advancing = await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: to })
    expect(advancing).toMatchObject({ status: 'advancing', status_details: { advancing: { target_frozen_time: to } }, frozen_time: leapDay })
    expect(await stripe.testHelpers.testClocks.retrieve(clock.id)).toMatchObject({ status: 'ready', frozen_time: to })
    const renewed = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
    expect(renewed.items.data[0]?.current_period_start).toBe(Date.UTC(2028, 2, 29) / 1000)
    expect(renewed.latest_invoice).toMatchObject({ status: 'paid', created: Date.UTC(2028, 2, 29) / 1000, test_clock: clock.id })
    expect((await stripe.invoices.list({ customer: customer.id })).data).toHaveLength(2)
    const types = (await stripe.events.list({ type: 'test_helpers.*', limit: 100 })).data.map(({ type }) => type)
    expect(types.toReversed()).toEqual(['created', 'advancing', 'ready'].map((name) => `test_helpers.test_clock.${name}`))
    expect(simulator.clock.now()).toBe(monthEnd)
  })

  test('advances without being asked again', async () => {
    const { stripe, simulator, clock } = await subscribeOnClock()
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: leapDay + 40 * 86_400 })
    await simulator.settle()
    expect(simulator.state()['invoices']).toBe(2)
  })

  test('has its limits', async () => {
    const { stripe, clock } = await subscribeOnClock()
    const advance = (to: number): Promise<unknown> => stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: to })
    expect(await refusalOf(advance(leapDay))).toMatchObject({ statusCode: 400, param: 'frozen_time' })
    expect(await refusalOf(advance(leapDay + 100 * 86_400))).toMatchObject({ statusCode: 400, param: 'frozen_time' })
    await stripe.customers.create({ test_clock: clock.id })
    await stripe.customers.create({ test_clock: clock.id })
    expect(await refusalOf(stripe.customers.create({ test_clock: clock.id }))).toMatchObject({ statusCode: 400, param: 'test_clock' })
    expect(await refusalOf(stripe.customers.create({ test_clock: 'clock_none' }))).toMatchObject({ code: 'resource_missing' })
  })

  test('takes its customers along when it is deleted, by a request or after 30 days', async () => {
    const { stripe, clock, customer, subscription } = await subscribeOnClock()
    expect(await stripe.testHelpers.testClocks.del(clock.id)).toMatchObject({ deleted: true })
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true })
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled')
    expect((await refusalOf(stripe.testHelpers.testClocks.retrieve(clock.id))).statusCode).toBe(404)

    const other = await subscribeOnClock()
    other.simulator.clock.advance({ days: 30 })
    expect((await refusalOf(other.stripe.testHelpers.testClocks.retrieve(other.clock.id))).statusCode).toBe(404)
  })
})
