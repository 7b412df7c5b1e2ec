import type { GalleryStates } from './gallery-states.ts'
import { accountStates } from './states/account.tsx'
import { adminStates } from './states/admin.tsx'
import { plansStates } from './states/plans.tsx'
import { usageStates } from './states/usage.tsx'

/** Every component in every state, by family. */
export const allStates: Readonly<Record<string, GalleryStates>> = {
  Usage: usageStates,
  Plans: plansStates,
  Account: accountStates,
  Admin: adminStates,
}
