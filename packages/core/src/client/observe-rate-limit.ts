import type { Snapshot } from '../protocol/snapshot.ts'

/**
 * The snapshot after a metered response, by its `RateLimit` and `RateLimit-Policy` fields. `undefined` when they tell of
 * something that only the server knows (another limit, a new period, usage given back or billed beyond the allowance), so that the snapshot must be
 * read again. The same object when they tell nothing new.
 *
 * Reads as much of RFC 9651 as draft-ietf-httpapi-ratelimit-headers needs. An allowance is named like its feature; gates
 * are named otherwise and left out, as is whatever cannot be read.
 */
export function observeRateLimit(snapshot: Snapshot, headers: Headers): Snapshot | undefined {
  // Names of features are letters, digits and hyphens: nothing that means something else in a pattern.
  const countIn = (field: string, feature: string, key: string): number =>
    Number(new RegExp(`"${feature}"[^,]*;${key}=(\\d+)`).exec(headers.get(field) ?? '')?.[1])
  let next = snapshot
  for (const [feature, view] of Object.entries(snapshot.usage)) {
    const remaining = countIn('ratelimit', feature, 'r')
    const spent = (view.remaining ?? -1) - remaining
    const isBilled = remaining === 0 && Object(snapshot.entitlements[feature]?.terms).overage
    if (spent < 0 || isBilled || (spent >= 0 && countIn('ratelimit-policy', feature, 'q') !== view.limit)) return undefined
    if (spent > 0) next = { ...next, usage: { ...next.usage, [feature]: { ...view, used: view.used + spent, remaining } } }
  }
  return next
}
