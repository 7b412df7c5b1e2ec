import { stripePayments } from '@farebox/core/drivers/stripe'
import { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { subscribe } from '../../src/use-cases/subscribe.ts'
import { convergeCustomer } from '../../src/use-cases/converge.ts'
import { addresses, buy, paymentCustomerOf } from './scene.ts'
import { type World, createWorld, webhookSecret } from './world.ts'

const versions = ['2024-06-20', '2025-03-31.basil', '2025-09-30.clover', '2026-05-27.dahlia', '2026-10-28.endive'] as const

/** The stripe package, pinned to a version by the app. */
function clientAt({ simulator }: World, apiVersion: string): Stripe {
  return new Stripe('sk_test_world', {
    // The package's types know its own version alone; apps that pin another one say so like this.
    apiVersion: apiVersion as '2026-10-28.endive',
    httpClient: Stripe.createFetchHttpClient(async (url: RequestInfo | URL, init?: RequestInit) => simulator.fetch(new Request(url, init))),
    host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false,
  })
}

it.each(versions)('reads the same of the same life at version %s', { timeout: 30_000 }, async (version) => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1', 'pro')
  const paymentCustomer = await paymentCustomerOf(world, 'user_1')
  const newest = stripePayments({ client: world.client, webhookSecret })
  const pinned = stripePayments({ client: clientAt(world, version), webhookSecret })
  const statuses: unknown[] = []
  const compare = async (): Promise<void> => {
    const expected = await newest.readCustomer(paymentCustomer)
    expect(await pinned.readCustomer(paymentCustomer)).toEqual(expected)
    statuses.push(expected.subscriptions[0]?.status)
  }
  await compare()
  world.simulator.clock.advance({ days: 15 })
  await compare()
  await convergeCustomer(farebox, 'user_1')
  await subscribe(farebox, { customer: 'user_1', plan: 'pro', interval: 'year', ...addresses })
  await compare()
  const scheduled = await subscribe(farebox, { customer: 'user_1', plan: 'pro', interval: 'month', ...addresses })
  expect(scheduled.kind).toBe('scheduled')
  await compare()
  world.simulator.setCard(paymentCustomer, '4000000000000341')
  world.simulator.clock.advance({ years: 1, days: 1 })
  await compare()
  world.simulator.clock.advance({ days: 60 })
  await compare()
  expect(statuses).toEqual(['trialing', 'active', 'active', 'active', 'past_due', 'canceled'])
})
