import { describe, expect, it } from 'vitest'
import { findRunFaults, placeStoreTable, renderStoreTable } from './store-table.mjs'

const memory = { store: 'memory', client: '', port: /** @type {const} */ ('usage'), label: 'linearizable', passed: 9, rules: 9 }
const redis = { ...memory, store: 'redis', client: 'ioredis', label: 'lossy-on-failover' }

describe('the table of stores', () => {
  it('names every client, the rules that the weakest kept, and the label', () => {
    const table = renderStoreTable([redis, { ...redis, client: 'node-redis', passed: 8 }, memory])
    expect(table.split('\n').slice(4, 6)).toEqual([
      '| `@farebox/core/drivers/memory` |  | 9 rules | no | `linearizable`, in one process; forgets with it |',
      '| `@farebox/core/drivers/redis` | ioredis, node-redis | 8 rules | no | `lossy-on-failover`; beside a store that keeps records |',
    ])
  })

  it('takes the place of the one before, and of nothing else', () => {
    const page = `before\n${renderStoreTable([memory])}\nafter\n`
    const placed = placeStoreTable(page, renderStoreTable([memory, redis]))
    expect(placed).toBe(`before\n${renderStoreTable([memory, redis])}\nafter\n`)
    expect(placeStoreTable('no place', renderStoreTable([memory]))).toBeUndefined()
  })

  it('is not written from runs that are missing, not whole, or at odds', () => {
    expect(findRunFaults([memory, redis, { ...redis, client: 'node-redis', passed: 8 }])).toEqual([
      'The contract suites did not run on postgres',
      'The contract suites did not run on sqlite',
      'The contract suites did not run on d1',
      'The contract suites did not run on durable-object',
      'redis over node-redis keeps 8 of 9 rules of the usage contract',
    ])
    expect(findRunFaults([memory, { ...memory, label: 'best-effort' }])).toContain('memory has more than one label')
  })
})
