import { type D1Database, d1Store, migrate } from '../../src/drivers/d1/index.ts'
import { manualClock, recordStoreContract, usageStoreContract } from '../../src/testing/index.ts'
import { tryRule } from './rules-worker.ts'

interface Environment {
  readonly DB: D1Database
}

/** Tries both contracts on a database: usage with a test's clock and by the database's own, and records. */
export const worker = {
  async fetch(request: Request, { DB: database }: Environment): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/migrate') return Response.json(await migrate(database))
    if (pathname === '/records') return tryRule(recordStoreContract({ create: () => ({ store: d1Store({ database }).records }) }), request)
    const hasClock = pathname === '/clock'
    const rules = usageStoreContract({
      hasClock,
      create() {
        if (!hasClock) return { store: d1Store({ database }).usage }
        const clock = manualClock()
        return { store: d1Store({ database, clock }).usage, clock }
      },
    })
    return tryRule(rules, request)
  },
}
