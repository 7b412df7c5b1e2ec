import type { ReactElement } from 'react'
import { accountStates } from './states/account.tsx'
import { adminStates } from './states/admin.tsx'
import { plansStates } from './states/plans.tsx'
import { usageStates } from './states/usage.tsx'

/** Every state of one family of components, by the name of component and state: `'UsageBar, over the limit'`. */
export type GalleryStates = Readonly<Record<string, () => ReactElement>>

/** Every component in every state, by family. */
export const galleryStates: Readonly<Record<string, GalleryStates>> = {
  usage: usageStates,
  plans: plansStates,
  account: accountStates,
  admin: adminStates,
}
