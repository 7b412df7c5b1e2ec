import type { PlanClaims } from '../../domain/plan-claims.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { ensureCustomer } from '../customers/ensure-customer.ts'
import { claimsOfRecords } from '../delivering/outbox.ts'

/** The claims of this moment, for an app that signs its own session tokens: put them under `farebox`. Makes the customer known. */
export async function getPlanClaims(context: Context, request: { readonly customer: string }): Promise<PlanClaims> {
  const { records, now } = await ensureCustomer(context, checkId(request.customer, 'customer'))
  return claimsOfRecords(context, records, now)
}
