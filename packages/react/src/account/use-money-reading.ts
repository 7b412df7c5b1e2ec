import { useReading } from '../provider/use-reading.ts'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'

/**
 * What a route about money answers. Who may not manage the billing would be refused (403): that is answered here without
 * asking.
 */
export function useMoneyReading<Data extends object>(path: string, mark: keyof Data & string): Reading<Data> {
  const manager = useSnapshot(({ canManageBilling }) => canManageBilling)
  const reading = useReading<Data>(manager.data ? path : null, mark)
  if (manager.status !== 'success') return manager
  return manager.data ? reading : { status: 'error', error: { status: 403 }, refetch: manager.refetch }
}
