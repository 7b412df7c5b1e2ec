import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { voidGrant } from '../../src/use-cases/admin/grant-usage.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { consumeUsage } from '../../src/use-cases/counting/consume-usage.ts'
import type { EventName } from '../../src/use-cases/delivering/events.ts'
import { drainOutbox } from '../../src/use-cases/delivering/outbox.ts'
import { reconcile } from '../../src/use-cases/healing/reconcile.ts'
import { type Place, storeHarnesses } from '../stores/harnesses.ts'
import { buyPack, createPackWorld, customer, grantsOf, newestPayment, postman, remainingOf, storedGrants } from './pack-world.ts'
import type { World } from './world.ts'

/** Each store once that keeps records, over its first client. */
const harnesses = ['memory', 'postgres', 'sqlite'].flatMap((store) => storeHarnesses.filter((harness) => harness.store === store).slice(0, 1))

function listen(farebox: Context): string[] {
  const told: string[] = []
  const names = ['grant.added', 'refund.created', 'dispute.opened', 'dispute.closed'] as const satisfies readonly EventName[]
  for (const name of names) farebox.events.on(name, () => void told.push(name))
  return told
}

type Postman = ReturnType<typeof postman>

/** Handlers are called after each delivery, as a webhook has it: of two of them, nothing else says who is called first. */
function drainingPostman(world: World): Postman {
  const post = postman(world)
  return async (farebox, pick) => {
    const kinds = await post(farebox, pick)
    await drainOutbox(farebox, customer)
    return kinds
  }
}

for (const { name: place, open } of harnesses) {
  describe(`refunds and disputes, recorded in ${place}`, () => {
    let opened: Place
    beforeAll(async () => void (opened = await open()))
    afterAll(async () => opened?.close())

    async function createEmptyWorld(): Promise<World> {
      return createPackWorld({
        async createStore(clock) {
          const store = opened.storeWith(clock)
          await store.records.forget(customer)
          await store.usage.forget(customer)
          return store
        },
      })
    }

    async function begin(pack = 'boost', quantity = 1): Promise<{ world: World; farebox: Context; told: string[]; post: Postman; session: string }> {
      const world = await createEmptyWorld()
      const farebox = world.process()
      const told = listen(farebox)
      const post = drainingPostman(world)
      const session = await buyPack(world, farebox, pack, quantity)
      await post(farebox)
      return { world, farebox, told, post, session }
    }

    it('takes back the part that was refunded and leaves what was used counted', async () => {
      const { world, farebox, told, post } = await begin()
      expect((await consumeUsage(farebox, { customer, feature: 'apiCalls', amount: 705 })).allowed).toBe(true)
      const payment_intent = await newestPayment(world)
      await world.client.refunds.create({ payment_intent, amount: 200 })
      await post(farebox)
      expect(await grantsOf(world)).toEqual(['apiCalls 800'])
      expect(await remainingOf(farebox)).toBe(100)
      await world.client.refunds.create({ payment_intent, amount: 301 })
      await post(farebox)
      // 499 of 1,000 cents are still paid.
      expect(await grantsOf(world)).toEqual(['apiCalls 499'])
      expect(await consumeUsage(farebox, { customer, feature: 'apiCalls', amount: 1 })).toMatchObject({ allowed: false })
      await world.client.refunds.create({ payment_intent })
      await post(farebox, (events) => events.toReversed())
      expect(await grantsOf(world)).toEqual(['apiCalls 0 voided'])
      await convergeCustomer(farebox, customer)
      expect(told).toEqual(['grant.added', 'refund.created', 'refund.created', 'refund.created'])
    })

    it('takes back what is refunded years after it was paid', async () => {
      const { world, farebox, post } = await begin()
      world.simulator.clock.advance({ days: 1000 })
      await convergeCustomer(farebox, customer)
      await world.client.refunds.create({ payment_intent: await newestPayment(world), amount: 592 })
      await post(farebox)
      expect(await grantsOf(world)).toEqual(['apiCalls 408'])
    })

    it('keeps what was refunded where the catalog says so', async () => {
      const { world, farebox, told, post } = await begin('gift')
      await world.client.refunds.create({ payment_intent: await newestPayment(world) })
      await post(farebox)
      expect(await grantsOf(world)).toEqual(['apiCalls 50'])
      await convergeCustomer(farebox, customer)
      expect(told).toEqual(['grant.added', 'refund.created'])
    })

    it('gives back what a refund took that failed', async () => {
      const world = await createEmptyWorld()
      const farebox = world.process()
      const post = drainingPostman(world)
      await buyPack(world, farebox, 'boost', 1, { card: '4000000000005126' })
      await post(farebox)
      await world.client.refunds.create({ payment_intent: await newestPayment(world) })
      await post(farebox)
      expect(await grantsOf(world)).toEqual(['apiCalls 0 voided'])
      world.simulator.clock.advance({ days: 2 })
      await post(farebox)
      expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
    })

    it('gives nothing for what was refunded before it was first read', async () => {
      const world = await createEmptyWorld()
      const farebox = world.process()
      const told = listen(farebox)
      await buyPack(world, farebox, 'boost')
      await world.client.refunds.create({ payment_intent: await newestPayment(world) })
      await convergeCustomer(farebox, customer)
      expect(await grantsOf(world)).toEqual(['apiCalls 0 voided'])
      expect(told).toEqual(['refund.created'])
    })

    it('tells of what was refunded before it was first read once the refund has failed', async () => {
      const world = await createEmptyWorld()
      const farebox = world.process()
      const told = listen(farebox)
      const post = drainingPostman(world)
      await buyPack(world, farebox, 'boost', 1, { card: '4000000000005126' })
      await world.client.refunds.create({ payment_intent: await newestPayment(world) })
      await post(farebox)
      expect(await grantsOf(world)).toEqual(['apiCalls 0 voided'])
      world.simulator.clock.advance({ days: 2 })
      await post(farebox, (events) => [...events, ...events])
      expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
      await world.client.refunds.create({ payment_intent: await newestPayment(world) })
      await post(farebox)
      expect(await grantsOf(world)).toEqual(['apiCalls 0 voided'])
      world.simulator.clock.advance({ days: 2 })
      await convergeCustomer(farebox, customer)
      expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
      expect(told).toEqual(['refund.created', 'grant.added', 'refund.created'])
    })

    it.each([['winning_evidence', 'apiCalls 1000', 'won'], ['losing_evidence', 'apiCalls 0 voided', 'lost']])(
      'takes back what a dispute lost, and nothing before that: %s',
      async (text, left, state) => {
        const { world, farebox, told, post } = await begin()
        const outcomes: string[] = []
        farebox.events.on('dispute.closed', ({ data }) => void outcomes.push(data.dispute.state))
        world.simulator.clock.advance({ days: 60 })
        const dispute = world.simulator.dispute(await newestPayment(world))
        await post(farebox)
        expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
        world.simulator.clock.advance({ days: 70 })
        await world.client.disputes.update(dispute, { evidence: { uncategorized_text: text }, submit: true })
        await post(farebox, (events) => [...events, ...events])
        expect(await grantsOf(world)).toEqual([left])
        await convergeCustomer(farebox, customer)
        expect(outcomes).toEqual([state])
        expect(told).toEqual(['grant.added', 'dispute.opened', 'dispute.closed'])
      },
    )

    it('leaves alone what the app has voided itself', async () => {
      const { world, farebox } = await begin()
      const [grant] = await storedGrants(world)
      await voidGrant(farebox, { customer, key: grant?.id ?? '' })
      await world.client.refunds.create({ payment_intent: await newestPayment(world), amount: 500 })
      await convergeCustomer(farebox, customer)
      expect(await grantsOf(world)).toEqual(['apiCalls 1000 voided'])
    })

    it('mends by reconciling what was stored otherwise, also years later', async () => {
      const { world, farebox, post } = await begin('bundle')
      await world.client.refunds.create({ payment_intent: await newestPayment(world), amount: 350 })
      await post(farebox)
      const right = await storedGrants(world)
      world.simulator.clock.advance({ days: 1000 })
      await convergeCustomer(farebox, customer)
      expect((await reconcile(farebox)).findings).toEqual([])
      const [first, second] = right
      if (first === undefined || second === undefined) throw new Error('A bundle gives twice')
      await world.store.records.commit(customer, [
        { collection: 'grants', id: first.id, value: { ...first, voidedAt: world.clock.now(), amount: 99 } },
        { collection: 'grants', id: second.id, value: { ...second, feature: 'other' } },
      ])
      expect((await reconcile(farebox)).findings.map((found) => found.kind === 'difference' && [found.id, found.field, found.repaired])).toEqual(
        expect.arrayContaining([[first.id, 'voidedAt', true], [first.id, 'amount', true], [second.id, 'feature', true]]),
      )
      expect(await storedGrants(world)).toEqual(right)
      expect((await reconcile(farebox)).findings).toEqual([])
    })
  })
}
