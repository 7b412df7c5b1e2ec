import { type UsageOrder, deriveUsageOrder } from '@farebox/core/client'
import type { MeteredName } from '../provider/register.ts'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'

/** Which meters a table or a dashboard shows. */
export interface MeterChoice {
  /** Only these, in this order; all that the customer has unless said otherwise. */
  readonly features?: readonly MeteredName[] | undefined
  /**
   * `catalog` unless said otherwise: every meter has its place. `pressing` begins with what is nearest to its limit; meters
   * then change places when a threshold is crossed.
   */
  readonly order?: UsageOrder | undefined
}

/** The metered features to show. Renders again only when others are to be shown, never for a number. */
export function useMeteredFeatures({ features, order }: MeterChoice = {}): Reading<readonly MeteredName[]> {
  // What the server counts are the metered features of the catalog.
  return useSnapshot(
    ({ usage }) => features ?? deriveUsageOrder(usage, order).filter((feature): feature is MeteredName => feature in usage),
  )
}
