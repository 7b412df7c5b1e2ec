import type { GrantView, IsoInstant } from '../protocol/snapshot.ts'

/** What is left of the grants of one feature. */
export interface Credits {
  readonly feature: string
  /** What is left of all its grants. */
  readonly remaining: number
  /** What ends first, and when; `null` where nothing that is left ends. */
  readonly expiring: { readonly remaining: number; readonly at: IsoInstant } | null
}

/** What is left of grants, by feature, in the order in which they come. Pure. */
export function deriveCredits(grants: readonly GrantView[]): readonly Credits[] {
  const features = [...new Set(grants.map(({ feature }) => feature))]
  return features.map((feature) => {
    const left = grants.filter((grant) => grant.feature === feature && grant.remaining > 0)
    const at = left.flatMap(({ expiresAt }) => expiresAt ?? []).toSorted()[0]
    return { feature, remaining: sum(left), expiring: at ? { at, remaining: sum(left.filter(({ expiresAt }) => expiresAt === at)) } : null }
  })
}

function sum(grants: readonly GrantView[]): number {
  return grants.reduce((total, { remaining }) => total + remaining, 0)
}
