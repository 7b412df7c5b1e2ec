import { type Farebox, type Store, allowance, createFarebox, defineCatalog, metered } from '../../src/index.ts'
import { second } from '../../src/domain/instant.ts'

export const limit = 4_000

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call', anchor: 'calendar', lease: { idle: 20 * second } }) },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(limit).per('year') } } },
})

export function createLeasingApp(store: Store): Farebox<typeof catalog> {
  return createFarebox({ catalog, store, storeTimeout: 60_000 })
}

/** Consumes at most so often, many callers at once, until it is refused. Answers how much was granted. */
export async function consumeUpTo(app: ReturnType<typeof createLeasingApp>, customer: string, most: number): Promise<number> {
  let begun = 0
  let granted = 0
  const call = async (): Promise<void> => {
    while (begun < most) {
      begun += 1
      const { allowed, reason } = await app.consume({ customer, feature: 'apiCalls' })
      if (reason === 'unavailable') throw new Error('The store did not answer')
      if (!allowed) return
      granted += 1
    }
  }
  await Promise.all(Array.from({ length: 16 }, call))
  return granted
}
