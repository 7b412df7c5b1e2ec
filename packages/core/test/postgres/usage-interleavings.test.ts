import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { day, minute } from '../../src/domain/instant.ts'
import type { PgClient } from '../../src/drivers/postgres/client.ts'
import { postgresStore } from '../../src/drivers/postgres/index.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { ConsumeOperation, UsageBucket, UsageOperation, UsageStore } from '../../src/ports/usage-store.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { openPool } from './databases.ts'
import { ownDatabase, readyClient } from './ready-database.ts'

const database = await ownDatabase()
const open = readyClient(() => openPool(database.url))

const allowance: UsageBucket = { id: 'allowance:0', kind: 'allowance', limit: null, keepUntil: null }

function consumption(customer: string, feature: string, version: number, loaded: boolean, buckets = [allowance]): ConsumeOperation {
  const freshness = { version, validFrom: 0, validUntil: null, loaded }
  return { verb: 'consume', customer, feature, amount: 1, key: null, keyFor: day, freshness, gates: [], buckets }
}

function storeOn(client: PgClient, clock?: Clock): UsageStore {
  return postgresStore({ client, ...(clock !== undefined && { clock }) }).usage
}

/** Runs `first` and leaves its transaction open until all of `others`, which are begun then, wait for it; before it ends, `last`. */
async function interleave<Answer>(
  first: (store: UsageStore, client: pg.Client) => Promise<unknown>,
  others: readonly ((store: UsageStore) => Promise<Answer>)[],
  { clock, last }: { readonly clock?: Clock; readonly last?: (store: UsageStore) => Promise<unknown> } = {},
): Promise<readonly Answer[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('begin')
    const store = storeOn(client, clock)
    await first(store, client)
    const answers = Promise.all(others.map(async (other) => other(storeOn(open.client, clock))))
    const countWaiting = async () => {
      const waiting = await open.client.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return waiting.rowCount
    }
    await expect.poll(countWaiting).toBe(others.length)
    await last?.(store)
    await client.query('commit')
    return await answers
  } finally {
    await client.end()
  }
}

async function kindOf(operation: UsageOperation): Promise<string | undefined> {
  const [outcome] = await storeOn(open.client).execute([operation])
  return outcome?.kind
}

const execute = (operation: UsageOperation) => async (store: UsageStore) => store.execute([operation])

/** As far as `forget` comes before it deletes. */
const lock = (customer: string) => async (_: UsageStore, client: pg.Client) =>
  client.query('select from farebox.usage where customer = $1 for update', [customer])

describe('calls that waited for a customer who was erased meanwhile', () => {
  it('all count, as the first calls of a new customer', async () => {
    await storeOn(open.client).execute([consumption('erased', 'f', 1, true)])
    const again = execute(consumption('erased', 'f', 2, true))
    const outcomes = await interleave(lock('erased'), [again, again, again], { last: async (store) => store.forget('erased') })
    expect(outcomes.flat().map(({ kind }) => kind)).toEqual(['taken', 'taken', 'taken'])
    const [reading] = await storeOn(open.client).read([{ customer: 'erased', feature: 'f', buckets: ['allowance:0'], gates: [] }])
    expect(reading).toMatchObject({ marker: 2, buckets: [{ used: 3 }] })
  })

  it('agree on one marker, whatever each of them had loaded', async () => {
    await storeOn(open.client).execute([consumption('marked', 'f', 1, true)])
    const calls = [1, 2, 3].map((version) => execute(consumption('marked', `f${version}`, version, true)))
    await interleave(lock('marked'), calls, { last: async (store) => store.forget('marked') })
    for (const version of [1, 2]) expect(await kindOf(consumption('marked', `f${version}`, version, false))).toBe('stale')
  })
})

it('a call owns every row of its customer, also one that was added while it waited', async () => {
  await storeOn(open.client).raiseVersion('grown', 1)
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('begin')
    await interleave(async (store) => store.execute([consumption('grown', 'f', 1, true)]), [
      async () => storeOn(client).execute([consumption('grown', 'g', 1, false)]),
    ])
    const free = await open.client.query(`select feature from farebox.usage where customer = 'grown' for update skip locked`)
    expect(free.rows).toEqual([])
    await client.query('commit')
  } finally {
    await client.end()
  }
})

it('what was drawn is given back once, where nothing but the past is left of a customer', async () => {
  const clock = manualClock()
  const store = storeOn(open.client, clock)
  const grant: UsageBucket = { id: 'grant:a', kind: 'grant', limit: 9, keepUntil: null }
  await store.execute([{ ...consumption('past', 'f', 1, true, [grant]), amount: 5 }])
  await store.execute([consumption('past', 'f', 1, true, [{ ...allowance, keepUntil: clock.now() + minute }])])
  clock.advance(day)
  await store.sweep()
  await store.sweep()
  expect((await open.client.query(`select from farebox.usage where customer = 'past'`)).rowCount).toBe(0)

  const target = { by: 'drawn', drawn: [{ bucket: 'grant:a', kind: 'grant', amount: 5 }] } as const
  const give = async (one: UsageStore) => one.execute([{ verb: 'release', customer: 'past', feature: 'f', target }])
  const outcomes = await interleave(give, [give, give], { clock })
  expect(outcomes.flat().map(({ kind }) => kind)).toEqual(['unknown', 'unknown'])
  const [reading] = await store.read([{ customer: 'past', feature: 'f', buckets: ['grant:a'], gates: [] }])
  expect(reading?.buckets).toEqual([{ id: 'grant:a', used: 0, reserved: 0 }])
})
