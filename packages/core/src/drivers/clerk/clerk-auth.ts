import { type PlanClaims, planClaimsName } from '../../domain/plan-claims.ts'
import type { Fault } from '../../errors/error.ts'
import type { Identity } from '../../ports/auth.ts'
import { parseJwtKeys } from '../jose/jwt-keys.ts'
import { type JwtAuth, actorOf } from '../jose/jwt-auth.ts'
import { createJwtVerifier } from '../jose/jwt-verifier.ts'
import type { KeySetOptions } from '../jose/key-set-options.ts'
import { planClaimsOfToken } from '../jose/plan-claims-of-token.ts'
import { platformCryptography } from '../jose/platform-cryptography.ts'
import { refuse } from '../jose/refusal.ts'
import type { VerifiedToken } from '../jose/registered-claims.ts'
import { parseVerifierOptions, rejectFaults, requireOptions } from '../jose/verifier-options.ts'
import { createAccountWebhooks } from './account-webhooks.ts'
import { checkClerkKeys, parseAuthorizedParties, parseIssuer } from './clerk-options.ts'
import { installed } from './installed.ts'
import { type ClerkClient, createMetadataWriter, neverInMetadata } from './metadata-writer.ts'
import { checkSessionStatus, organizationOf } from './session-claims.ts'

/** Values that are `undefined` count as left out, so that environment variables can be passed as they are. */
export interface ClerkAuthOptions extends KeySetOptions {
  /** The origins of the app (`azp`), such as `https://app.example.com`. */
  readonly authorizedParties: readonly string[]
  /** Tells the issuer; or give `issuer`. */
  readonly publishableKey?: string | undefined
  /** The Frontend API URL, such as `https://clerk.example.com`. */
  readonly issuer?: string | undefined
  /** The instance's public key in PEM: tokens are then verified without a network. Otherwise its key set is fetched. */
  readonly jwtKey?: string | undefined
  /** Lets plan claims be written into metadata, through `@clerk/backend`; or give `client`. */
  readonly secretKey?: string | undefined
  readonly client?: ClerkClient | undefined
  /** Lets webhooks about accounts be read, through `@clerk/backend`. */
  readonly webhookSecret?: string | undefined
  /** Takes tokens made from a JWT template too, if their `aud` is this. Without it, session tokens alone. */
  readonly templateAudience?: string | undefined
  /** In seconds; 5 unless said otherwise. */
  readonly clockTolerance?: number
  readonly cacheSize?: number
}

/** Clerk's `cat` of tokens that speak for a session, and of those made from a template. */
const sessionCategories: readonly (string | undefined)[] = [undefined, 'cl_B7d4PD111AAA', 'cl_I7d4PD111III']
const templateCategory = 'cl_B7d4PD222AAA'

/**
 * Accepts session tokens of one Clerk instance, and nothing that RFC 8725 or Clerk says to refuse. Plan claims decide
 * where the session token carries `"farebox": "{{user.public_metadata.farebox}}"` (or `org.`) and they speak of the
 * active customer; everything else, a bare `"plan"` and Clerk Billing's `pla` included, is for display.
 *
 * @throws FareboxError `invalid-configuration` with every fault of the options.
 * @example
 * ```ts
 * import { clerkAuth } from '@farebox/core/drivers/clerk'
 *
 * export const auth = clerkAuth({
 *   publishableKey: 'pk_test_Y2xlcmsuZXhhbXBsZS5jb20k',
 *   authorizedParties: ['https://app.example.com'],
 * })
 * ```
 */
export function clerkAuth(options: ClerkAuthOptions): JwtAuth {
  requireOptions('clerkAuth', options)
  const faults: Fault[] = []
  const { client, secretKey, publishableKey, webhookSecret, jwtKey, templateAudience } = options
  const issuer = parseIssuer(options.issuer, publishableKey, faults)
  const authorizedParties = parseAuthorizedParties(options.authorizedParties, faults)
  checkClerkKeys({ secretKey, publishableKey, webhookSecret }, faults)
  const keys = parseKeys(options, issuer, jwtKey, faults)
  const parts = parseVerifierOptions({ ...options, issuer, authorizedParties, typ: 'JWT' }, faults)
  rejectFaults('clerkAuth', faults)

  const verifier = createJwtVerifier<Identity>({
    ...parts,
    ...keys,
    read(token) {
      checkCategory(token, templateAudience)
      return identityOf(token)
    },
  })
  return {
    verifier,
    claims: client !== undefined || secretKey !== undefined ? createMetadataWriter(onDemand(client, secretKey)) : null,
    webhooks: webhookSecret === undefined ? null : createAccountWebhooks(webhookSecret),
    forget: (kid) => verifier.forget(kid),
  }
}

function parseKeys(options: ClerkAuthOptions, issuer: string, jwtKey: string | undefined, faults: Fault[]): ReturnType<typeof parseJwtKeys> {
  if (jwtKey === undefined) {
    const keys = { jwksUrl: `${issuer}/.well-known/jwks.json` }
    return parseJwtKeys({ ...options, keys, algorithms: ['RS256'] }, platformCryptography, faults)
  }
  const found: Fault[] = []
  const parsed = parseJwtKeys({ keys: { publicKey: jwtKey, algorithm: 'RS256' } }, platformCryptography, found)
  if (found.length > 0) faults.push({ path: 'jwtKey', message: 'Give the JWKS public key in PEM, from BEGIN PUBLIC KEY to END PUBLIC KEY' })
  return parsed
}

function checkCategory({ header, claims }: VerifiedToken, templateAudience: string | undefined): void {
  if (sessionCategories.includes(header.cat)) return
  if (header.cat !== templateCategory || templateAudience === undefined) throw refuse('type-mismatch')
  const { aud } = claims
  if (aud !== templateAudience && !(Array.isArray(aud) && aud.includes(templateAudience))) throw refuse('audience-mismatch')
}

function identityOf({ claims, subject, expiresAt }: VerifiedToken): Identity {
  checkSessionStatus(claims['sts'])
  const organization = organizationOf(claims)
  const { email = null } = claims
  if (email !== null && (typeof email !== 'string' || email.length > 320)) throw refuse('claim-invalid')
  const planClaims = withoutEnd(planClaimsOfToken(claims[planClaimsName], subject, organization?.id ?? null))
  return { subject, organization, email, planClaims, actor: actorOf(claims['act']), expiresAt, claims }
}

function withoutEnd(claims: PlanClaims | null): PlanClaims | null {
  return claims?.until === neverInMetadata ? { ...claims, until: null } : claims
}

function onDemand(client: ClerkClient | undefined, secretKey: string | undefined): () => Promise<ClerkClient> {
  let made: Promise<ClerkClient> | undefined = client && Promise.resolve(client)
  return () => {
    made ??= createClient(secretKey)
    return made
  }
}

async function createClient(secretKey: string | undefined): Promise<ClerkClient> {
  const { createClerkClient } = await installed(import('@clerk/backend'))
  return createClerkClient({ secretKey: secretKey ?? '', telemetry: { disabled: true } })
}
