import { parsePlanClaims, planClaimsName } from '../../domain/plan-claims.ts'
import type { VerifiedPlanToken } from '../../ports/auth.ts'
import type { Algorithm } from './algorithm.ts'
import { refuse } from './refusal.ts'
import type { VerifiedToken } from './registered-claims.ts'

/** The kind that our tokens name in their header, so that no other token passes for one (RFC 8725 section 3.11). */
export const planTokenType = 'farebox-plan+jwt'

/** What plan tokens are signed with. */
export type PlanTokenAlgorithm = Exclude<Algorithm, 'HS256'> & ('ES256' | 'EdDSA' | 'RS256')

export const planTokenAlgorithms: readonly PlanTokenAlgorithm[] = ['ES256', 'EdDSA', 'RS256']

/** @throws FareboxError `unauthenticated` (`claim-invalid`) unless the token names a customer and carries plan claims. */
export function readPlanToken({ claims, subject, expiresAt }: VerifiedToken): VerifiedPlanToken {
  const { customer } = claims
  const planClaims = parsePlanClaims(claims[planClaimsName])
  if (typeof customer !== 'string' || customer === '' || planClaims === undefined) throw refuse('claim-invalid')
  return { customer, subject, claims: planClaims, expiresAt }
}
