import { type Catalog, type Decision, type Farebox, type RecordStore, createFarebox, defineCatalog, seats, toggle, unlimited, usd } from '@farebox/core'
import { manualClock } from '@farebox/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Place, storeHarnesses } from './harnesses.ts'

const catalog = defineCatalog({
  features: { seats: seats(), guests: seats(), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { seats: 1 } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { seats: 5, guests: 2 } },
    max: { name: 'Max', prices: { month: usd('99') }, features: { seats: unlimited(), guests: 20 } },
  },
})

const tried = new Set(['memory', 'postgres over pg', 'postgres over PGlite', 'sqlite over better-sqlite3', 'sqlite over libsql'])

for (const harness of storeHarnesses.filter(({ name }) => tried.has(name))) {
  describe(`seats on ${harness.name}`, () => {
    let place: Place
    beforeAll(async () => void (place = await harness.open()))
    afterAll(async () => place.close())

    /** Two processes on one store, and a customer of their own. */
    function begin() {
      const clock = manualClock()
      const store = place.storeWith(clock)
      const create = (): Farebox<typeof catalog> => createFarebox({ catalog, store, clock })
      return { clock, store, customer: crypto.randomUUID(), processes: [create(), create()] as const }
    }

    it('are held until they are given back, and never by more members than the plan has seats', async () => {
      const { clock, customer, processes: [farebox] } = begin()
      await farebox.override({ customer, plan: 'pro', until: null })
      expect(await farebox.assignSeat({ customer, feature: 'guests', member: 'ann' })).toMatchObject({
        allowed: true, reason: 'allowed', repeated: false, limit: 2, used: 1, remaining: 1, plan: 'pro', requiredPlans: ['pro', 'max'],
      })
      clock.advance(1000)
      expect(await farebox.assignSeat({ customer, feature: 'guests', member: 'ben' })).toMatchObject({ allowed: true, used: 2, remaining: 0 })
      expect(await farebox.assignSeat({ customer, feature: 'guests', member: 'ann' })).toMatchObject({ allowed: true, repeated: true, used: 2, remaining: 0 })
      expect(await farebox.assignSeat({ customer, feature: 'guests', member: 'cleo' })).toMatchObject({
        allowed: false, reason: 'quota-exceeded', repeated: false, limit: 2, used: 2, remaining: 0, resetsAt: null, lift: { plan: 'max', limit: 20 },
      })
      const at = (later: number): string => new Date(clock.now() - 1000 + later).toISOString()
      expect(await farebox.seats({ customer })).toEqual({
        seats: {
          seats: { used: 0, limit: 5, remaining: 5, members: [] },
          guests: { used: 2, limit: 2, remaining: 0, members: [{ member: 'ann', since: at(0) }, { member: 'ben', since: at(1000) }] },
        },
      })
      expect(await farebox.check({ customer, feature: 'guests' })).toMatchObject({ allowed: true, limit: 2, used: 2, remaining: 0 })
      expect(await farebox.releaseSeat({ customer, feature: 'guests', member: 'ann' })).toEqual({ kind: 'released' })
      expect(await farebox.releaseSeat({ customer, feature: 'guests', member: 'ann' })).toEqual({ kind: 'ended' })
      expect(await farebox.assignSeat({ customer, feature: 'guests', member: 'cleo' })).toMatchObject({ allowed: true, used: 2 })
    })

    it('keep who holds one when the plan gets smaller, and take nobody new until there is room', async () => {
      const { customer, processes: [farebox] } = begin()
      await farebox.override({ customer, plan: 'max', until: null })
      for (const member of ['a', 'b', 'c']) {
        expect(await farebox.assignSeat({ customer, feature: 'seats', member })).toMatchObject({ allowed: true, limit: null, remaining: null })
      }
      await farebox.endOverride({ customer, key: 'max' })
      expect((await farebox.seats({ customer })).seats['seats']).toMatchObject({ used: 3, limit: 1, remaining: 0, members: [{}, {}, {}] })
      const refused = { allowed: false, reason: 'quota-exceeded', limit: 1, used: 3, remaining: 0, lift: { plan: 'pro', limit: 5 } }
      expect(await farebox.assignSeat({ customer, feature: 'seats', member: 'd' })).toMatchObject(refused)
      expect(await farebox.assignSeat({ customer, feature: 'seats', member: 'b' })).toMatchObject({ allowed: true, repeated: true, used: 3 })
      for (const member of ['a', 'b']) await farebox.releaseSeat({ customer, feature: 'seats', member })
      expect(await farebox.assignSeat({ customer, feature: 'seats', member: 'd' })).toMatchObject({ ...refused, used: 1 })
      await farebox.releaseSeat({ customer, feature: 'seats', member: 'c' })
      expect(await farebox.assignSeat({ customer, feature: 'seats', member: 'd' })).toMatchObject({ allowed: true, used: 1 })
      expect(await farebox.assignSeat({ customer, feature: 'guests', member: 'd' })).toMatchObject({
        allowed: false, reason: 'plan-required', limit: 0, lift: { plan: 'pro', limit: 2 },
      })
    })

    it('are sold out exactly by two processes at once, while others give theirs back', async () => {
      const { customer, processes } = begin()
      await processes[0].override({ customer, plan: 'pro', until: null })
      const race = async (members: readonly string[]): Promise<readonly Decision[]> =>
        Promise.all(members.map(async (member, index) => (processes[index % 2] ?? processes[0]).assignSeat({ customer, feature: 'seats', member })))
      const members = Array.from({ length: 12 }, (_, index) => `member-${index}`)
      const decisions = await race([...members, ...members])
      expect(decisions.filter(({ allowed, repeated }) => allowed && !repeated)).toHaveLength(5)
      expect(await heldBy(processes[1], customer)).toHaveLength(5)
      const [first, second] = await heldBy(processes[0], customer)
      const [released] = await Promise.all([
        Promise.all([first, first, second].map(async (member) => processes[1].releaseSeat({ customer, feature: 'seats', member: member ?? '' }))),
        race(members),
      ])
      expect(released.filter(({ kind }) => kind === 'released').length).toBeGreaterThanOrEqual(2)
      await race(members)
      const held = await heldBy(processes[0], customer)
      expect(held).toHaveLength(5)
      expect(new Set(held).size).toBe(5)
    })

    it('are never given by a plan that ended while it was asked', async () => {
      const { customer, clock, store, processes: [farebox] } = begin()
      await farebox.override({ customer, plan: 'pro', until: null })
      await farebox.assignSeat({ customer, feature: 'seats', member: 'ann' })
      let commits = 0
      const records: RecordStore = {
        label: store.records.label,
        load: (...asked) => store.records.load(...asked),
        find: (query) => store.records.find(query),
        forget: (id) => store.records.forget(id),
        async commit(id, writes) {
          commits += 1
          if (commits === 1) await farebox.endOverride({ customer, key: 'pro' })
          return store.records.commit(id, writes)
        },
      }
      const slow = createFarebox({ catalog, store: { usage: store.usage, records }, clock })
      expect(await slow.assignSeat({ customer, feature: 'seats', member: 'ben' })).toMatchObject({ allowed: false, plan: 'free', limit: 1, used: 1 })
      expect(commits).toBe(1)
      expect(await heldBy(farebox, customer)).toEqual(['ann'])
      expect((await farebox.snapshot({ customer })).plan).toBe('free')
    })
  })
}

it('are given back also where the catalog no longer has their feature, and no other seat is taken for them', async () => {
  const memory = storeHarnesses.find(({ name }) => name === 'memory')
  const place = await memory?.open()
  if (place === undefined) throw new Error('No store in memory')
  const store = place.storeWith()
  const customer = 'user_1'
  const former: Farebox = createFarebox<Catalog>({
    store,
    catalog: defineCatalog({ features: { seats: seats(), desks: seats() }, plans: { free: { name: 'Free', default: true, features: { seats: 2, desks: 2 } } } }),
  })
  for (const member of ['ann', 'x:ben']) await former.assignSeat({ customer, feature: 'desks' as never, member })
  const farebox: Farebox = createFarebox<Catalog>({ catalog, store })
  expect((await farebox.seats({ customer })).seats['desks']).toMatchObject({ used: 2, limit: 0, remaining: 0, members: [{ member: 'ann' }, { member: 'x:ben' }] })
  const release = async (feature: string, member: string): Promise<unknown> => farebox.releaseSeat({ customer, feature: feature as never, member })
  await expect(release('desks:x', 'ben')).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path: 'feature' }] })
  expect(await release('desks', 'ann')).toEqual({ kind: 'released' })
  expect(await release('desks', 'x:ben')).toEqual({ kind: 'released' })
  await expect(release('desks', 'ann')).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path: 'feature' }] })
  expect((await farebox.seats({ customer })).seats).not.toHaveProperty('desks')
  expect(await former.assignSeat({ customer, feature: 'desks' as never, member: 'cleo' })).toMatchObject({ allowed: true, used: 1 })
  await place.close()
})

it('are refused where there are none, with what is wrong', async () => {
  const memory = storeHarnesses.find(({ name }) => name === 'memory')
  const place = await memory?.open()
  if (place === undefined) throw new Error('No store in memory')
  const farebox: Farebox = createFarebox<Catalog>({ catalog, store: place.storeWith() })
  for (const [request, path] of [
    [{ customer: 'a', feature: 'exports', member: 'm' }, 'feature'],
    [{ customer: 'a', feature: 'constructor', member: 'm' }, 'feature'],
    [{ customer: 'a', feature: 'seats', member: '' }, 'member'],
    [{ customer: '', feature: 'seats', member: 'm' }, 'customer'],
  ] as const) {
    for (const verb of ['assignSeat', 'releaseSeat'] as const) {
      await expect(farebox[verb]({ ...request, feature: request.feature as never })).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path }] })
    }
  }
  expect(await farebox.releaseSeat({ customer: 'nobody', feature: 'seats' as never, member: 'm' })).toEqual({ kind: 'ended' })
  expect(await farebox.findCustomer({ customer: 'nobody' })).toBeUndefined()
})

async function heldBy(farebox: Farebox<typeof catalog>, customer: string): Promise<readonly string[]> {
  return (await farebox.seats({ customer })).seats['seats']?.members.map(({ member }) => member) ?? []
}
