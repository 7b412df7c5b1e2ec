import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { day, minute } from '../../src/domain/instant.ts'
import type { PgClient } from '../../src/drivers/postgres/client.ts'
import { postgresStore } from '../../src/drivers/postgres/index.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { ConsumeOperation, ReserveOperation, UsageBucket, UsageOperation, UsageStore } from '../../src/ports/usage-store.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { administer, openPool } from './databases.ts'
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

/** Makes calls of connections that are named so wait twice: when rows are locked, and before what was read is written. */
async function makeSlow(application: string): Promise<void> {
  const pass = (name: number) => `if current_setting('application_name') = '${application}' then perform pg_advisory_xact_lock(${name}); end if;`
  await administer(
    database.url,
    `create or replace function farebox.usage_present(given bigint) returns bigint language plpgsql volatile as $function$
      begin ${pass(1)} return coalesce(given, floor(date_part('epoch', clock_timestamp()) * 1000)::bigint); end
    $function$`,
    `create or replace function public.wait_to_write() returns trigger language plpgsql as $function$ begin ${pass(2)} return null; end $function$`,
    'create or replace trigger wait_to_write before insert or update on farebox.usage for each statement execute function public.wait_to_write()',
  )
}

describe('a customer who is introduced by another call, behind the back of one that found nobody to lock,', () => {
  const ending = { reservation: 'r', expiresIn: minute, onExpiry: 'release', overdraft: 0, overdraftBucket: allowance } as const

  it.each<readonly [how: string, operation: (customer: string) => ReserveOperation]>([
    ['reserves without a key', (customer) => ({ ...consumption(customer, 'f', 1, true), ...ending, verb: 'reserve' })],
    ['reserves under a key', (customer) => ({ ...consumption(customer, 'f', 1, false), ...ending, verb: 'reserve', key: 'k' })],
    ['is the first of another feature', (customer) => ({ ...consumption(customer, 'g', 1, false), ...ending, verb: 'reserve', key: 'k' })],
  ])('loses no count, where that call %s', async (how, operationOf) => {
    const customer = `introduced: ${how}`
    const operation = operationOf(customer)
    const { feature } = operation
    await makeSlow('slow')
    const holder = new pg.Client({ connectionString: database.url })
    await holder.connect()
    const slow = openPool(database.url, { application_name: 'slow', max: 1 })
    const waiting = async () =>
      (await holder.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).rowCount
    try {
      await holder.query('select pg_advisory_lock(1), pg_advisory_lock(2)')
      const first = storeOn(slow.client).execute([operation])
      await expect.poll(waiting).toBe(1)
      const store = storeOn(open.client)
      await store.execute([consumption(customer, 'f', 1, true)])
      await holder.query('select pg_advisory_unlock(1)')
      await expect.poll(async () => (await holder.query(`select from pg_locks where locktype = 'advisory' and objid = 2 and not granted`)).rowCount).toBe(1)
      let isDone = false
      const second = Promise.resolve(store.execute([consumption(customer, feature, 1, true)])).finally(() => (isDone = true))
      await expect.poll(async () => isDone || (await waiting()) === 2).toBe(true)
      await holder.query('select pg_advisory_unlock(2)')
      const outcomes = [...(await first), ...(await second)]
      const [reading] = await store.read([{ customer, feature, buckets: ['allowance:0'], gates: [] }])
      expect(outcomes.map(({ kind }) => kind)).toEqual(['taken', 'taken'])
      expect(reading?.buckets).toEqual([{ id: 'allowance:0', used: feature === 'f' ? 2 : 1, reserved: 1 }])
    } finally {
      await holder.end()
      await slow.close()
    }
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
