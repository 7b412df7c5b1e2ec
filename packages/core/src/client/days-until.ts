import type { IsoInstant } from '../protocol/snapshot.ts'

const day = 86_400_000

/** Whole days between two instants, begun ones counted; 0 once it is past. Pure. */
export function daysUntil(at: IsoInstant, asOf: IsoInstant): number {
  return Math.max(0, Math.ceil((Date.parse(at) - Date.parse(asOf)) / day))
}
