import { type Credits, deriveCredits } from '@farebox/core/client'
import type { MeteredName } from '../provider/register.ts'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'

/** The extra amounts that count now, and what is left of them: of one feature, or of all that have any. */
export function useCredits(feature?: MeteredName): Reading<readonly Credits[]> {
  return useSnapshot((snapshot) => deriveCredits(snapshot).filter((credits) => !feature || credits.feature === feature))
}
