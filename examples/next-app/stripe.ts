import Stripe from 'stripe'

/** Your Stripe; the local one where `STRIPE_API_BASE` says so, as `farebox push` and `npm run dev` do. */
export function connectStripe(secretKey: string, base = process.env.STRIPE_API_BASE): Stripe {
  if (base === undefined) return new Stripe(secretKey)
  const { hostname: host, port } = new URL(base)
  return new Stripe(secretKey, { host, port, protocol: 'http', telemetry: false })
}
