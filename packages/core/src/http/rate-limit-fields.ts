import type { Decision } from '../domain/decision.ts'
import { type Instant, second } from '../domain/instant.ts'

/** The header fields of a metered response; empty where no limit applied. */
export type RateLimitFields = Readonly<Record<string, string>>

const none: RateLimitFields = {}

/** A field with a longer one is no structured field, and ignored as a whole: RFC 9651 section 3.3.1. */
const longestInteger = 999_999_999_999_999

/**
 * `RateLimit` and `RateLimit-Policy` for every limit that applied: the allowance under the feature's name with the
 * feature's unit, then each gate under its id. Structured fields of draft-ietf-httpapi-ratelimit-headers (RFC 9651).
 */
export function rateLimitFields(decision: Decision, now: Instant): RateLimitFields {
  let state = ''
  let policy = ''
  if (decision.limit !== null && decision.limit <= longestInteger && decision.remaining !== null && decision.resetsAt !== null) {
    state = `"${decision.feature}";r=${decision.remaining};t=${secondsUntil(decision.resetsAt, now)}`
    policy = `"${decision.feature}";q=${decision.limit};w=${decision.window}${unitParameter(decision.unit)}`
  }
  for (const gate of decision.gates) {
    const comma = state === '' ? '' : ', '
    state += `${comma}"${gate.id}";r=${gate.remaining};t=${secondsUntil(gate.resetsAt, now)}`
    policy += `${comma}"${gate.id}";q=${gate.limit};w=${gate.window}`
  }
  return state === '' ? none : { ratelimit: state, 'ratelimit-policy': policy }
}

const unitParameters = new Map<string, string>()

/**
 * Structured strings are printable ASCII (RFC 9651 section 3.3.3); a unit in another script is left out. Units are few:
 * they come from catalogs.
 */
function unitParameter(unit: string): string {
  const known = unitParameters.get(unit)
  if (known !== undefined) return known
  const parameter = /^[ -~]+$/.test(unit) ? `;qu="${unit.replaceAll(/["\\]/g, String.raw`\$&`)}"` : ''
  unitParameters.set(unit, parameter)
  return parameter
}

function secondsUntil(instant: Instant, now: Instant): number {
  return Math.max(0, Math.ceil((instant - now) / second))
}
