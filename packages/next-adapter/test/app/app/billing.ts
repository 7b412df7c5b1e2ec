import { type Farebox, allowance, createFarebox, defineCatalog, metered, toggle, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { testAuth } from '../../sign-in.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month'), exports: true } },
  },
})

interface Shared {
  farebox?: Farebox<typeof catalog>
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

/** Every resource behind a guard that was reached, in order. */
export const reached: string[] = (shared.reached ??= [])

/** Notes that a resource was reached, and answers with a word that nothing else says. */
export function reach(resource: string): string {
  reached.push(resource)
  return `reached-${resource}`
}
