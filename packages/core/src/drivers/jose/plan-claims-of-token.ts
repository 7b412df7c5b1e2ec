import { type PlanClaims, parsePlanClaims } from '../../domain/plan-claims.ts'
import { isObject } from './compact-token.ts'

/**
 * The plan claims in a token, if they speak of the customer that the token acts for. Claims name their customer;
 * claims that name none speak of the subject. So a person's plan never decides for an organization.
 */
export function planClaimsOfToken(value: unknown, subject: string, organization: string | null): PlanClaims | null {
  const customer = isObject(value) && typeof value['customer'] === 'string' ? value['customer'] : subject
  return customer === (organization ?? subject) ? (parsePlanClaims(value) ?? null) : null
}
