import type { PlanClaims } from '../domain/plan-claims.ts'
import { FareboxError } from '../errors/error.ts'
import type { Identity, TokenVerifier } from '../ports/auth.ts'
import { checkId } from '../use-cases/customers/check-id.ts'
import { type MaybePromise, chain } from '../use-cases/maybe-promise.ts'
import { type HttpSettings, defaultCustomerOf } from './options.ts'
import type { ReadHeader } from './read-header.ts'

/** Who is asking and who pays, resolved once per request from the verified token, never from body or query. */
export interface Caller {
  readonly identity: Identity
  readonly customer: string
  /** The token's plan claims where they speak of this customer; `null` elsewhere, then records are read. */
  readonly planClaims: PlanClaims | null
  readonly canManageBilling: boolean
  /** The token came in a cookie, which a browser also sends on another site's behalf. */
  readonly byCookie: boolean
}

/**
 * The caller that a request's token speaks for.
 *
 * @throws FareboxError `unauthenticated` when there is no valid token, `unavailable` when it cannot be checked,
 * `invalid-configuration` when `customerOf` answers no id.
 */
export function callerOf(verifier: TokenVerifier, settings: HttpSettings, header: ReadHeader): MaybePromise<Caller> {
  const bearer = bearerToken(header('authorization'))
  const token = bearer ?? cookieToken(settings.cookie, header('cookie'))
  if (token === undefined) throw tokenMissing()
  return chain(verifier.verify(token), (identity) => {
    const customer = customerOf(settings, identity)
    return {
      identity,
      customer,
      // A verifier in plain JavaScript may leave them out.
      planClaims: customer === defaultCustomerOf(identity) ? (identity.planClaims ?? null) : null,
      canManageBilling: settings.mayManageBilling(identity, customer) === true,
      byCookie: bearer === undefined,
    }
  })
}

/** The host's rule may be wrong, and then nobody pays: that is not the client's fault. */
function customerOf(settings: HttpSettings, identity: Identity): string {
  const customer = settings.customerOf(identity)
  try {
    return checkId(customer, 'customerOf')
  } catch {
    throw new FareboxError('invalid-configuration', 'There is no customer to ask about', {
      reason: 'customer-invalid',
      faults: [{ path: 'customerOf', message: 'Answer an id of 1 to 255 characters for every identity' }],
    })
  }
}

const scheme = 'bearer '

/** The refusal of a request that carries no token at all. */
export function tokenMissing(): FareboxError {
  return new FareboxError('unauthenticated', 'The request carries no token', { reason: 'token-missing' })
}

/** RFC 6750 section 2.1: the scheme is `Bearer`, in any case, one space, then the token, of which the verifier judges. */
function bearerToken(authorization: string | null | undefined): string | undefined {
  if (authorization === null || authorization === undefined) return undefined
  const token = authorization.slice(scheme.length)
  if (authorization.slice(0, scheme.length).toLowerCase() === scheme && token !== '') return token
  throw new FareboxError('unauthenticated', 'The Authorization field is not a bearer token', { reason: 'token-malformed' })
}

function cookieToken(name: string | null, cookies: string | null | undefined): string | undefined {
  if (name === null || cookies === null || cookies === undefined) return undefined
  const found = cookies.split(';').map((pair) => pair.trim()).filter((pair) => pair.startsWith(`${name}=`))
  return found.length === 1 ? found[0]?.slice(name.length + 1) : undefined
}
