import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { memoryStore } from '../../src/drivers/memory/index.ts'
import { stripePayments } from '../../src/drivers/stripe/index.ts'
import { allowance, createFarebox, defineCatalog, metered, usd } from '../../src/index.ts'
import type { Store } from '../../src/ports/store.ts'
import { type World, createWorld, sessionOf, webhookSecret } from '../stripe/world.ts'
import { createMigratedDatabase } from './harnesses.ts'
import { type StoreAddress, connect } from './store-address.ts'

const customer = 'user_1'
const feature = 'apiCalls'
const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month') } },
    team: { name: 'Team', prices: { month: usd('99') }, features: { apiCalls: allowance(5000).per('month') } },
  },
})

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

/** A database, and a copy of it as it is when it is asked for. */
interface Copied {
  readonly address: StoreAddress
  copy(): Promise<StoreAddress>
}

const databases: Readonly<Record<string, () => Promise<Copied>>> = {
  async postgres() {
    const server = inject('postgresUrl') ?? ''
    const original = await createMigratedDatabase(server)
    open.push(original.remove)
    const name = new URL(original.url).pathname.slice(1)
    return {
      address: { kind: 'postgres', client: 'pg', url: original.url },
      async copy() {
        const admin = new pg.Client(server)
        await admin.connect()
        await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
        await admin.query(`create database ${name}_copy template ${name} strategy file_copy`)
        open.push(async () => {
          await admin.query(`drop database ${name}_copy with (force)`)
          await admin.end()
        })
        return { kind: 'postgres', client: 'pg', url: `${original.url}_copy` }
      },
    }
  },
  async sqlite() {
    const folder = await mkdtemp(join(tmpdir(), 'farebox-restore-'))
    open.push(async () => rm(folder, { recursive: true, force: true }))
    const file = join(folder, 'original.db')
    return {
      address: { kind: 'sqlite', client: 'better-sqlite3', file },
      async copy() {
        const source = new Database(file, { readonly: true })
        const copied = join(folder, 'copy.db')
        await source.backup(copied)
        source.close()
        return { kind: 'sqlite', client: 'better-sqlite3', file: copied }
      },
    }
  },
}

async function openStore(world: World, address: StoreAddress): Promise<Store> {
  const connection = await connect(address)
  open.push(async () => connection.close())
  return connection.storeWith(world.clock)
}

function start(world: World, store: Store) {
  const payments = stripePayments({ client: world.client, webhookSecret, mode: 'test' })
  return createFarebox({ catalog, store, payments, clock: world.clock, appUrl: 'http://localhost:8787' })
}

describe.each(Object.entries(databases))('%s that comes back from an earlier copy', (_, create) => {
  it('grants nothing twice, has what Stripe has, and takes no claims of the lost time', async () => {
    const world = await createWorld()
    const database = await create()
    const before = start(world, await openStore(world, database.address))
    const { url } = await before.checkout({ customer, plan: 'pro', interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' })
    world.simulator.completeCheckout(sessionOf(url))
    await before.converge({ customer })
    await before.grant({ customer, feature, amount: 10, key: 'welcome' })
    await before.consume({ customer, feature, amount: 7, idempotencyKey: 'yesterday' })
    const earlier = await before.snapshot({ customer })

    const copy = await database.copy()

    await before.consume({ customer, feature, amount: 20, idempotencyKey: 'today' })
    await before.grant({ customer, feature, amount: 30, key: 'pack-1' })
    await before.override({ customer, plan: 'team', until: null })
    await before.voidGrant({ customer, key: 'welcome' })
    const lostClaims = await before.planClaims({ customer })
    expect(lostClaims.plan).toBe('team')

    const after = start(world, await openStore(world, copy))
    expect(await after.consume({ customer, feature, planClaims: lostClaims, amount: 1000 })).toMatchObject({ allowed: false, limit: 510 })
    const [first, second] = [await after.converge({ customer }), await after.converge({ customer })]
    expect([first.kind, second.kind]).toEqual(['applied', 'applied'])
    expect(await after.snapshot({ customer })).toMatchObject({ plan: 'pro', status: earlier.status, usage: earlier.usage })
    const { data: subscriptions } = await world.client.subscriptions.list()
    expect(subscriptions).toHaveLength(1)

    for (let repeat = 0; repeat < 2; repeat += 1) {
      await after.grant({ customer, feature, amount: 10, key: 'welcome' })
      await after.grant({ customer, feature, amount: 30, key: 'pack-1' })
    }
    const { grants } = await after.snapshot({ customer })
    expect(grants.map(({ amount }) => amount).toSorted((one, other) => one - other)).toEqual([10, 30])
    expect(await after.consume({ customer, feature, amount: 7, idempotencyKey: 'yesterday' })).toMatchObject({ allowed: true, repeated: true })
    expect(await after.consume({ customer, feature, amount: 20, idempotencyKey: 'today' })).toMatchObject({ allowed: true, repeated: false, limit: 540 })
  })

  it('gives no event the id of a lost one', async () => {
    const world = await createWorld()
    const database = await create()
    const before = start(world, await openStore(world, database.address))
    await before.ensureCustomer({ customer })
    const after = start(world, await openStore(world, await database.copy()))
    const ids: string[] = []
    for (const farebox of [before, after]) {
      farebox.on('plan.changed', ({ id }) => void ids.push(id))
      await farebox.override({ customer, plan: 'team', until: null })
      world.simulator.clock.advance({ minutes: 5 })
    }
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(2)
  })

  it('beside counters that lived on, who pays then is refused in no process, begun anew or not, whatever the claims', async () => {
    const world = await createWorld()
    const database = await create()
    const { usage } = memoryStore({ clock: world.clock })
    const original = await openStore(world, database.address)
    let present = original.records
    const before = start(world, { usage, records: {
      label: present.label,
      load: (...of) => present.load(...of),
      commit: (...of) => present.commit(...of),
      find: (...of) => present.find(...of),
      forget: (...of) => present.forget(...of),
    } })
    await before.ensureCustomer({ customer })
    const { records } = await openStore(world, await database.copy())
    // The marker is left far above what the copy has.
    for (let time = 0; time < 3; time += 1) {
      await before.override({ customer, plan: 'team', until: null, key: `gift-${time}` })
      await before.endOverride({ customer, key: `gift-${time}` })
    }
    expect(await before.consume({ customer, feature })).toMatchObject({ plan: 'free' })
    const lostClaims = await before.planClaims({ customer })

    present = records
    const after = start(world, { usage, records })
    const { url } = await after.checkout({ customer, plan: 'pro', interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' })
    world.simulator.completeCheckout(sessionOf(url))
    await after.converge({ customer })
    const planClaims = await after.planClaims({ customer })
    for (const farebox of [before, after, start(world, { usage, records })]) {
      for (const claims of [undefined, planClaims, lostClaims, undefined]) {
        expect(await farebox.consume({ customer, feature, ...(claims && { planClaims: claims }) })).toMatchObject({ allowed: true, plan: 'pro' })
      }
    }
  })
})
