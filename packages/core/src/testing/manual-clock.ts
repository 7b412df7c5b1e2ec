import type { Instant, Milliseconds } from '../domain/instant.ts'
import type { Clock } from '../ports/clock.ts'

/** A clock that stands still until it is told otherwise. */
export interface ManualClock extends Clock {
  /** Moves on; a negative length moves back, as clocks of hosts sometimes do. */
  advance(length: Milliseconds): void
  set(instant: Instant): void
}

/** A clock that starts at `start`: 2026-01-31T10:00:00Z unless a test says otherwise. */
export function manualClock(start: Instant = Date.UTC(2026, 0, 31, 10)): ManualClock {
  let now = start
  return {
    now: () => now,
    advance(length) {
      now += length
    },
    set(instant) {
      now = instant
    },
  }
}
