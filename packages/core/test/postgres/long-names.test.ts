import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { day, minute } from '../../src/domain/instant.ts'
import { postgresStore } from '../../src/drivers/postgres/index.ts'
import { longestName } from '../../src/drivers/postgres/text-fault.ts'
import type { UsageBucket } from '../../src/ports/usage-store.ts'
import { customerRow } from '../../src/testing/record-contract/record-trial.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { openPool } from './databases.ts'
import { ownDatabase, readyClient } from './ready-database.ts'

const database = await ownDatabase()
const open = readyClient(() => openPool(database.url))

/** No two of them are alike, and nothing in them can be made shorter. */
function longName(bytes = longestName): string {
  return randomBytes(bytes / 2).toString('hex')
}

function bucketOf(id: string): UsageBucket {
  return { id, kind: 'grant', limit: 60, keepUntil: null }
}

describe('the longest names, all of them at once,', () => {
  const freshness = { version: 1, validFrom: 0, validUntil: null, loaded: true }
  const place = { customer: longName(), feature: longName() }
  const gates = [{ id: longName(), limit: 5, period: minute, burst: 5 }]

  it('are counted, held and moved to the history', async () => {
    const { usage } = postgresStore({ client: open.client, clock: manualClock() })
    const take = { ...place, amount: 2, key: longName(), keyFor: day, freshness, gates, buckets: [bucketOf(longName())] }
    const held = { reservation: longName(), expiresIn: minute, onExpiry: 'release', overdraft: 1, overdraftBucket: bucketOf(longName()) } as const
    const next = { ...take, key: longName(), buckets: [bucketOf(longName())] }
    for (const operation of [
      { verb: 'consume', ...take } as const,
      { verb: 'consume', ...next } as const,
      { verb: 'reserve', ...next, key: longName(), ...held } as const,
    ]) expect(await usage.execute([operation])).toMatchObject([{ kind: 'taken', repeated: false }])
    const settlement = { verb: 'settle', ...place, reservation: held.reservation, amount: 3 } as const
    expect(await usage.execute([settlement])).toMatchObject([{ kind: 'ended', amount: 3 }])
    const buckets = [...take.buckets, ...next.buckets].map(({ id }) => id)
    expect(await usage.read([{ ...place, buckets, gates }])).toMatchObject([{ buckets: [{ used: 2 }, { used: 5 }] }])
  })

  it('are recorded and found', async () => {
    const { records } = postgresStore({ client: open.client })
    const paymentCustomer = longName()
    const write = { collection: 'customers', id: longName(), value: customerRow({ paymentCustomer }) } as const
    expect(await records.commit(place.customer, [write])).toMatchObject({ kind: 'committed' })
    const found = await records.find({ collection: 'customers', index: 'paymentCustomer', where: { equals: paymentCustomer }, limit: 1 })
    expect(found).toMatchObject([{ customer: place.customer, id: write.id }])
  })

  it('are the longest: what is longer is refused before anything is written', async () => {
    const { usage } = postgresStore({ client: open.client })
    const take = { ...place, feature: longName(longestName + 2), amount: 1, key: null, keyFor: 0, freshness, gates: [], buckets: [bucketOf('allowance:0')] }
    await expect(usage.execute([{ verb: 'consume', ...take }])).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path: 'feature', message: 'Give at most 880 bytes' }] })
  })
})
