/**
 * Tokens: verifying those of any issuer, and signing our own.
 *
 * @module
 */
export { jwtAuth } from './jwt-auth.ts'
export type { ClaimNames, ClaimPath, JwtAuth, JwtAuthOptions } from './jwt-auth.ts'
export type { VerifierOptions } from './verifier-options.ts'
export type { JwtKeyOptions, JwtKeys, PublicKeyAlgorithm } from './jwt-keys.ts'
export type { KeySetLocation, KeySetOptions } from './key-set-options.ts'
export type { Algorithm } from './algorithm.ts'
export type { Fetch } from './fetch-key-set.ts'
export type { TokenRefusal } from './refusal.ts'
export { planTokens } from './plan-tokens.ts'
export type { PlanTokensOptions } from './plan-tokens.ts'
export { generatePlanTokenKey } from './plan-token-key.ts'
export type { GeneratedPlanTokenKey, PlanTokenKey } from './plan-token-key.ts'
export type { PlanTokenAlgorithm } from './plan-token.ts'
