import type { UsageSweep } from '../ports/usage-store.ts'

/** What several sweeps dropped together. */
export function addSweeps(sweeps: readonly UsageSweep[]): UsageSweep {
  const sum = { reservations: 0, keys: 0, counters: 0, markers: 0 }
  for (const { reservations, keys, counters, markers } of sweeps) {
    sum.reservations += reservations
    sum.keys += keys
    sum.counters += counters
    sum.markers += markers
  }
  return sum
}
