import type { UpcomingView } from '@farebox/core/protocol'
import type { Reading } from '../provider/use-snapshot.ts'
import { useMoneyReading } from './use-money-reading.ts'

/** The invoice that comes next by itself, as the payment service would make it; its `upcoming` is `null` where none does. */
export function useUpcoming(): Reading<UpcomingView> {
  return useMoneyReading<UpcomingView>('/upcoming', 'upcoming')
}
