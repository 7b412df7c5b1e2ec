import { isWhole } from './amount.ts'
import type { Catalog } from './catalog.ts'
import type { Entitlements } from './entitlement.ts'
import { entryOf } from './entry-of.ts'
import { type Instant, second } from './instant.ts'

/**
 * The claim set that lets a token decide without a look at the records. Times are whole seconds, as in RFC 7519.
 * Missing or malformed claims are for display; then records are read.
 */
export interface PlanClaims {
  readonly plan: string
  /** The entitlement version. */
  readonly ev: number
  /** Where usage periods count from, in seconds. */
  readonly anchor: number
  /** The instant at which the answer changes by itself, in seconds; `null` for never. */
  readonly until: number | null
  /** The claims are not the whole truth: grants, overrides or a debt exist, so records are needed. */
  readonly g: boolean
}

/** The name under which tokens and Clerk's public metadata carry the claims. */
export const planClaimsName = 'farebox'

/** The claims in a verified token's payload, or `undefined` where they are missing or not ours. Never throws. */
export function parsePlanClaims(value: unknown): PlanClaims | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { plan, ev, anchor, until, g } = value as Record<string, unknown>
  if (typeof plan !== 'string' || plan.length > 64 || !isWhole(ev, 0) || !isTime(anchor)) return undefined
  if ((until !== null && !isTime(until)) || typeof g !== 'boolean') return undefined
  return { plan, ev, anchor, until, g }
}

/**
 * What the claims entitle to, or `undefined` when the records must be asked: another catalog, extras, or past its end.
 * Claims do not say since when they hold; a usage store that is asked with them still compares the version.
 */
export function entitlementsFromClaims(
  catalog: Catalog,
  given: PlanClaims,
  now: Instant,
): Entitlements | undefined {
  // Callers in plain JavaScript may pass on what nobody has parsed.
  const claims = parsePlanClaims(given)
  if (claims === undefined) return undefined
  const plan = entryOf(catalog.plans, claims.plan)
  const until = claims.until === null ? null : claims.until * second
  if (plan === undefined || claims.g || (until !== null && !(now < until))) return undefined
  return {
    version: claims.ev,
    plan,
    source: plan.isDefault ? 'default' : 'subscription',
    status: plan.isDefault ? 'none' : 'active',
    anchor: claims.anchor * second,
    billingAnchor: claims.anchor * second,
    subscription: null,
    grants: [],
    pastDue: null,
    validFrom: Math.min(claims.anchor * second, now),
    validUntil: until,
  }
}

/** Seconds that a calendar can hold: up to the year 9999. */
function isTime(value: unknown): value is number {
  return isWhole(value, 0, 253_402_300_799)
}
