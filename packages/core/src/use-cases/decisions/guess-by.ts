import type { PlanClaims } from '../../domain/plan-claims.ts'
import type { Context } from '../context.ts'
import type { Evidence } from './question.ts'

/** What is known without a look at the records: claims if they can tell and nothing newer was read lately, else what was read. */
export function guessBy<Answer>(
  context: Context,
  customer: string,
  planClaims: PlanClaims | null,
  infer: (evidence: Evidence) => Answer | undefined,
): Answer | undefined {
  const records = context.cache.find(customer)
  if (planClaims !== null && !(records !== undefined && planClaims.ev < records.version)) {
    const byClaims = infer({ by: 'claims', claims: planClaims })
    if (byClaims !== undefined) return byClaims
  }
  return records && infer({ by: 'records', records, loaded: false })
}
