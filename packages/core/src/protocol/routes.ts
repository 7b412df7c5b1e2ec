/** Every route below the base path: method and path. One table for server, client and documentation. */
export const routes = {
  plans: { method: 'GET', path: '/plans' },
  me: { method: 'GET', path: '/me' },
  usage: { method: 'GET', path: '/usage' },
  credits: { method: 'GET', path: '/credits' },
  checkout: { method: 'POST', path: '/checkout' },
  portal: { method: 'POST', path: '/portal' },
  change: { method: 'POST', path: '/change' },
  cancel: { method: 'POST', path: '/cancel' },
  resume: { method: 'POST', path: '/resume' },
  pause: { method: 'POST', path: '/pause' },
  invoices: { method: 'GET', path: '/invoices' },
  upcoming: { method: 'GET', path: '/upcoming' },
  paymentMethods: { method: 'GET', path: '/payment-methods' },
  seats: { method: 'GET', path: '/seats' },
  assignSeat: { method: 'POST', path: '/seats' },
  releaseSeat: { method: 'DELETE', path: '/seats' },
  converge: { method: 'POST', path: '/converge' },
  adminCustomers: { method: 'GET', path: '/admin/customers' },
  adminCustomer: { method: 'GET', path: '/admin/customer' },
  adminGrant: { method: 'POST', path: '/admin/grants' },
  adminVoidGrant: { method: 'DELETE', path: '/admin/grants' },
  adminOverride: { method: 'POST', path: '/admin/overrides' },
  adminEndOverride: { method: 'DELETE', path: '/admin/overrides' },
  token: { method: 'POST', path: '/token' },
  keys: { method: 'GET', path: '/.well-known/jwks.json' },
  stripeWebhook: { method: 'POST', path: '/webhooks/stripe' },
  clerkWebhook: { method: 'POST', path: '/webhooks/clerk' },
  health: { method: 'GET', path: '/health' },
} as const

/** The name of a route in {@link routes}. */
export type RouteName = keyof typeof routes
