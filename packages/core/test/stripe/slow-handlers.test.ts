import { createFarebox } from '@farebox/core'
import { stripePayments } from '@farebox/core/drivers/stripe'
import { afterEach, expect, it, vi } from 'vitest'
import { buy, getEvent } from './scene.ts'
import { catalog, createGate, createWorld, webhookSecret, yieldTimes } from './world.ts'

afterEach(() => void vi.useRealTimers())

it('answers a webhook in five seconds however long a handler of the app takes, and loses nothing of it', async () => {
  const world = await createWorld()
  const payments = stripePayments({ client: world.client, webhookSecret, mode: 'test' })
  const farebox = createFarebox({ catalog, store: world.store, payments, clock: world.clock, appUrl: 'http://a' })
  await buy(world, world.process(), 'user_1')
  await farebox.health()
  const work = createGate()
  let calls = 0
  farebox.on('subscription.changed', () => {
    calls += 1
    return work.passed
  })
  const { body, signature } = world.sign(await getEvent(world, 'customer.subscription.created'))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const post = (): Promise<Response> => farebox.handle(new Request('http://a/api/billing/webhooks/stripe', { method: 'POST', headers: { 'stripe-signature': signature }, body }))
  let status: number | undefined
  void post().then((response) => (status = response.status))
  await yieldTimes(50)
  vi.advanceTimersByTime(4999)
  await yieldTimes(50)
  expect([calls, status]).toEqual([1, undefined])
  vi.advanceTimersByTime(1)
  await yieldTimes(50)
  expect([calls, status]).toEqual([1, 200])
  // Sent again it is known, and nobody is called beside whoever is at it.
  expect(await (await post()).json()).toEqual({ received: true, outcome: 'duplicate' })
  let isClosed = false
  void farebox.close().then(() => (isClosed = true))
  await yieldTimes(50)
  expect(isClosed).toBe(false)
  work.open()
  await yieldTimes(50)
  expect([calls, isClosed]).toEqual([1, true])
  const { rows } = await world.store.records.load('user_1', ['outbox'])
  expect(rows.outbox).toEqual([])
})
