import type { Instant } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { PlanTokenSigner } from '../../ports/auth.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { getPlanClaims } from './get-plan-claims.ts'

/** A signed plan token and its end. */
export interface IssuedPlanToken {
  readonly token: string
  readonly expiresAt: Instant
}

/**
 * A short-lived token that says what the customer is entitled to at this moment. Makes the customer known.
 *
 * @throws FareboxError `not-found` where the app signs no plan tokens, `invalid-request` for a bad id.
 */
export async function issuePlanToken(
  context: Context,
  request: { readonly customer: string; readonly subject: string },
): Promise<IssuedPlanToken> {
  const signer = signerOf(context)
  const customer = checkId(request.customer, 'customer')
  const subject = checkId(request.subject, 'subject')
  const claims = await getPlanClaims(context, { customer })
  return signer.sign({ customer, subject, claims }, context.clock.now())
}

/** @throws FareboxError `not-found` where the app signs no plan tokens. */
export function signerOf({ signer }: Context): PlanTokenSigner {
  if (signer !== null) return signer
  throw new FareboxError('not-found', 'This app issues no plan tokens')
}
