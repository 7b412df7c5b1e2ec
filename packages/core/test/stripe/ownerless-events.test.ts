import { expect, it } from 'vitest'
import { checkHealth } from '../../src/use-cases/healing/check-health.ts'
import { replayParked } from '../../src/use-cases/healing/replay.ts'
import { sweepStore } from '../../src/use-cases/healing/sweep.ts'
import { buy, expectLikeStripe, rowsOf } from './scene.ts'
import { type World, createWorld } from './world.ts'

/** A world in which Stripe may refuse to tell what an event names, and an event that names a subscription alone. */
async function createTacitWorld() {
  const stripe = { refuses: false }
  const refusal = { error: { type: 'invalid_request_error', code: 'secret_key_required', message: 'canary' } }
  const world = await createWorld({ onTheWay: async () => (stripe.refuses ? Response.json(refusal, { status: 403 }) : undefined) })
  await buy(world, world.process(), 'user_1')
  const [subscription] = (await world.client.subscriptions.list()).data
  const event = {
    id: 'evt_1', object: 'v2.core.event', type: 'v1.customer.subscription.updated', created: new Date(world.clock.now()).toISOString(), livemode: false,
    related_object: { id: subscription?.id, type: 'subscription', url: `/v1/subscriptions/${subscription?.id}` },
  }
  return { world, stripe, event }
}

async function statesOf(world: World, customer: string): Promise<readonly string[]> {
  return (await rowsOf(world, customer)).inbox.map(({ value }) => `${value.state} ${value.attempts} ${value.failure}`)
}

const nobody = 'farebox:nobody'
const failure = 'payments-failed:secret_key_required'

it('puts a thin event aside whose customer Stripe refuses to tell eight times, and heals by a replay', async () => {
  const { world, stripe, event } = await createTacitWorld()
  const farebox = world.process()
  stripe.refuses = true
  for (let tries = 1; tries <= 7; tries += 1) {
    expect(await world.deliver(farebox, event)).toEqual({ kind: 'failed', customer: null, failure })
    expect(await statesOf(world, nobody)).toEqual([`failed ${tries} ${failure}`])
    expect((await checkHealth(farebox)).parts.webhooks).toBe('ok')
    world.simulator.clock.advance({ hours: 1 })
  }
  expect(await world.deliver(farebox, event)).toEqual({ kind: 'parked', customer: null, failure })
  expect(world.logged.at(-1)?.fields).toMatchObject({ event: 'evt_1', failure })
  const { count } = world.requests
  expect(await world.deliver(farebox, event)).toEqual({ kind: 'parked', customer: null, failure })
  expect(world.requests.count).toBe(count)
  expect((await checkHealth(farebox)).parts.webhooks).toBe('degraded')

  expect(await replayParked(farebox)).toMatchObject([{ event: 'evt_1', kind: 'parked', failure }])
  expect((await rowsOf(world, nobody)).customers).toEqual([])
  stripe.refuses = false
  expect(await replayParked(farebox)).toMatchObject([{ event: 'evt_1', customer: 'user_1', kind: 'applied', failure: null }])
  expect((await checkHealth(farebox)).parts.webhooks).toBe('ok')
  expect(await world.deliver(farebox, event)).toEqual({ kind: 'duplicate', customer: 'user_1' })
  await expectLikeStripe(world, 'user_1')
})

it('keeps what it could not find the customer of put aside while that customer cannot be read', async () => {
  const { world, stripe, event } = await createTacitWorld()
  stripe.refuses = true
  for (let tries = 1; tries <= 8; tries += 1) {
    await world.deliver(world.process(), event)
    world.simulator.clock.advance({ hours: 1 })
  }
  stripe.refuses = false
  const [{ value } = { value: undefined }] = (await rowsOf(world, 'user_1')).customers
  await world.client.customers.update(value?.paymentCustomer ?? '', { metadata: { farebox_customer: 'somebody-else' } })
  expect(await replayParked(world.process())).toMatchObject([{ customer: 'user_1', kind: 'failed', failure: 'payments-failed:customer-mismatch' }])
  expect(await statesOf(world, nobody)).toEqual([`parked 8 ${failure}`])
})

it('closes the note of an event once its customer is known', async () => {
  const { world, stripe, event } = await createTacitWorld()
  stripe.refuses = true
  await world.deliver(world.process(), event)
  stripe.refuses = false
  world.simulator.clock.advance({ hours: 1 })
  expect(await world.deliver(world.process(), event)).toEqual({ kind: 'applied', customer: 'user_1' })
  expect(await statesOf(world, nobody)).toEqual(['done 1 null'])
  expect(await statesOf(world, 'user_1')).toEqual(['done 0 null'])
})

it('reads the customer of what Stripe has given up, once it tells whose it is', async () => {
  const { world, stripe, event } = await createTacitWorld()
  stripe.refuses = true
  await world.deliver(world.process(), event)
  world.simulator.clock.advance({ days: 4 })
  expect((await checkHealth(world.process())).parts.webhooks).toBe('degraded')
  expect(await sweepStore(world.process())).toMatchObject({ events: 0 })
  expect(await statesOf(world, nobody)).toEqual([`failed 2 ${failure}`])
  stripe.refuses = false
  expect(await sweepStore(world.process())).toMatchObject({ events: 1 })
  expect(await statesOf(world, nobody)).toEqual(['done 2 null'])
  expect(await statesOf(world, 'user_1')).toEqual(['done 0 null'])
  await expectLikeStripe(world, 'user_1')
})

it('puts an event aside likewise whose customer in Stripe is not known here, and cannot be read', async () => {
  const { world, stripe, event } = await createTacitWorld()
  const { id } = await world.client.customers.create({ metadata: { farebox_customer: 'user_2' } })
  const created = { ...event, type: 'v1.customer.created', related_object: { id, type: 'customer', url: `/v1/customers/${id}` } }
  stripe.refuses = true
  for (let tries = 1; tries <= 8; tries += 1) {
    const kind = tries < 8 ? 'failed' : 'parked'
    expect(await world.deliver(world.process(), created)).toEqual({ kind, customer: null, failure })
    world.simulator.clock.advance({ hours: 1 })
  }
  stripe.refuses = false
  expect(await replayParked(world.process())).toMatchObject([{ customer: 'user_2', kind: 'applied' }])
  expect((await checkHealth(world.process())).parts.webhooks).toBe('ok')
})

it('closes the note of an event that turns out to be a stranger\'s', async () => {
  const { world, stripe, event } = await createTacitWorld()
  stripe.refuses = true
  for (let tries = 1; tries <= 8; tries += 1) {
    await world.deliver(world.process(), { ...event, related_object: { ...event.related_object, id: 'sub_gone' } } as never)
    world.simulator.clock.advance({ hours: 1 })
  }
  stripe.refuses = false
  expect(await replayParked(world.process())).toMatchObject([{ customer: nobody, kind: 'ignored', failure: null }])
  expect((await checkHealth(world.process())).parts.webhooks).toBe('ok')
})
