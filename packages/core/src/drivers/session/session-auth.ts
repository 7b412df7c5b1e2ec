import { FareboxError } from '../../errors/error.ts'
import type { Auth, Identity } from '../../ports/auth.ts'

/** Who is signed in, as the app's own sign-in says. */
export interface Session {
  /** The id of the person, at most 255 characters. */
  readonly subject: string
  /** The active organization and the subject's role in it. An `admin` may buy and change for the organization. */
  readonly organization?: { readonly id: string; readonly role?: string | null } | null | undefined
  readonly email?: string | null | undefined
  /** Whatever else the rules of `createFarebox` (`customerOf`, `mayManageBilling`, `admin`) look at. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** Options of {@link sessionAuth}. */
export interface SessionAuthOptions {
  /**
   * Whose session a token is; nothing when it is nobody's, or over. The token is what came as a bearer token, or in the
   * cookie that `createFarebox` names, as it stands there.
   */
  readonly find: (token: string) => Session | null | undefined | Promise<Session | null | undefined>
}

/** ECMA-262 section 21.4.1.1: the last instant there is. The session itself tells when it ends. */
const never = 8.64e15

/**
 * Accepts the sessions that `find` finds, and nobody else. For better-auth, Auth.js, Lucia and whatever keeps sessions in
 * a table; tokens that carry their own signature are `jwtAuth`'s. What `find` throws is `unavailable`: nobody gets in.
 *
 * @throws FareboxError `invalid-configuration` where `find` is no function.
 * @example
 * ```ts
 * import { sessionAuth } from '@farebox/core/drivers/session'
 *
 * const sessions = new Map<string, { userId: string }>()
 *
 * export const auth = sessionAuth({
 *   async find(token) {
 *     const session = sessions.get(token)
 *     return session && { subject: session.userId }
 *   },
 * })
 * ```
 */
export function sessionAuth(options: SessionAuthOptions): Auth {
  const find: unknown = Object(options).find
  if (typeof find !== 'function') {
    throw new FareboxError('invalid-configuration', 'sessionAuth cannot be used like this', {
      faults: [{ path: 'find', message: 'Give a function that answers whose session a token is' }],
    })
  }
  return {
    verifier: {
      async verify(token) {
        return identityOf(await lookUp(options, token))
      },
    },
    claims: null,
    webhooks: null,
  }
}

async function lookUp({ find }: SessionAuthOptions, token: string): Promise<Session> {
  const session = await Promise.resolve(token).then(find).catch((cause: unknown) => {
    throw new FareboxError('unavailable', 'The session could not be looked up', { reason: 'session-unread', cause })
  })
  if (session) return session
  throw new FareboxError('unauthenticated', 'The token was not accepted', { reason: 'session-unknown' })
}

function identityOf({ subject, organization, email, claims = {} }: Session): Identity {
  const ids: readonly unknown[] = organization ? [subject, organization.id] : [subject]
  if (!ids.every((id) => typeof id === 'string' && id !== '' && id.length <= 255)) {
    throw new FareboxError('invalid-configuration', 'A session does not say whose it is', {
      reason: 'session-invalid',
      faults: [{ path: 'find', message: 'Answer { subject } with an id of 1 to 255 characters, and { organization: { id } } alike' }],
    })
  }
  return {
    subject,
    organization: organization ? { id: organization.id, role: organization.role ?? null } : null,
    email: email ?? null,
    planClaims: null,
    actor: null,
    expiresAt: never,
    claims,
  }
}
