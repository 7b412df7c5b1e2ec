import type { ServerName } from '../fixtures/store-at.ts'
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

/** Several processes use up one limit, to the last unit: each count asked of the store, or out of blocks taken ahead. */
export async function* leaseGroups(): AsyncGenerator<Group> {
  for (const { server, limit, goal, mostCalls } of races) {
    for (const processes of [1, 2, 4]) {
      const shared = { server, processes, limit }
      const direct = await useUp({ ...shared, name: 'each count asked of the store', manner: 'direct' })
      const lease = await useUp({ ...shared, name: 'leases', manner: 'lease', goal, mostCalls })
      yield {
        title: `A limit of ${limit.toLocaleString('en')} on ${server}, used up by ${processes} processes of 64 callers`,
        variants: [direct, lease],
        async close() {
          await direct.close()
          await lease.close()
        },
      }
    }
  }
}
