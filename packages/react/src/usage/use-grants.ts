import { deriveCredits } from '@farebox/core/client'
import type { GrantView } from '@farebox/core/protocol'
import type { MeteredName } from '../provider/register.ts'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'

/** A credit, and what it is counted in. */
export type CreditGrant = GrantView & { readonly unit: string }

/** The credits that count now, one by one, in the order in which they are drawn: of one feature, or of all that have any. */
export function useGrants(only?: MeteredName): Reading<readonly CreditGrant[]> {
  return useSnapshot((snapshot) =>
    deriveCredits(snapshot).flatMap(({ feature, unit, grants }) => (only && feature !== only ? [] : grants.map((grant) => ({ ...grant, unit })))),
  )
}
