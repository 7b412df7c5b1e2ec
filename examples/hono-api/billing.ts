import { allowance, defineCatalog, metered, setting, toggle, unlimited, usd } from '@farebox/core'

/** What this app sells. A leaf file: it imports only Farebox, so that `npx farebox push` can load it. */
export const catalog = defineCatalog({
  features: {
    apiCalls: metered({ unit: 'call' }),
    exports: toggle(),
    models: setting<('small' | 'large')[]>(),
  },
  plans: {
    free: {
      name: 'Free',
      default: true,
      features: { apiCalls: allowance(5).per('month'), models: ['small'] },
      gates: { apiCalls: ['100/minute'] },
    },
    pro: {
      name: 'Pro',
      prices: { month: usd('29'), year: usd('290') },
      recommended: true,
      features: { apiCalls: allowance(500).per('month'), exports: true, models: ['small', 'large'] },
      gates: { apiCalls: ['100/minute'] },
    },
    team: {
      name: 'Team',
      prices: { month: usd('99'), year: usd('990') },
      features: { apiCalls: allowance(5000).per('month'), exports: true, models: ['small', 'large'] },
      gates: { apiCalls: ['100/minute'] },
    },
    enterprise: {
      name: 'Enterprise',
      contactSales: true,
      features: { apiCalls: unlimited(), exports: true, models: ['small', 'large'] },
    },
  },
})
