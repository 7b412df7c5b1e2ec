import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { day } from '../../src/domain/instant.ts'
import type { ConsumeOperation, UsageOutcome, UsageStore } from '../../src/ports/usage-store.ts'
import { createMigratedDatabase } from './harnesses.ts'
import { connect } from './store-address.ts'

const feature = 'apiCalls'
const limit = 60
const bucket = { id: 'allowance:0', kind: 'allowance', limit, keepUntil: null } as const

function consumption(customer: string, key: string | null): ConsumeOperation {
  const freshness = { version: 1, validFrom: 0, validUntil: null, loaded: true }
  return { verb: 'consume', customer, feature, amount: 1, key, keyFor: day, freshness, gates: [], buckets: [bucket] }
}

/** As a caller does who was told that the store could not answer, with a key: asks again. */
async function insist(usage: UsageStore, operation: ConsumeOperation): Promise<UsageOutcome['kind'] | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await usage.execute([operation]))[0]?.kind
    } catch (error) {
      if (attempt === 200) throw error
    }
  }
}

describe.each(['read uncommitted', 'read committed', 'repeatable read', 'serializable'])('PostgreSQL that isolates by %s', (level) => {
  it('sells a limit exactly, and counts every key once, from sixteen connections', async () => {
    const { url, remove } = await createMigratedDatabase(inject('postgresUrl') ?? '')
    onTestFinished(remove)
    const isolated = new URL(url)
    isolated.searchParams.set('options', `-c default_transaction_isolation=${level.replaceAll(' ', '\\ ')}`)
    const pools = await Promise.all(Array.from({ length: 4 }, async () => connect({ kind: 'postgres', client: 'pg', url: isolated.href })))
    for (const pool of pools) onTestFinished(pool.close)
    const stores = pools.map((pool) => pool.storeWith().usage)
    const storeAt = (index: number): UsageStore => {
      const store = stores[index % stores.length]
      if (store === undefined) throw new Error('There is no such connection')
      return store
    }

    const kinds = await Promise.all(
      Array.from({ length: 160 }, async (_, index) => insist(storeAt(index), consumption('hot', `key-${index % 80}`))),
    )
    expect(kinds.filter((kind) => kind === 'taken').length).toBeGreaterThanOrEqual(limit)
    const [reading] = await storeAt(0).read([{ customer: 'hot', feature, buckets: [bucket.id], gates: [] }])
    expect(reading?.buckets[0]).toMatchObject({ used: limit, reserved: 0 })

    const records = pools.map((pool) => pool.storeWith().records)
    const outcomes = await Promise.all(
      Array.from({ length: 32 }, async (_, index) => {
        const value = { state: index }
        const write = { collection: 'cooldowns', id: 'one', expect: 0, value } as const
        const commit = async () => records[index % records.length]?.commit('hot', [write])
        return commit().then((outcome) => outcome?.kind, () => 'failed')
      }),
    )
    expect(outcomes.filter((kind) => kind === 'committed').length).toBe(1)
  })
})
