import type { Account } from '../account.ts'
import { StripeError, invalidRequest, unsupported } from '../errors.ts'
import type { Simulation } from '../simulation.ts'
import { isApiVersion } from '../versions/api-versions.ts'
import type { ApiRequest } from './api-request.ts'

/** Whom a request speaks for, and in which API version it is answered. */
export interface Caller {
  readonly account: Account
  readonly version: string
}

/**
 * Checks the secret key, sent as `Authorization: Bearer` or as the user of Basic authentication. With a configured key only that one
 * is accepted, else any test key; live keys only where the simulator was told to take them. The message shows no more than a
 * key's first characters. `Stripe-Account` (or `Stripe-Context`) names a connected account.
 */
export function authenticate(simulation: Simulation, request: ApiRequest): Caller {
  const { apiKey, liveKeys } = simulation.options
  const key = readKey(request.header('authorization'))
  if (key === undefined) {
    throw unauthenticated('You did not provide an API key. Send it as: Authorization: Bearer sk_test_...')
  }
  const livemode = /^(sk|rk)_live_/.test(key)
  if (livemode && !liveKeys) throw unauthenticated('The simulator takes no live key unless it is told to. Use a test key.')
  const isAccepted = livemode || apiKey === undefined ? /^(sk|rk)_(test|live)_./.test(key) : key === apiKey
  if (!isAccepted) throw unauthenticated(`Invalid API Key provided: ${key.slice(0, 8)}****`)
  const account = accountOf(simulation, request, livemode, key)
  return { account, version: versionOf(request, account) }
}

function accountOf({ accounts }: Simulation, request: ApiRequest, livemode: boolean, key: string): Account {
  const own = accounts.own(livemode)
  const id = request.header('stripe-account') ?? request.header('stripe-context')
  if (id === null || id === own.id) return own
  if (id.includes('/')) throw unsupported('a context of several accounts', 'stripe-context')
  const connected = accounts.connected(id, livemode)
  if (connected !== undefined) return connected
  const message = `The provided key '${key.slice(0, 8)}****' does not have access to account '${id.slice(0, 40)}' (or that account does not exist). Application access may have been revoked.`
  throw new StripeError(403, { type: 'invalid_request_error', code: 'account_invalid', message })
}

function versionOf(request: ApiRequest, account: Account): string {
  const version = request.header('stripe-version')
  if (version === null) return account.apiVersion
  if (isApiVersion(version)) return version
  throw invalidRequest(`Invalid Stripe API version: ${version.slice(0, 40)}`)
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
