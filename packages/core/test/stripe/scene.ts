import type { RecordReading } from '@farebox/core'
import type { Stripe } from 'stripe'
import { expect } from 'vitest'
import { startCheckout } from '../../src/use-cases/checkout/start-checkout.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { byId, expectedSubscriptions } from './reference-projection.ts'
import { type World, sessionOf } from './world.ts'

export const addresses = { successUrl: 'http://localhost/?done', cancelUrl: 'http://localhost/' }

/** Everything that is stored of a customer by the payment path. */
type Rows = RecordReading<'customers' | 'subscriptions' | 'inbox' | 'outbox'>['rows']

/** A customer clicks on a plan and pays. */
export async function buy(world: World, context: Context, customer: string, plan = 'pro'): Promise<void> {
  const { url } = await startCheckout(context, { customer, plan, interval: 'month', ...addresses })
  world.simulator.completeCheckout(sessionOf(url))
}

export async function rowsOf(world: World, customer: string): Promise<Rows> {
  const { rows } = await world.store.records.load(customer, ['customers', 'subscriptions', 'inbox', 'outbox'])
  return rows
}

/** The newest event of a type. */
export async function getEvent(world: World, type: string): Promise<Stripe.Event> {
  const event = (await world.events()).find((item) => item.type === type)
  if (event === undefined) throw new Error(`No event ${type}`)
  return event
}

export async function paymentCustomerOf(world: World, customer: string): Promise<string> {
  return (await rowsOf(world, customer)).customers[0]?.value.paymentCustomer ?? ''
}

/** What is stored equals a second read through the stripe package. */
export async function expectLikeStripe(world: World, customer: string): Promise<void> {
  const stored = (await rowsOf(world, customer)).subscriptions.map(({ value }) => value).toSorted(byId)
  expect(stored).toEqual(await expectedSubscriptions(world.client, await paymentCustomerOf(world, customer)))
}
