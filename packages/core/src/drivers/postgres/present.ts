import type { Clock } from '../../ports/clock.ts'

/** The present of a clock, as text, so that every client sends it alike; null lets the server's clock decide. */
export function presentOf(clock: Clock | undefined): string | null {
  return clock === undefined ? null : String(clock.now())
}
