import type { IsoInstant, UsageHistoryView } from '@farebox/core/protocol'
import type { MeteredName } from '../provider/register.ts'
import { useReading } from '../provider/use-reading.ts'
import type { Reading } from '../provider/use-snapshot.ts'

/** Which usage periods: those that begin in `[from, to)`, the last 400 days unless said otherwise. */
export interface UsageSpan {
  readonly from?: IsoInstant | undefined
  readonly to?: IsoInstant | undefined
}

/** What was used of a metered feature in its past periods and the present one, oldest first. */
export function useUsageHistory(feature: MeteredName, { from, to }: UsageSpan = {}): Reading<UsageHistoryView> {
  const query = new URLSearchParams({ feature, ...(from && { from }), ...(to && { to }) })
  return useReading<UsageHistoryView>(`/usage?${query.toString()}`, 'periods')
}
