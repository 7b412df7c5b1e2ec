import { memoryStore } from '@farebox/core/drivers/memory'
import { expect, it } from 'vitest'
import { type World, createWorld } from '../../../test/stripe/world.ts'
import type { Override } from '../../domain/grant.ts'
import type { RecordStore, RecordWrite } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { checkAccess } from '../decisions/check-access.ts'
import { changeEntitlements } from './change-entitlements.ts'

const customer = 'user_1'

function overrideWrite(id: string, plan: string, now: number): RecordWrite {
  const value: Override = { id, plan, effectiveAt: now, until: null, createdAt: now, voidedAt: null }
  return { collection: 'overrides', id, expect: 0, value }
}

const change = (context: Context, id: string, plan: string): Promise<unknown> =>
  changeEntitlements(context, customer, ({ now }) => ({ writes: [overrideWrite(id, plan, now)], result: undefined }))

it('gives each of many changes at once its own version, and loses none', async () => {
  const world = await createWorld()
  const processes = [world.process(), world.process(), world.process()]
  const changes = Array.from({ length: 60 }, (_, index) =>
    changeEntitlements(processes[index % 3] ?? world.process(), customer, ({ now }) => ({
      writes: [overrideWrite(`override_${index}`, 'pro', now)],
      result: index,
    })),
  )
  const versions = (await Promise.all(changes)).map(({ records }) => records.version).toSorted((one, other) => one - other)
  expect(versions).toEqual(Array.from({ length: 60 }, (_, index) => index + 2))
  const { rows } = await world.store.records.load(customer, ['customers', 'overrides'])
  expect(rows.overrides).toHaveLength(60)
  expect(rows.customers[0]?.value.version).toBe(61)
})

it('raises the marker before the commit, so that nobody decides by what is being replaced', async () => {
  const world = await createWorld()
  const order: string[] = []
  const { usage, records } = world.store
  const farebox = world.process({
    store: {
      usage: { ...usage, raiseVersion: async (id, version) => {
        order.push(`raise ${version}`)
        await usage.raiseVersion(id, version)
      } },
      records: { ...records, commit: async (id, writes) => {
        order.push(`commit ${writes.map(({ collection }) => collection).join(' ')}`)
        return records.commit(id, writes)
      } },
    },
  })
  await changeEntitlements(farebox, customer, ({ now }) => ({ writes: [overrideWrite('gift', 'pro', now)], result: undefined }))
  expect(order).toEqual(['commit customers', 'raise 2', 'commit customers overrides'])
})

const markerIn = async ({ store }: World): Promise<number | null | undefined> =>
  (await store.usage.read([{ customer, feature: '', buckets: [], gates: [] }]))[0]?.marker

it('leaves no marker below what is committed where the commit was long on its way, and an older one came meanwhile', async () => {
  const world = await createWorld()
  const quick = world.process()
  await changeEntitlements(quick, customer, ({ now }) => ({ writes: [overrideWrite('gift', 'pro', now)], result: undefined }))
  const { usage, records } = world.store
  const commit: typeof records.commit = async (id, writes) => {
    world.simulator.clock.advance({ hours: 1 })
    expect(await checkAccess(quick, { customer, feature: 'exports' })).toMatchObject({ plan: 'pro' })
    expect(await markerIn(world)).toBe(2)
    return records.commit(id, writes)
  }
  const slow = world.process({ store: { usage, records: { ...records, commit } } })
  await changeEntitlements(slow, customer, ({ now }) => ({ writes: [overrideWrite('late', 'team', now)], result: undefined }))
  expect(await markerIn(world)).toBe(3)
})

it('leaves no marker below what is committed where a reader was suspended until the higher one had expired', async () => {
  const world = await createWorld()
  const quick = world.process()
  await changeEntitlements(quick, customer, ({ now }) => ({ writes: [overrideWrite('gift', 'pro', now)], result: undefined }))
  const { usage, records } = world.store
  let isSuspended = true
  const load: typeof records.load = async (...of) => {
    const reading = await records.load(...of)
    if (isSuspended) {
      isSuspended = false
      await changeEntitlements(quick, customer, ({ now }) => ({ writes: [overrideWrite('better', 'team', now)], result: undefined }))
      world.simulator.clock.advance({ hours: 1 })
    }
    return reading
  }
  const slow = world.process({ store: { usage, records: { ...records, load } } })
  expect(await checkAccess(slow, { customer, feature: 'exports' })).toMatchObject({ plan: 'team' })
  expect(await markerIn(world)).toBe(3)
})

it('leaves no marker below what is committed where it was held up until the higher one had expired', async () => {
  const world = await createWorld()
  const quick = world.process()
  await changeEntitlements(quick, customer, ({ now }) => ({ writes: [overrideWrite('gift', 'pro', now)], result: undefined }))
  const slow = world.process()
  await changeEntitlements(slow, customer, async ({ now, records }) => {
    if (records.version > 2) return { writes: null, result: undefined }
    await changeEntitlements(quick, customer, () => ({ writes: [overrideWrite('again', 'pro', now)], result: undefined }))
    await changeEntitlements(quick, customer, () => ({ writes: [overrideWrite('further', 'pro', now)], result: undefined }))
    world.simulator.clock.advance({ hours: 1 })
    return { writes: [overrideWrite('late', 'team', now)], result: undefined }
  })
  expect(await markerIn(world)).toBe(4)
})

it('raises no marker above what is committed for a change that somebody else was faster than', async () => {
  const world = await createWorld()
  const [slow, quick] = [world.process(), world.process()]
  await changeEntitlements(slow, customer, async ({ now, records }) => {
    if (records.version > 1) return { writes: null, result: undefined }
    await changeEntitlements(quick, customer, () => ({ writes: [overrideWrite('gift', 'pro', now)], result: undefined }))
    return { writes: [overrideWrite('late', 'team', now)], result: undefined }
  })
  expect(await markerIn(world)).toBe(2)
})

it('gives the version of a change that failed halfway to no other', async () => {
  const world = await createWorld()
  const { usage, records } = world.store
  const failing = world.process({ store: { usage, records: { ...records, commit: (id, writes) => {
    if (writes.length > 1) throw new Error('The connection was lost')
    return records.commit(id, writes)
  } } } })
  await expect(change(failing, 'gift', 'pro')).rejects.toThrow('lost')
  expect(await markerIn(world)).toBe(2)
  expect(await change(world.process(), 'gift', 'team')).toMatchObject({ records: { version: 3 } })
  expect(await markerIn(world)).toBe(3)
})

it('makes a new version of an empty change, and none where there is nothing to change', async () => {
  const world = await createWorld()
  const farebox = world.process()
  expect(await changeEntitlements(farebox, customer, () => ({ writes: [], result: 'x' }))).toMatchObject({ changed: true, records: { version: 2 }, result: 'x' })
  expect(await changeEntitlements(farebox, customer, () => ({ writes: null, result: 'y' }))).toMatchObject({ changed: false, records: { version: 2 }, result: 'y' })
})

it('knows the new records without reading them again, and tells when the governing plan changed', async () => {
  const world = await createWorld()
  const farebox = world.process()
  farebox.events.on('plan.changed', () => undefined)
  const { records } = await changeEntitlements(farebox, customer, ({ now }) => ({ writes: [overrideWrite('gift', 'pro', now)], result: undefined }))
  expect(farebox.cache.find(customer)).toBe(records)
  expect(records.overrides).toHaveLength(1)
  await changeEntitlements(farebox, customer, ({ now }) => ({ writes: [overrideWrite('again', 'pro', now)], result: undefined }))
  const { rows } = await world.store.records.load(customer, ['outbox', 'overrides'])
  expect(rows.overrides.map(({ value }) => value)).toEqual(farebox.cache.find(customer)?.overrides)
  expect(rows.outbox.map(({ value }) => value.payload)).toEqual([
    { event: { id: `user_1:2:0:${world.clock.now()}`, name: 'plan.changed', customer, data: { from: 'free', to: 'pro' } } },
  ])
})

it('writes nothing at all when the store refuses one of the rows for good', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const first = changeEntitlements(farebox, customer, ({ now }) => ({ writes: [overrideWrite('gift', 'pro', now)], result: undefined }))
  await first
  await expect(
    changeEntitlements(farebox, customer, ({ now }) => ({ writes: [overrideWrite('gift', 'team', now)], result: undefined })),
  ).rejects.toMatchObject({ code: 'conflict' })
  const { rows } = await world.store.records.load(customer, ['overrides', 'customers'])
  expect(rows.overrides.map(({ value }) => value.plan)).toEqual(['pro'])
  expect(rows.customers[0]?.value.version).toBe(2)
})

it.each([1, 2, 3])('lets nobody go on by what is lost where records are restored beside counters that live on, from %i commits ago', async (lost) => {
  const world = await createWorld()
  const { usage } = world.store
  const restored = memoryStore({ clock: world.clock }).records
  let isRestored = false
  const records: RecordStore = {
    ...world.store.records,
    load: (...of) => (isRestored ? restored : world.store.records).load(...of),
    commit: (...of) => (isRestored ? restored : world.store.records).commit(...of),
  }
  const [one, other] = [world.process({ store: { usage, records } }), world.process({ store: { usage, records } })]
  for (let commits = 0; commits < lost; commits += 1) await change(one, `lost_${commits}`, 'pro')
  expect(await checkAccess(other, { customer, feature: 'exports' })).toMatchObject({ plan: 'pro' })
  isRestored = true
  await change(one, 'kept', 'team')
  expect(await checkAccess(other, { customer, feature: 'exports' })).toMatchObject({ plan: 'team' })
  expect(one.cache.find(customer)?.version).toBe(await markerIn(world))
})
