/**
 * Plan tokens at the edge: verified by their claims alone, without a store.
 *
 * @example
 * ```ts
 * import { createPlanTokenVerifier } from '@farebox/core/token'
 *
 * const planTokens = createPlanTokenVerifier({
 *   issuer: 'https://app.example.com',
 *   audience: 'https://app.example.com',
 *   keys: { jwksUrl: 'https://app.example.com/api/billing/.well-known/jwks.json' },
 * })
 *
 * export async function isPro(token: string): Promise<boolean> {
 *   const { claims } = await planTokens.verify(token)
 *   return claims.plan === 'pro'
 * }
 * ```
 *
 * @module
 */
export { createPlanTokenVerifier } from './drivers/jose/plan-token-verifier.ts'
export type { ForgettingPlanTokenVerifier, PlanTokenVerifierOptions } from './drivers/jose/plan-token-verifier.ts'
export { planOf, verifyPlanToken } from './use-cases/plan-tokens/verify-plan-token.ts'
export type { TokenPlan } from './use-cases/plan-tokens/verify-plan-token.ts'
export type { PlanTokenVerifier, VerifiedPlanToken } from './ports/auth.ts'
export { FareboxError, isFareboxError } from './errors/error.ts'
