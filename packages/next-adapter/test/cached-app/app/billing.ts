import { type Farebox, allowance, createFarebox, defineCatalog, metered, toggle, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { createGates } from '@farebox/next'
import { testAuth } from '../../sign-in.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month'), exports: true } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month') } },
  },
})

export const farebox: Farebox<typeof catalog> = createFarebox({
  catalog, store: memoryStore(), auth: testAuth(), cookie: 'session', upgradeUrl: '/upgrade',
})

export const { FeatureGate } = createGates(farebox)
