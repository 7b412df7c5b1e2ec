import type { PlansView } from '@farebox/core/protocol'
import { useReading } from '../provider/use-reading.ts'
import type { Reading } from '../provider/use-snapshot.ts'

/** The public catalog, also for somebody who is not signed in. @param given what the server rendered with. */
export function usePlans(given?: PlansView): Reading<PlansView> {
  return useReading<PlansView>('/plans', 'plans', given)
}
