import type { Snapshot } from '../protocol/snapshot.ts'
import type { AllowanceReading } from './read-rate-limit.ts'

/**
 * The snapshot after a reading, or `undefined` when a header cannot tell what happened (another limit, a new period,
 * usage given back), so that the snapshot must be read again. Without news it is the same object.
 */
export function observeAllowance(snapshot: Snapshot, reading: AllowanceReading): Snapshot | undefined {
  const { feature, limit, remaining } = reading
  const view = Object.hasOwn(snapshot.usage, feature) ? snapshot.usage[feature] : undefined
  if (view === undefined) return snapshot
  if (view.limit !== limit || view.remaining === null || remaining > view.remaining) return undefined
  if (remaining === view.remaining) return snapshot
  const used = view.used + view.remaining - remaining
  return { ...snapshot, usage: { ...snapshot.usage, [feature]: { ...view, used, remaining } } }
}
