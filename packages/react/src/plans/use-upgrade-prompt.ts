import { type Upgrade, deriveUpgrade } from '@farebox/core/client'
import type { Problem } from '@farebox/core/protocol'
import type { MeteredName } from '../provider/register.ts'
import { useSnapshot } from '../provider/use-snapshot.ts'

/** Where a prompt comes from: the problem document of a refusal, or a feature of which nothing is left. */
export interface UpgradeSource {
  /** What `readProblem` found in a refusal. It goes before a feature. */
  readonly problem?: Problem | null | undefined
  /** Its name in the catalog: the prompt is there while nothing of it is left. */
  readonly feature?: MeteredName | undefined
}

/** What to offer, or `undefined` where a plan would not help: never for a burst. A problem goes before a feature. */
export function useUpgradePrompt({ problem, feature }: UpgradeSource): Upgrade | undefined {
  return useSnapshot((snapshot) => {
    const view = snapshot.usage[feature ?? '']
    const type = view?.limit ? '/problems/quota-exceeded' : '/problems/plan-required'
    const refusal = problem ?? (view?.remaining === 0 && { type, feature, lift: view.lift })
    return refusal ? deriveUpgrade(refusal, snapshot) : undefined
  }).data
}
