import type pg from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'
import type { BucketState } from '../../src/domain/decision.ts'
import { day, minute } from '../../src/domain/instant.ts'
import { postgresStore } from '../../src/drivers/postgres/index.ts'
import type { ConsumeOperation, UsageBucket, UsageOperation, UsageOutcome, UsageStore } from '../../src/ports/usage-store.ts'
import { type ManualClock, manualClock } from '../../src/testing/manual-clock.ts'
import { openPool } from './databases.ts'
import { ownDatabase, readyClient } from './ready-database.ts'

const database = await ownDatabase()
const open = readyClient(() => openPool(database.url))

const allowance: UsageBucket = { id: 'allowance:0', kind: 'allowance', limit: 60, keepUntil: null }
const grant: UsageBucket = { id: 'grant:a', kind: 'grant', limit: 7, keepUntil: null }

function consumption(customer: string, changes: Partial<Omit<ConsumeOperation, 'verb'>> = {}): ConsumeOperation {
  const freshness = { version: 1, validFrom: 0, validUntil: null, loaded: true }
  const defaults = { customer, feature: 'f', amount: 1, key: null, keyFor: day, freshness, gates: [], buckets: [allowance] }
  return { verb: 'consume', ...defaults, ...changes }
}

function counter(used: number, reserved: number): readonly BucketState[] {
  return [{ id: allowance.id, used, reserved }]
}

/** Ways that a consumption may be counted: alone in one row, in a batch at one go, and one by one where something else is met. */
const ways: readonly { readonly way: string; readonly beside: (customer: string) => readonly UsageOperation[] }[] = [
  { way: 'alone', beside: () => [] },
  { way: 'in a batch', beside: (customer) => [consumption(`${customer} neighbour`)] },
  { way: 'beside what is looked at by itself', beside: (customer) => [{ verb: 'settle', customer: `${customer} neighbour`, feature: 'f', reservation: 'none', amount: 1 }] },
]

describe.each(ways)('a consumption $way', ({ way, beside }) => {
  let clock: ManualClock
  let store: UsageStore
  let customer = ''

  async function count(changes: Partial<Omit<ConsumeOperation, 'verb'>> = {}): Promise<UsageOutcome | undefined> {
    const [outcome] = await store.execute([consumption(customer, changes), ...beside(customer)])
    return outcome
  }

  async function begin(name: string, buckets: readonly UsageBucket[]): Promise<void> {
    clock = manualClock()
    store = postgresStore({ client: open.client, clock }).usage
    customer = `${way}: ${name}`
    await store.execute([consumption(customer, { buckets }), consumption(`${customer} neighbour`)])
  }

  async function reserve(amount: number): Promise<void> {
    const ending = { reservation: 'r', expiresIn: minute, onExpiry: 'release', overdraft: 0, overdraftBucket: allowance } as const
    await store.execute([{ ...consumption(customer, { amount }), ...ending, verb: 'reserve' }])
    await forgetWhatWasMet()
  }

  /** From here on the short way is taken again. */
  async function forgetWhatWasMet(): Promise<void> {
    await store.execute([consumption(`${customer} neighbour`)])
    await store.execute([consumption(`${customer} neighbour`)])
  }

  it('is refused what is held', async () => {
    await begin('held', [allowance])
    await reserve(50)
    expect(await count({ amount: 10 })).toMatchObject({ kind: 'refused', by: 'bucket' })
    expect(await count({ amount: 9 })).toMatchObject({ kind: 'taken', buckets: [{ used: 10, reserved: 50 }] })
    expect(await count()).toMatchObject({ kind: 'refused', by: 'bucket' })
  })

  it('ends what has expired before it counts', async () => {
    await begin('expired', [allowance])
    await reserve(20)
    clock.advance(minute)
    expect(await count()).toMatchObject({ kind: 'taken', buckets: [{ used: 2, reserved: 0 }] })
  })

  it('draws in burn order again when something came back', async () => {
    const buckets = [grant, allowance]
    await begin('burn order', buckets)
    await count({ amount: 6, buckets })
    expect(await count({ buckets })).toMatchObject({ drawn: [{ bucket: 'allowance:0', amount: 1 }] })
    const target = { by: 'drawn', drawn: [{ bucket: 'grant:a', kind: 'grant', amount: 2 }] } as const
    await store.execute([{ verb: 'release', customer, feature: 'f', target }])
    await store.execute([consumption(`${customer} neighbour`)])
    expect(await count({ buckets })).toMatchObject({ drawn: [{ bucket: 'grant:a', amount: 1 }], buckets: [{ used: 6 }, { used: 1 }] })
  })

  it('remembers its key, with two gates and several buckets too, until that is over', async () => {
    const gates = ['100/minute', '1000/hour'].map((id) => ({ id, limit: 100, period: minute, burst: 100 }))
    for (const asked of [{ buckets: [allowance] }, { buckets: [grant, allowance], gates }]) {
      await begin(`key ${asked.buckets.length}`, asked.buckets)
      await count(asked)
      const key = 'k'
      const first = await count({ ...asked, key, amount: 2 })
      expect(first).toMatchObject({ kind: 'taken', repeated: false, keyUntil: clock.now() + day })
      clock.advance(minute)
      const { drawn, keyUntil } = first?.kind === 'taken' ? first : {}
      expect(await count({ ...asked, key, amount: 2 })).toMatchObject({ kind: 'taken', repeated: true, drawn, keyUntil })
      expect(await count({ ...asked, key })).toMatchObject({ kind: 'conflict' })
      expect(await count({ ...asked, key: 'other', amount: 70 })).toMatchObject({ kind: 'refused' })
      clock.advance(day)
      await store.execute([consumption(customer, asked), consumption(`${customer} neighbour`)])
      expect(await count({ ...asked, key })).toMatchObject({ kind: 'taken', repeated: false })
    }
  })

  it('remembers under its key which bucket paid, and gives back to that one', async () => {
    const buckets = [grant, allowance]
    await begin('payer', buckets)
    await count({ amount: 6, buckets })
    await count({ buckets })
    await forgetWhatWasMet()
    const drawn = [{ bucket: 'allowance:0', kind: 'allowance', amount: 2 }]
    expect(await count({ buckets, key: 'k', amount: 2 })).toMatchObject({ repeated: false, drawn })
    expect(await count({ buckets, key: 'k', amount: 2 })).toMatchObject({ repeated: true, drawn })
    await store.execute([{ verb: 'release', customer, feature: 'f', target: { by: 'key', key: 'k' } }])
    const [reading] = await store.read([{ customer, feature: 'f', buckets: ['grant:a', 'allowance:0'], gates: [] }])
    expect(reading?.buckets).toMatchObject([{ used: 7 }, { used: 1 }])
  })

  it('remembers no key of what it refuses', async () => {
    await begin('refused', [allowance])
    await forgetWhatWasMet()
    expect(await count({ key: 'k', amount: 60 })).toMatchObject({ kind: 'refused', by: 'bucket' })
    await forgetWhatWasMet()
    expect(await count({ key: 'k', amount: 60, buckets: [{ ...allowance, limit: 100 }] })).toMatchObject({ kind: 'taken', repeated: false })
  })

  it('counts a key once that the call names twice, also for another feature or amount', async () => {
    await begin('twice', [allowance])
    await store.execute([consumption(customer, { feature: 'g' })])
    const twice = async (key: string, other: Partial<Omit<ConsumeOperation, 'verb'>>): Promise<readonly (string | boolean)[]> => {
      await forgetWhatWasMet()
      const asked = [consumption(customer, { key }), consumption(customer, { key, ...other }), ...beside(customer)]
      const outcomes = (await store.execute(asked)).slice(0, 2)
      return outcomes.map((outcome) => (outcome.kind === 'taken' ? outcome.repeated : outcome.kind))
    }
    expect(await twice('same', {})).toEqual([false, true])
    expect(await twice('feature', { feature: 'g' })).toEqual([false, 'conflict'])
    expect(await twice('amount', { amount: 2 })).toEqual([false, 'conflict'])
    const [reading] = await store.read([{ customer, feature: 'f', buckets: ['allowance:0'], gates: [] }])
    expect(reading?.buckets[0]?.used).toBe(4)
  })
})

describe('reservations', () => {
  const ending = { expiresIn: minute, onExpiry: 'release', overdraft: 5, overdraftBucket: { ...allowance, id: 'overdraft:0', kind: 'overage', limit: null } } as const
  const clock = manualClock()
  let asked: string[] = []
  let store: UsageStore
  let number = 0

  beforeEach(() => {
    asked = []
    const client = {
      connect: async () => undefined,
      totalCount: 0,
      query: async (query: pg.QueryConfig): Promise<pg.QueryResult> => {
        asked.push(query.name ?? '')
        return open.client.query(query)
      },
    }
    store = postgresStore({ client, clock }).usage
  })

  function reserve(customer: string, amount: number, changes: Partial<Omit<ConsumeOperation, 'verb'>> = {}): UsageOperation {
    return { ...consumption(customer, { amount, ...changes }), ...ending, verb: 'reserve', reservation: `held ${(number += 1)}` }
  }

  function settle(customer: string, amount: number, reservation = `held ${number}`): UsageOperation {
    return { verb: 'settle', customer, feature: 'f', reservation, amount }
  }

  async function tell(...operations: readonly UsageOperation[]): Promise<readonly UsageOutcome[]> {
    asked = []
    return store.execute(operations)
  }

  it('are held and settled in one statement, for several customers and several of one too', async () => {
    await store.execute(['held a', 'held b'].map((customer) => consumption(customer)))
    const gates = [{ id: '100/minute', limit: 100, period: minute, burst: 100 }]
    await store.execute([consumption('held b', { gates })])
    expect(await tell(reserve('held a', 40))).toMatchObject([{ kind: 'taken', buckets: counter(1, 40), reservation: `held ${number}`, expiresAt: clock.now() + minute }])
    const [first, next] = [settle('held a', 30), reserve('held a', 20)]
    expect(await tell(first, next, reserve('held b', 10, { gates }))).toMatchObject([
      { kind: 'ended', amount: 30, repeated: false, drawn: [{ bucket: 'allowance:0', kind: 'allowance', amount: 30 }] },
      { kind: 'taken', buckets: counter(31, 20), drawn: [{ bucket: 'allowance:0', amount: 20 }] },
      { kind: 'taken', buckets: counter(2, 10), gates: [{ id: '100/minute', remaining: 98 }] },
    ])
    expect(asked).toEqual(['farebox_usage_hold'])
    expect(await tell(first)).toMatchObject([{ kind: 'ended', amount: 30, repeated: true }])
    expect(await tell(next)).toMatchObject([{ kind: 'conflict' }])
    expect(asked).toEqual(['farebox_usage_hold', 'farebox_usage_execute'])
  })

  it('change nothing where one of them is otherwise, and are looked at one by one', async () => {
    await store.execute([consumption('held c')])
    const held = reserve('held c', 10)
    await tell(held)
    const id = `held ${number}`
    expect(await tell(settle('held c', 15, id), reserve('held c', 45))).toMatchObject([
      { kind: 'ended', drawn: [{ bucket: 'allowance:0', amount: 15 }] },
      { kind: 'refused', by: 'bucket', buckets: [{ used: 16, reserved: 0 }] },
    ])
    await tell(reserve('held c', 10))
    clock.advance(minute)
    expect(await tell(reserve('held c', 44))).toMatchObject([{ kind: 'taken', buckets: [{ used: 16, reserved: 44 }] }])
    expect(await tell(settle('held c', 0))).toMatchObject([{ kind: 'ended', drawn: [] }])
    expect(await tell(settle('held c', 1, 'nobody knows'))).toMatchObject([{ kind: 'unknown', as: null }])
    const grants = [grant, allowance]
    await tell(reserve('held c', 10, { buckets: grants }))
    expect(await tell(settle('held c', 9))).toMatchObject([{ kind: 'ended', drawn: [{ bucket: 'grant:a', amount: 7 }, { bucket: 'allowance:0', amount: 2 }] }])
  })

  it('pass every gate, however many there are', async () => {
    const gates = [100, 50, 2].map((limit) => ({ id: `${limit}/minute`, limit, period: minute, burst: limit }))
    const kinds: (string | undefined)[] = []
    for (let count = 0; count < 4; count += 1) kinds.push(...(await tell(reserve('held f', 1, { gates }))).map(({ kind }) => kind))
    expect(kinds).toEqual(['taken', 'taken', 'refused', 'refused'])
  })

  it('go beside consumptions of other customers, which keep their own short way', async () => {
    await store.execute([consumption('held d'), consumption('held e')])
    await store.execute([consumption('held d'), consumption('held e')])
    expect(await tell(reserve('held d', 3), consumption('held e'))).toMatchObject([{ kind: 'taken' }, { kind: 'taken', buckets: [{ used: 3 }] }])
    expect(asked).toEqual(['farebox_usage_hold', 'farebox_usage_count'])
  })
})
