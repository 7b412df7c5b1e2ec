import type { Instant } from '../domain/instant.ts'
import type { PlanClaims } from '../domain/plan-claims.ts'

/** Who is asking, as a verified token says. */
export interface Identity {
  /** The JWT `sub`. */
  readonly subject: string
  /** The active organization and the subject's role in it. */
  readonly organization: { readonly id: string; readonly role: string | null } | null
  readonly email: string | null
  /** Claims of plan that decide; `null` when missing, then records are read. */
  readonly planClaims: PlanClaims | null
  /** Set when somebody acts in the subject's place (RFC 8693 `act`). */
  readonly actor: string | null
  /** The token's end. */
  readonly expiresAt: Instant
  /** The whole verified payload, for the host app's own rules. */
  readonly claims: Readonly<Record<string, unknown>>
}

/**
 * Tells who a token speaks for. Accepts nothing that RFC 8725 says to refuse; a token is never accepted because it
 * could not be checked. May answer without a promise when the token was verified before.
 *
 * @throws FareboxError `unauthenticated` with a `reason`; `unavailable` when keys cannot be fetched.
 */
export interface TokenVerifier {
  verify(token: string): Identity | Promise<Identity>
}

/** Writes plan claims to where the sign-in service will put them into its next tokens. Retried, so it must be idempotent. */
export interface ClaimsWriter {
  write(customer: string, claims: PlanClaims): Promise<void>
}

/** A fact about accounts that the sign-in service told. */
export type AccountEvent =
  | { readonly kind: 'created'; readonly customer: string; readonly email: string | null; readonly name: string | null }
  | { readonly kind: 'deleted'; readonly customer: string }
  | { readonly kind: 'ignored'; readonly type: string }

/** Reads a webhook of the sign-in service. Verifies over the raw bytes before it parses. @throws FareboxError `invalid-signature`. */
export interface AccountWebhooks {
  read(body: Uint8Array<ArrayBuffer>, headers: Headers): Promise<AccountEvent>
}

/** A sign-in service. `null` says that it has no such part. */
export interface Auth {
  readonly verifier: TokenVerifier
  readonly claims: ClaimsWriter | null
  readonly webhooks: AccountWebhooks | null
}

/** A public key set as RFC 7517 publishes it. */
export interface PublicKeySet {
  readonly keys: readonly Readonly<Record<string, unknown>>[]
}

/** What a plan token says; the signer adds `iss`, `aud`, `iat`, `exp`, `jti`. */
export interface PlanTokenPayload {
  readonly customer: string
  readonly subject: string
  readonly claims: PlanClaims
}

/** What a verified plan token says. */
export interface VerifiedPlanToken extends PlanTokenPayload {
  /** The token's end. */
  readonly expiresAt: Instant
}

/** Verifies plan tokens of one app. @throws FareboxError as {@link TokenVerifier} does. */
export interface PlanTokenVerifier {
  verify(token: string): VerifiedPlanToken | Promise<VerifiedPlanToken>
}

/** Signs our own short-lived plan tokens. Rotating keys refuses no valid token: old public keys stay published until their tokens end. */
export interface PlanTokenSigner {
  sign(payload: PlanTokenPayload, now: Instant): Promise<{ readonly token: string; readonly expiresAt: Instant }>
  publicKeys(): Promise<PublicKeySet>
}
