import { type Farebox, allowance, createFarebox, defineCatalog, metered, toggle, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { createGates } from '@farebox/next'
import { testAuth } from '../../sign-in.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), tokens: metered({ unit: 'token' }), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month'), tokens: allowance(9).per('month'), exports: true } },
  },
})

interface Shared {
  farebox?: Farebox<typeof catalog>
  release?: () => void
  reached?: string[]
}

/** Next bundles pages and route handlers apart; what lives in memory must not be there twice. */
const shared: Shared = globalThis as Shared

export const farebox: Farebox<typeof catalog> = (shared.farebox ??= createFarebox({
  catalog,
  store: memoryStore(),
  auth: testAuth(),
  cookie: 'session',
  upgradeUrl: '/upgrade',
}))

export const { PlanGate, FeatureGate, QuotaGate } = createGates(farebox)

/** Gates on a store whose records are read as `load` says. */
function gatesOn(load: () => Promise<void>) {
  const store = memoryStore()
  const records = { ...store.records, load: async (...query: Parameters<typeof store.records.load>) => {
    await load()
    return store.records.load(...query)
  } }
  return createGates(createFarebox({ catalog, store: { ...store, records }, auth: testAuth(), cookie: 'session' }))
}

/** Gates that cannot decide until they are released. */
export const held: ReturnType<typeof gatesOn> = gatesOn(() => new Promise((resolve) => (shared.release = resolve)))

/** Lets the gates decide that are held. */
export function release(): void {
  shared.release?.()
}

/** Gates that cannot decide at all. */
export const broken: ReturnType<typeof gatesOn> = gatesOn(() => Promise.reject(new Error('no database')))

/** Every resource behind a guard that was reached, in order. */
export const reached: string[] = (shared.reached ??= [])

/** Notes that a resource was reached, and answers with a word that nothing else says. */
export function reach(resource: string): string {
  reached.push(resource)
  return `reached-${resource}`
}
