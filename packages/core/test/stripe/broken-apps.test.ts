import { type Catalog, type Farebox, type Payments, type Store, type Subscription, createFarebox } from '@farebox/core'
import { stripePayments } from '@farebox/core/drivers/stripe'
import {
  type Chaos, type ChaosOptions, type Crashes, checkInvariants, crashEverywhere, createChaos, createCrashes, signedStripeEvent,
} from '@farebox/core/testing'
import type { Stripe } from 'stripe'
import { describe, expect, it } from 'vitest'
import { createPackWorld, packs } from './pack-world.ts'
import { addresses } from './scene.ts'
import { type World, catalog, clientOf, createWorld, sessionOf, webhookSecret } from './world.ts'

// Each of these apps is wrong in one way, and the published kit must say so: a kit that finds nothing proves nothing.

const ann = { customer: 'ann' } as const

interface Parts {
  readonly payments?: Payments
  readonly store?: Store
  readonly catalog?: Catalog
}

function rightPayments(world: World): Payments {
  return stripePayments({ client: world.client, webhookSecret })
}

function createApp(world: World, parts: Parts = {}): Farebox {
  return createFarebox({ catalog, appUrl: 'http://localhost', store: world.store, clock: world.clock, payments: rightPayments(world), ...parts })
}

async function signed(event: Stripe.Event): Promise<Request> {
  const { body, signature } = await signedStripeEvent({ body: JSON.stringify(event), secret: webhookSecret, at: Date.now() })
  return new Request('http://localhost/api/billing/webhooks/stripe', { method: 'POST', body, headers: { 'stripe-signature': signature } })
}

/** Posts whatever happened since the last time, in the order in which it happened. */
function poster(world: World, chaos: Chaos<Stripe.Event>): () => Promise<void> {
  const told = new Set<string>()
  return async () => {
    const fresh = (await world.events()).toReversed().filter(({ id }) => !told.has(id))
    for (const { id } of fresh) told.add(id)
    await chaos.post(fresh)
  }
}

async function subscribe(world: World, farebox: Farebox): Promise<void> {
  const { url } = await farebox.checkout({ ...ann, plan: 'pro', interval: 'month', ...addresses })
  world.simulator.completeCheckout(sessionOf(url))
}

async function buyPack(world: World, farebox: Farebox): Promise<void> {
  const { url } = await farebox.checkout({ ...ann, pack: 'boost', ...addresses })
  world.simulator.completeCheckout(sessionOf(url))
}

/** What the kit says of an app, in one line each. */
async function findingsOf(world: World, farebox: Farebox, effects: readonly string[] = []): Promise<readonly string[]> {
  const payments = stripePayments({ client: clientOf(world.simulator), webhookSecret })
  const found = await checkInvariants({ records: world.store.records, payments, farebox, effectsOf: () => effects })
  return found.map(({ invariant, found: what }) => `${invariant}: ${what.replaceAll(/\b(sub|cs|in|evt)_\w+/g, '$1')}`)
}

/** What Stripe says of a subscription in an event, believed as it stands. */
function believed(listed: Subscription, { status, items, cancel_at: cancelAt }: Stripe.Subscription): Subscription {
  const end = items.data[0]?.current_period_end ?? 0
  return { ...listed, status: status === 'trialing' ? 'trialing' : 'active', currentPeriodEnd: end * 1000, cancelAt: cancelAt === null ? null : cancelAt * 1000 }
}

/** Half a year of an app that stores what the events say. With `isOnce` it hears each of them once. */
async function believe(seed: number, isOnce: boolean, options: Partial<ChaosOptions<Stripe.Event>> = {}): Promise<readonly string[]> {
  const world = await createWorld()
  const right = rightPayments(world)
  const told = new Map<string, Stripe.Subscription>()
  const heard = new Set<string>()
  const farebox = createApp(world, { payments: { ...right, async readCustomer(paymentCustomer) {
    const reading = await right.readCustomer(paymentCustomer)
    return { ...reading, subscriptions: reading.subscriptions.flatMap((listed) => {
      const object = told.get(listed.id)
      return object === undefined ? [] : [believed(listed, object)]
    }) }
  } } })
  const chaos = createChaos<Stripe.Event>({ seed, ...options, async deliver(event) {
    if (event.type.startsWith('customer.subscription.') && !(isOnce && heard.has(event.id))) {
      const object = event.data.object as Stripe.Subscription
      heard.add(event.id)
      told.set(object.id, object)
    }
    return (await farebox.handle(await signed(event))).ok
  } })
  const post = poster(world, chaos)
  await subscribe(world, farebox)
  await post()
  for (let month = 0; month < 3; month += 1) {
    world.simulator.clock.advance({ months: 1 })
    await post()
  }
  await chaos.settle()
  await farebox.sweep()
  return findingsOf(world, farebox)
}

describe('the chaos kit finds an app that', () => {
  const wrong = expect.stringMatching(/^stored-as-stripe-says: sub: \w+ is stored as .+, Stripe says /)

  it.each([1, 2, 3])('takes state from the body of what comes last, seed %i', async (seed) => {
    expect(await believe(seed, false)).toContainEqual(wrong)
    // One that hears each event once is misled by what it has not heard before.
    expect(await believe(seed, true, { lost: 0.6 })).toContainEqual(wrong)
  })

  it('grants again for every delivery', async () => {
    const world = await createPackWorld()
    const farebox = createApp(world, { catalog: packs })
    await buyPack(world, farebox)
    let deliveries = 0
    const chaos = createChaos<Stripe.Event>({ seed: 1, async deliver(event) {
      const answer = await farebox.handle(await signed(event))
      const [row] = (await world.store.records.load('ann', ['grants'])).rows.grants
      deliveries += 1
      const id = `grant:again:${deliveries}`
      if (row !== undefined) await world.store.records.commit('ann', [{ collection: 'grants', id, value: { ...row.value, id } }])
      return answer.ok
    } })
    await poster(world, chaos)()
    await chaos.settle()
    expect(await findingsOf(world, farebox)).toEqual([
      expect.stringMatching(/^one-grant-per-fact: boost of cs was paid on 1 lines, and apiCalls granted \d+ times$/),
    ])
  })

  it('acts again for every delivery', async () => {
    const world = await createWorld()
    const farebox = createApp(world)
    const mailed: string[] = []
    const chaos = createChaos<Stripe.Event>({ seed: 1, async deliver(event) {
      if (event.type === 'invoice.paid') mailed.push(`mailed ${event.data.object.id}`)
      return (await farebox.handle(await signed(event))).ok
    } })
    await subscribe(world, farebox)
    await poster(world, chaos)()
    await chaos.settle()
    expect(await findingsOf(world, farebox, mailed)).toEqual([expect.stringMatching(/^one-effect-per-fact: mailed in happened \d+ times$/)])
    expect(await findingsOf(world, farebox, [...new Set(mailed)])).toEqual([])
  })

  it('reads only the first page of what Stripe lists', async () => {
    const world = await createPackWorld()
    const right = rightPayments(world)
    const payments: Payments = {
      ...right,
      async readCustomer(paymentCustomer) {
        const reading = await right.readCustomer(paymentCustomer)
        return { ...reading, subscriptions: reading.subscriptions.slice(0, 1) }
      },
      async readPurchases(request) {
        const reading = await right.readPurchases(request)
        return { ...reading, purchases: reading.purchases.slice(0, 1) }
      },
    }
    const farebox = createApp(world, { payments, catalog: packs })
    const { data: [price] } = await world.client.prices.list({ lookup_keys: ['farebox_pro_month'] })
    for (let times = 0; times < 2; times += 1) {
      await buyPack(world, farebox)
      const paymentCustomer = (await farebox.findCustomer(ann))?.paymentCustomer ?? ''
      const { id } = await world.client.subscriptions.create({ customer: paymentCustomer, items: [{ price: price?.id ?? '' }], trial_period_days: 9 })
      await world.client.subscriptions.cancel(id)
    }
    const chaos = createChaos<Stripe.Event>({ seed: 1, deliver: async (event) => (await farebox.handle(await signed(event))).ok })
    await poster(world, chaos)()
    await chaos.settle()
    expect(await findingsOf(world, farebox)).toEqual(expect.arrayContaining([
      'stored-as-stripe-says: sub is not stored',
      'one-grant-per-fact: boost of cs was paid, and nothing was granted',
    ]))
  })
})

/** Delivers the newest event to a process that may crash, and what was not acknowledged to the next one, as Stripe does. */
async function deliverOnce(world: World, crashes: Crashes, handle: (farebox: Farebox, event: Stripe.Event) => Promise<boolean>): Promise<void> {
  const [event] = (await world.events()).filter(({ type }) => type.startsWith('customer.subscription.'))
  if (event === undefined) throw new Error('Nothing happened')
  const doomed = createApp(world, { store: crashes.store(world.store), payments: crashes.payments(rightPayments(world)) })
  if (!(await handle(doomed, event).catch(() => false))) await handle(createApp(world), event)
}

/** A delivery of an app that answers before it has written, or after. */
async function deliverAt(crashes: Crashes, isHasty: boolean): Promise<void> {
  const world = await createWorld()
  await subscribe(world, createApp(world))
  await deliverOnce(world, crashes, async (farebox, event) => {
    const { ok } = await farebox.handle(await signed(event))
    return isHasty || ok
  })
  const found = await findingsOf(world, createApp(world))
  if (found.length > 0) throw new Error(found.join(', '))
}

/** A job that is counted and then saved, and done again where it was not saved. */
async function runJob(crashes: Crashes, key: { readonly idempotencyKey?: string }): Promise<void> {
  const world = await createWorld()
  const done: string[] = []
  const work = async (store: Store, outside: Crashes): Promise<void> => {
    const { allowed } = await createFarebox({ catalog, store, clock: world.clock }).consume({ ...ann, feature: 'apiCalls', ...key })
    if (allowed) await outside.call('app.save', () => done.push('job_1'))
  }
  await work(crashes.store(world.store), crashes).catch(() => undefined)
  if (done.length === 0) await work(world.store, createCrashes(null))
  const { usage } = await createApp(world).snapshot(ann)
  const used = usage['apiCalls']?.used
  if (used !== done.length) throw new Error(`${used} counted for ${done.length} done`)
}

describe('crashes everywhere find an app that', () => {
  it('acknowledges before it has written', async () => {
    expect(await crashEverywhere((crashes) => deliverAt(crashes, false))).toBeGreaterThan(8)
    await expect(crashEverywhere((crashes) => deliverAt(crashes, true))).rejects.toThrow(
      /^A crash before call \d+, \w+\.\w+, which the process outlived: stored-as-stripe-says: sub is not stored/,
    )
  })

  it('counts before it commits', async () => {
    expect(await crashEverywhere((crashes) => runJob(crashes, { idempotencyKey: 'job_1' }))).toBeGreaterThan(4)
    await expect(crashEverywhere((crashes) => runJob(crashes, {}))).rejects.toThrow(
      /^A crash before call \d+, app\.save, which the process outlived: 2 counted for 1 done$/,
    )
  })
})
