import { migrate } from '@farebox/core/drivers/postgres'
import { type ServerName, openPool } from '../fixtures/store-at.ts'
import { tables } from '../floors/postgres-statements.ts'
import type { Group } from '../harness/variant.ts'
import { useUp } from '../leases/use-up.ts'

interface Race {
  readonly server: ServerName
  readonly limit: number
  readonly goal: number
  readonly mostCalls: number
}

const races: readonly Race[] = [
  { server: 'redis', limit: 200_000, goal: 20, mostCalls: 0.002 },
  { server: 'postgres', limit: 10_000, goal: 50, mostCalls: 0.008 },
]

/** Several processes use up one limit, to the last unit: each count asked of the server, or out of blocks taken ahead. */
export async function* leaseGroups(): AsyncGenerator<Group> {
  const pool = openPool()
  await migrate(pool)
  for (const table of tables) await pool.query(table)
  await pool.end()
  for (const { server, limit, goal, mostCalls } of races) {
    for (const processes of [1, 2, 4]) {
      const shared = { server, processes, limit }
      const alone = await useUp({ ...shared, name: 'one call for each count, a bare client', manner: 'alone' })
      const direct = await useUp({ ...shared, name: 'Farebox consume', manner: 'direct' })
      const lease = await useUp({ ...shared, name: 'Farebox consume, leases', manner: 'lease', goal, mostCalls })
      yield {
        title: `A limit of ${limit.toLocaleString('en')} on ${server}, used up by ${processes} processes of 64 callers`,
        variants: [alone, direct, lease],
        // A limit is used up before the compiler has settled, in each of the processes, which share the machine.
        scale: { run: 2, warmUp: 10 + 10 * processes },
        async close() {
          await alone.close()
          await direct.close()
          await lease.close()
        },
      }
    }
  }
}
