import type { GrantView, IsoInstant, Snapshot } from '../protocol/snapshot.ts'

/** What is left of the grants of one feature. */
export interface Credits {
  readonly feature: string
  readonly unit: string
  /** In the order in which they are drawn. */
  readonly grants: readonly GrantView[]
  /** What is left of all of them. */
  readonly remaining: number
  /** What ends first, and when; `null` where nothing that is left ends. */
  readonly expiring: { readonly remaining: number; readonly at: IsoInstant } | null
}

/** The grants that count now and what is left of them, by feature. Pure. */
export function deriveCredits({ grants, usage }: Pick<Snapshot, 'grants' | 'usage'>): readonly Credits[] {
  const features = [...new Set(grants.map(({ feature }) => feature))]
  return features.map((feature) => {
    const own = grants.filter((grant) => grant.feature === feature)
    const left = own.filter(({ remaining }) => remaining > 0)
    const at = left.flatMap(({ expiresAt }) => expiresAt ?? []).toSorted()[0]
    const expiring = at === undefined ? null : { at, remaining: sum(left.filter(({ expiresAt }) => expiresAt === at)) }
    return { feature, unit: usage[feature]?.unit ?? '', grants: own, remaining: sum(left), expiring }
  })
}

function sum(grants: readonly GrantView[]): number {
  return grants.reduce((total, { remaining }) => total + remaining, 0)
}
