import { apiVersion } from '../api-version.ts'
import { StripeError, unsupported } from '../errors.ts'

/**
 * Checks the secret key, sent as `Authorization: Bearer` or as the user of Basic authentication. With a configured key only that one
 * is accepted, else any test key; live keys never are. The message shows no more than a key's first characters.
 */
export function authenticate(request: Request, apiKey: string | undefined): void {
  const key = readKey(request.headers.get('authorization'))
  if (key === undefined) {
    throw unauthenticated('You did not provide an API key. Send it as: Authorization: Bearer sk_test_...')
  }
  if (/^(sk|rk)_live_/.test(key)) throw unauthenticated('The simulator takes no live key. Use a test key.')
  const isAccepted = apiKey === undefined ? /^(sk|rk)_test_./.test(key) : key === apiKey
  if (isAccepted) return
  throw unauthenticated(`Invalid API Key provided: ${key.slice(0, 8)}****`)
}

/** Refuses what the headers ask for and the simulator does not have: other API versions, connected accounts. */
export function checkHeaders(request: Request): void {
  const version = request.headers.get('stripe-version')
  if (version !== null && version !== apiVersion) {
    throw unsupported(`API version ${version.slice(0, 40)}; it speaks ${apiVersion} only`)
  }
  for (const header of ['stripe-account', 'stripe-context']) {
    if (request.headers.get(header) !== null) throw unsupported('connected accounts', header)
  }
}

function readKey(authorization: string | null): string | undefined {
  const [scheme, credentials] = (authorization ?? '').split(' ')
  if (credentials === undefined || credentials === '') return undefined
  if (scheme?.toLowerCase() === 'bearer') return credentials
  if (scheme?.toLowerCase() !== 'basic') return undefined
  return Buffer.from(credentials, 'base64').toString('utf8').split(':')[0]
}

function unauthenticated(message: string): StripeError {
  return new StripeError(401, { type: 'invalid_request_error', message })
}
