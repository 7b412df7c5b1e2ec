import { allowance, defineCatalog, metered, toggle, unlimited, usd } from '@farebox/core'

/** What this app sells. A leaf file: it imports only Farebox, so that `npx farebox push` can load it. */
export const catalog = defineCatalog({
  features: {
    fortunes: metered({ unit: 'fortune' }),
    book: toggle(),
  },
  plans: {
    free: {
      name: 'Free',
      default: true,
      features: { fortunes: allowance(5).per('month') },
    },
    pro: {
      name: 'Pro',
      prices: { month: usd('9'), year: usd('90') },
      recommended: true,
      features: { fortunes: allowance(500).per('month'), book: true },
    },
    sage: {
      name: 'Sage',
      prices: { month: usd('49'), year: usd('490') },
      features: { fortunes: unlimited(), book: true },
    },
  },
})

// Feature names in components are those of the catalog: a wrong one does not compile. Nothing of it reaches the browser.
declare module '@farebox/react' {
  interface Register {
    catalog: typeof catalog
  }
}
