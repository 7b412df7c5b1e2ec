import { describe, expect, it } from 'vitest'
import { day, minute } from '../../src/domain/instant.ts'
import { memoryStore } from '../../src/drivers/memory/index.ts'
import { migrate, postgresStore } from '../../src/drivers/postgres/index.ts'
import type { ConsumeOperation, UsageBucket, UsageOperation, UsageOutcome, UsageStore } from '../../src/ports/usage-store.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { createDatabase, openPool } from './databases.ts'
import { ownDatabase, readyClient } from './ready-database.ts'

const database = await ownDatabase()
const open = readyClient(() => openPool(database.url))

const start = Date.UTC(2026, 0, 31)
const gates = [{ id: '100/minute', limit: 100, period: minute, burst: 100 }]
const grant: UsageBucket = { id: 'grant:a', kind: 'grant', limit: 1, keepUntil: null }

function period(at: number, limit = 60): UsageBucket {
  return { id: `allowance:${at}`, kind: 'allowance', limit, keepUntil: start + (at + 60) * day }
}

function overage(at: number): UsageBucket {
  return { ...period(at), id: `overage:${at}`, kind: 'overage' }
}

function consumption(customer: string, changes: Partial<Omit<ConsumeOperation, 'verb'>> = {}): ConsumeOperation {
  const freshness = { version: 1, validFrom: 0, validUntil: null, loaded: true }
  const defaults = { customer, feature: 'f', amount: 1, key: null, keyFor: day, freshness, gates: [], buckets: [period(0)] }
  return { verb: 'consume', ...defaults, ...changes }
}

function reservation(customer: string, expiresIn: number): UsageOperation {
  const ending = { reservation: 'r', expiresIn, onExpiry: 'settle', overdraft: 0, overdraftBucket: overage(0) } as const
  return { ...consumption(customer, { amount: 3 }), ...ending, verb: 'reserve' }
}

/** Customers by what is the case with them when the next period begins. */
const customers = {
  plain: [consumption('plain', { amount: 5 })],
  'with a gate': [consumption('with a gate', { gates })],
  'with overage': [consumption('with overage', { amount: 70, buckets: [period(0), overage(0)] }), consumption('with overage', { buckets: [period(0), overage(0)] })],
  'with a grant that goes on': [consumption('with a grant that goes on', { amount: 2, buckets: [grant, period(0)] })],
  'with a name that is quoted': [consumption('with a name that is quoted', { buckets: [{ ...period(0), id: 'grant:"\\a"' }] })],
  'that holds': [reservation('that holds', 90 * day)],
  'that held until now': [reservation('that held until now', day)],
  'whose gate stood elsewhere': [consumption('whose gate stood elsewhere', { gates }), consumption('whose gate stood elsewhere')],
  'with a key': [consumption('with a key', { key: 'k' })],
  'with another feature': [consumption('with another feature'), consumption('with another feature', { feature: 'g' })],
  'whose version rose': [consumption('whose version rose')],
  'that was there before': [consumption('that was there before', { buckets: [period(30)] }), consumption('that was there before')],
  'that is refused': [consumption('that is refused')],
} satisfies Readonly<Record<string, readonly UsageOperation[]>>

type Name = keyof typeof customers
const names = Object.keys(customers) as readonly Name[]

/** What each asks for next. */
const special: Partial<Record<Name, Partial<Omit<ConsumeOperation, 'verb'>>>> = {
  'with a gate': { gates },
  'with overage': { buckets: [period(30), overage(30)] },
  'with a grant that goes on': { buckets: [grant, period(30)] },
  'with a name that is quoted': { buckets: [{ ...period(30), id: 'grant:"\\b"' }] },
  'with a key': { key: 'k' },
  'that is refused': { amount: 61 },
}

function nextOf(name: Name, freshness: ConsumeOperation['freshness']): UsageOperation {
  return consumption(name, { buckets: [period(30)], freshness, ...special[name] })
}

async function stateOf(store: UsageStore): Promise<unknown> {
  const buckets = ['allowance:0', 'overage:0', 'allowance:30', 'overage:30', 'grant:a', 'grant:"\\a"', 'grant:"\\b"']
  const read = await store.read(names.flatMap((customer) => ['f', 'g'].map((feature) => ({ customer, feature, buckets, gates }))))
  const history = await Promise.all(names.map(async (customer) => store.history({ customer, feature: 'f', from: 0, to: 60 })))
  return { read, history }
}

describe.each([
  { what: 'at once', later: 0, loaded: false },
  { what: 'by whom has read the records', later: 0, loaded: true },
  { what: 'when nobody has asked for an hour', later: 60 * minute, loaded: false },
  { what: 'when nobody has asked for an hour, by whom has read the records', later: 60 * minute, loaded: true },
  { what: 'after a month', later: 31 * day, loaded: true },
])('a period that begins for many customers in one call, $what', ({ later, loaded }) => {
  it('is counted as in memory', async () => {
    const clock = manualClock()
    const stores = [memoryStore({ clock }).usage, postgresStore({ client: open.client, clock }).usage]
    const perform = async (step: (store: UsageStore) => Promise<unknown>): Promise<void> => {
      const [expected, tried] = await Promise.all(stores.map(step))
      expect(tried).toEqual(expected)
    }
    await perform(async (store) => Promise.all(names.map(async (customer) => store.forget(customer))))
    for (const first of names) await perform(async (store) => store.execute(customers[first]))
    await perform(async (store) => store.raiseVersion('whose version rose', 2))
    clock.advance(later)
    const freshness = { version: 1, validFrom: 0, validUntil: null, loaded }
    const next = names.map((name) => nextOf(name, freshness))
    for (let time = 0; time < 3; time += 1) {
      await perform(async (store) => store.execute(next))
      await perform(stateOf)
    }
    // Back to where the period was not over, as a process does whose clock is late.
    await perform(async (store) => store.execute(names.map((name) => consumption(name, { freshness }))))
    await perform(stateOf)
  })
})

describe('nothing is looked at one by one', () => {
  it('when a period begins or nobody has asked for long, and a customer counts a further feature', async () => {
    const own = await createDatabase()
    const { client, close } = openPool(own.url)
    await migrate(client)
    const clock = manualClock()
    const store = postgresStore({ client, clock }).usage
    const many = Array.from({ length: 20 }, (_, index) => `many-${index}`)
    const kinds = async (changes: Partial<Omit<ConsumeOperation, 'verb'>>): Promise<ReadonlySet<UsageOutcome['kind']>> => {
      const outcomes = await store.execute(many.map((customer) => consumption(customer, changes)))
      return new Set(outcomes.map(({ kind }) => kind))
    }
    await client.query('alter function farebox.usage_take rename to usage_take_one')
    const taken = new Set(['taken'])
    const buckets = [period(30), overage(30)]
    expect(await kinds({ gates })).toEqual(taken)
    expect(await kinds({ gates, buckets })).toEqual(taken)
    clock.advance(60 * minute)
    expect(await kinds({ gates, buckets, key: 'k' })).toEqual(taken)
    expect(await kinds({ feature: 'g', amount: 2 })).toEqual(taken)
    await expect(kinds({ gates, buckets, key: 'k' })).rejects.toMatchObject({ cause: { message: expect.stringContaining('usage_take') } })
    await close()
    await own.drop()
  })
})
