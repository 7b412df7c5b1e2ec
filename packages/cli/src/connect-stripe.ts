import { type Fault, FareboxError } from '@farebox/core'
import { Stripe } from 'stripe'

/** A Stripe account and whether its money is real. */
export interface Connection {
  readonly stripe: Stripe
  readonly mode: 'test' | 'live'
}

/** How to reach Stripe. */
export interface ConnectOptions {
  readonly secretKey: string | undefined
  /** Another origin than Stripe's, for a simulator: `http://127.0.0.1:12111`. */
  readonly apiBase: string | undefined
}

/**
 * A client for the account of a secret key. A live key goes to Stripe alone, and nothing leaves the machine unencrypted.
 *
 * @throws FareboxError `invalid-configuration` with every fault; the key itself is never repeated.
 */
export function connectStripe({ secretKey, apiBase }: ConnectOptions): Connection {
  const faults: Fault[] = []
  const key = secretKey?.trim() ?? ''
  // What is not plainly a test key is treated as a live one.
  const mode = /^[sr]k_test_/.test(key) ? 'test' : 'live'
  if (key === '') faults.push({ path: 'STRIPE_SECRET_KEY', message: 'Set it to a secret key of your Stripe account, sk_test_...' })
  const isKey = /^[sr]k_\w+$/.test(key)
  if (key !== '' && !isKey) faults.push({ path: 'STRIPE_SECRET_KEY', message: 'This is no secret key: it begins with sk_ or rk_' })
  const base = apiBase === undefined || apiBase === '' ? null : parseBase(apiBase, faults)
  if (base !== null && base.hostname !== 'api.stripe.com' && mode === 'live' && isKey) {
    faults.push({ path: 'STRIPE_API_BASE', message: 'A live key is not sent to another host than api.stripe.com' })
  }
  if (faults.length > 0) throw new FareboxError('invalid-configuration', 'Stripe cannot be reached this way', { faults })
  const options: Stripe.StripeConfig = { maxNetworkRetries: 2, telemetry: false, appInfo: { name: 'farebox' } }
  return { stripe: new Stripe(key, { ...options, ...(base !== null && addressOf(base)) }), mode }
}

function parseBase(text: string, faults: Fault[]): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.username === '' && url.search === ''
  if (!isOrigin) {
    faults.push({ path: 'STRIPE_API_BASE', message: 'Give an origin, such as http://127.0.0.1:12111' })
    return null
  }
  if (url.protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) {
    faults.push({ path: 'STRIPE_API_BASE', message: 'Use https: keys travel unencrypted to this machine alone' })
  }
  return url
}

function addressOf({ protocol, hostname, port }: URL): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  const isPlain = protocol === 'http:'
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isPlain ? 80 : 443) : Number(port),
    protocol: isPlain ? 'http' : 'https',
  }
}
