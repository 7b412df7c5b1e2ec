import type { Catalog, Plan } from '../../domain/catalog.ts'
import type { Instant } from '../../domain/instant.ts'
import { entitlementsFromClaims } from '../../domain/plan-claims.ts'
import type { PlanTokenVerifier, VerifiedPlanToken } from '../../ports/auth.ts'
import { type MaybePromise, chain } from '../maybe-promise.ts'

/** A verified plan token and the plan it names; `null` when the records must be asked. */
export interface TokenPlan extends VerifiedPlanToken {
  readonly plan: Plan | null
}

/**
 * The plan that a verified token names. `null` when the token is not the whole truth: the catalog has no such plan,
 * grants or overrides exist, or its answer has ended.
 */
export function planOf(catalog: Catalog, token: VerifiedPlanToken, now: Instant = Date.now()): Plan | null {
  return entitlementsFromClaims(catalog, token.claims, now)?.plan ?? null
}

/** Verifies a plan token and finds its plan, without a look at any store. @throws FareboxError `unauthenticated`. */
export function verifyPlanToken(
  catalog: Catalog,
  verifier: PlanTokenVerifier,
  token: string,
  now?: Instant,
): MaybePromise<TokenPlan> {
  return chain(verifier.verify(token), (verified) => ({ ...verified, plan: planOf(catalog, verified, now) }))
}
