import { type Grant, type ReconcileFinding, defineCatalog } from '@farebox/core'
import { expect, it } from 'vitest'
import { voidGrant } from '../../src/use-cases/admin/grant-usage.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { reconcile } from '../../src/use-cases/healing/reconcile.ts'
import { buyPack, createPackWorld, customer, grantsOf, newestPayment, packs, remainingOf, storedGrants } from './pack-world.ts'
import { buy, rowsOf } from './scene.ts'
import type { World } from './world.ts'

const day = 86_400_000

async function findingsOf(farebox: Context, dryRun = false): Promise<readonly ReconcileFinding[]> {
  const { findings, stopped, cursor } = await reconcile(farebox, { dryRun }, async () => undefined)
  expect({ stopped, cursor }).toEqual({ stopped: null, cursor: null })
  return findings
}

async function bought(pack = 'boost'): Promise<{ readonly world: World; readonly farebox: Context; readonly grant: Grant; readonly session: string }> {
  const world = await createPackWorld()
  const farebox = world.process()
  const session = await buyPack(world, farebox, pack)
  await convergeCustomer(farebox, customer)
  const [grant] = await storedGrants(world)
  if (grant === undefined) throw new Error('No grant')
  return { world, farebox, grant, session }
}

async function write(world: World, id: string, value: Grant | null): Promise<void> {
  await world.store.records.commit(customer, [{ collection: 'grants', id, value }])
}

it('finds a purchase that is older than the last reading looked back', async () => {
  const { world, farebox, grant } = await bought()
  world.simulator.clock.advance({ days: 100 })
  await convergeCustomer(farebox, customer)
  await write(world, grant.id, null)
  await convergeCustomer(farebox, customer)
  expect(await grantsOf(world)).toEqual([])
  const finding = { kind: 'difference', customer, collection: 'grants', id: grant.id, field: null, stored: null }
  expect(await findingsOf(farebox, true)).toMatchObject([{ ...finding, repaired: false }])
  expect(await grantsOf(world)).toEqual([])
  expect(await findingsOf(farebox)).toMatchObject([{ ...finding, repaired: true }])
  expect(await grantsOf(world)).toEqual(['apiCalls 1000'])
  expect(await findingsOf(farebox)).toEqual([])
})

it.each<[string, (grant: Grant) => Partial<Grant>]>([
  ['voidedAt', ({ createdAt }) => ({ voidedAt: createdAt + 1 })],
  ['feature', () => ({ feature: 'exports' })],
  ['amount', () => ({ amount: 7 })],
  ['effectiveAt', ({ createdAt }) => ({ effectiveAt: createdAt + 1000 * day })],
  ['purchase', ({ purchase }) => (purchase === undefined ? {} : { purchase: { ...purchase, payment: 'pi_other' } })],
  ['purchase', ({ purchase }) => (purchase === undefined ? {} : { purchase: { ...purchase, session: 'cs_other' } })],
])('finds that %s of a bought grant is not what was paid for, also a year later', async (field, change) => {
  const { world, farebox, grant } = await bought()
  world.simulator.clock.advance({ days: 360 })
  await convergeCustomer(farebox, customer)
  await write(world, grant.id, { ...grant, ...change(grant) })
  expect(await findingsOf(farebox)).toMatchObject([{ kind: 'difference', collection: 'grants', id: grant.id, field, repaired: true }])
  expect(await storedGrants(world)).toEqual([grant])
  expect(await remainingOf(farebox)).toBe(1005)
  expect(await findingsOf(farebox)).toEqual([])
})

it('takes a voided grant that was refunded meanwhile for what is left of it', async () => {
  const { world, farebox, grant } = await bought()
  await write(world, grant.id, { ...grant, voidedAt: grant.createdAt + 1 })
  await world.client.refunds.create({ payment_intent: await newestPayment(world), amount: 400 })
  await findingsOf(farebox)
  expect(await grantsOf(world)).toEqual(['apiCalls 600'])
})

it('leaves voided what the app has voided itself, however long ago', async () => {
  const { world, farebox, grant } = await bought()
  world.simulator.clock.advance({ days: 10 })
  await voidGrant(farebox, { customer, key: grant.id })
  expect(await findingsOf(farebox)).toEqual([])
  // The audit that tells of it is gone by then.
  world.simulator.clock.advance({ days: 401 })
  await world.store.records.commit(customer, (await world.store.records.load(customer, ['audit'])).rows.audit.map(({ id }) => ({ collection: 'audit', id, value: null })))
  await convergeCustomer(farebox, customer)
  expect(await findingsOf(farebox)).toEqual([])
  expect(await grantsOf(world)).toEqual(['apiCalls 1000 voided'])
})

it('tells of packs that were paid and that the catalog does not have, also where it sells none any more', async () => {
  const { world, farebox, session } = await bought()
  const gift = await buyPack(world, farebox, 'gift')
  const without = (...names: string[]): Context => ({
    ...farebox, catalog: { ...packs, packs: Object.fromEntries(Object.entries(packs.packs).filter(([name]) => !names.includes(name))) },
  })
  // What was given is settled; what was not is for somebody to look at.
  expect(await findingsOf(without('boost', 'gift'))).toEqual([
    { kind: 'purchase-without-pack', customer, session: gift, pack: 'gift', repaired: false },
  ])
  expect(await findingsOf(without('boost', 'gift', 'bundle'))).toEqual([
    { kind: 'purchase-without-pack', customer, session: gift, pack: 'gift', repaired: false },
  ])
  expect(world.logged.filter(({ fields }) => fields['session'] === session)).toEqual([])
  expect(await findingsOf(farebox)).toMatchObject([{ field: null, stripe: { amount: 50 }, repaired: true }])
  await world.client.refunds.create({ payment_intent: await newestPayment(world), amount: 100 })
  expect(await findingsOf(without('boost', 'gift', 'bundle'))).toMatchObject([{ field: 'amount', stored: 50, stripe: 40, repaired: true }])
})

it('asks for no purchases where nothing was ever sold once', async () => {
  const world = await createPackWorld({}, defineCatalog({ features: {}, plans: { free: { name: 'Free', default: true, features: {} } } }))
  const farebox = world.process()
  await world.client.customers.create({ metadata: { farebox_customer: customer } })
  await findingsOf(farebox)
  const before = world.requests.count
  await findingsOf(farebox)
  // The customer, its subscriptions, and the list of all customers.
  expect(world.requests.count - before).toBe(3)
})

it('finds a reminder that would never come, and none where the next one is only due', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  await buy(world, farebox, customer)
  await convergeCustomer(farebox, customer)
  await buyPack(world, farebox, 'bundle')
  await convergeCustomer(farebox, customer)
  const [row] = (await rowsOf(world, customer)).customers
  if (row === undefined) throw new Error('No customer')
  const known = row.value.changesAt
  expect(known).not.toBeNull()
  for (const changesAt of [null, (known ?? 0) + day, (known ?? 0) - day]) {
    await world.store.records.commit(customer, [{ collection: 'customers', id: customer, value: { ...row.value, changesAt } }])
    const finding = { kind: 'difference', customer, collection: 'customers', id: customer, field: 'changesAt', stored: changesAt, stripe: known }
    expect(await findingsOf(farebox, true)).toEqual([{ ...finding, repaired: false }])
    expect(await findingsOf(farebox)).toEqual([{ ...finding, repaired: true }])
    expect((await rowsOf(world, customer)).customers[0]?.value.changesAt).toBe(known)
  }
  world.simulator.clock.advance({ days: 31 })
  expect((await findingsOf(farebox)).filter((found) => found.kind === 'difference' && found.field === 'changesAt')).toEqual([])
})

it('finds a field that is missing in what is stored', async () => {
  const world = await createPackWorld()
  const farebox = world.process()
  await buy(world, farebox, customer)
  const coupon = await world.client.coupons.create({ percent_off: 10, duration: 'forever' })
  const [subscription] = (await world.client.subscriptions.list()).data
  await world.client.subscriptions.update(subscription?.id ?? '', { discounts: [{ coupon: coupon.id }] })
  await convergeCustomer(farebox, customer)
  const [entry] = (await rowsOf(world, customer)).subscriptions
  if (entry === undefined) throw new Error('No subscription')
  const { discounts, ...rest } = entry.value
  expect(discounts).toHaveLength(1)
  await world.store.records.commit(customer, [{ collection: 'subscriptions', id: entry.id, value: rest }])
  expect(await findingsOf(farebox)).toMatchObject([{ collection: 'subscriptions', field: 'discounts', stored: null, stripe: discounts, repaired: true }])
  expect(await findingsOf(farebox)).toEqual([])
})
