import { durableObjectStore, type UsageNamespace } from '../../src/drivers/durable-object/index.ts'
import { manualClock, usageStoreContract } from '../../src/testing/index.ts'
import { tryRule } from '../d1/rules-worker.ts'

export { FareboxUsage } from '../../src/drivers/durable-object/index.ts'

interface Environment {
  readonly USAGE: UsageNamespace
}

/** Tries the usage contract on objects of its own: with a test's clock, or by the objects' own. */
export const worker = {
  async fetch(request: Request, { USAGE }: Environment): Promise<Response> {
    const hasClock = new URL(request.url).pathname === '/clock'
    const rules = usageStoreContract({
      hasClock,
      create() {
        if (!hasClock) return { store: durableObjectStore({ namespace: USAGE }).usage }
        const clock = manualClock()
        return { store: durableObjectStore({ namespace: USAGE, clock }).usage, clock }
      },
    })
    return tryRule(rules, request)
  },
}
