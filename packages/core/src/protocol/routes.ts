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
  token: { method: 'POST', path: '/token' },
  keys: { method: 'GET', path: '/.well-known/jwks.json' },
  stripeWebhook: { method: 'POST', path: '/webhooks/stripe' },
  clerkWebhook: { method: 'POST', path: '/webhooks/clerk' },
  health: { method: 'GET', path: '/health' },
} as const

export type RouteName = keyof typeof routes
