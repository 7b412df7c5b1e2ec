import { stripePayments } from '@farebox/core/drivers/stripe'
import { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { subscribe } from '../../src/use-cases/subscribe.ts'
import { convergeCustomer } from '../../src/use-cases/converge.ts'
import { addresses, buy, paymentCustomerOf } from './scene.ts'
import { type World, createWorld, webhookSecret } from './world.ts'

const versions = ['2024-06-20', '2025-03-31.basil', '2025-09-30.clover', '2026-05-27.dahlia', '2026-10-28.endive'] as const

/** What Stripe has only since then: its answer to an older version is that there is no such page. */
const unknownBefore: readonly (readonly [path: RegExp, since: string])[] = [[/^\/v1\/invoice_payments/, '2025-03-31.basil']]

/** The stripe package, pinned to a version by the app. */
function clientAt({ simulator }: World, apiVersion: string): Stripe {
  const answer = async (request: Request): Promise<Response> => {
    const isUnknown = unknownBefore.some(([path, since]) => apiVersion < since && path.test(new URL(request.url).pathname))
    if (!isUnknown) return simulator.fetch(request)
    return Response.json({ error: { type: 'invalid_request_error', message: 'Unrecognized request URL' } }, { status: 404 })
  }
  return new Stripe('sk_test_world', {
    // The package's types know its own version alone; apps that pin another one say so like this.
    apiVersion: apiVersion as '2026-10-28.endive',
    httpClient: Stripe.createFetchHttpClient(async (url: RequestInfo | URL, init?: RequestInit) => answer(new Request(url, init))),
    host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false,
  })
}

it.each(versions)('reads the same of the same life at version %s', async (version) => {
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
