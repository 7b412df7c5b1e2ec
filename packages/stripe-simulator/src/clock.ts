/** How simulated time passes between calls: along with real time, or only when it is moved. */
export type ClockMode = 'running' | 'frozen'

/** Simulated time. It never goes back. */
export interface SimulatedClock {
  readonly mode: ClockMode
  /** The simulated instant in milliseconds since 1970 (UTC). */
  now(): number
  /** The simulated instant in whole seconds, as Stripe's objects carry it. */
  seconds(): number
  /** Moves simulated time forward to an instant in milliseconds; an earlier instant leaves it where it is. */
  moveTo(instant: number): void
  /** Runs `work` with simulated time standing at `instant` milliseconds. */
  at<Result>(instant: number, work: () => Result): Result
}

/** A clock that starts at `start` milliseconds (default: the real time now). */
export function createSimulatedClock(options: { start?: number; mode?: ClockMode } = {}): SimulatedClock {
  const mode = options.mode ?? 'running'
  let base = options.start ?? Date.now()
  let since = Date.now()
  let held: number | undefined

  const now = (): number => {
    if (held !== undefined) return held
    return mode === 'frozen' ? base : base + Math.max(0, Date.now() - since)
  }
  return {
    mode,
    now,
    seconds: () => Math.floor(now() / 1000),
    moveTo(instant) {
      base = Math.max(instant, now())
      since = Date.now()
    },
    at(instant, work) {
      const outer = held
      held = instant
      try {
        return work()
      } finally {
        held = outer
      }
    },
  }
}

/** A length of calendar time. Months and years are clamped to the length of the month they land in. */
export interface Duration {
  readonly years?: number
  readonly months?: number
  readonly weeks?: number
  readonly days?: number
  readonly hours?: number
  readonly minutes?: number
  readonly seconds?: number
}

/** `instant` milliseconds plus a duration, in UTC. */
export function addDuration(instant: number, duration: Duration): number {
  const months = (duration.years ?? 0) * 12 + (duration.months ?? 0)
  const days = (duration.weeks ?? 0) * 7 + (duration.days ?? 0)
  const seconds =
    days * 86_400 + (duration.hours ?? 0) * 3600 + (duration.minutes ?? 0) * 60 + (duration.seconds ?? 0)
  return addMonths(instant, months) + seconds * 1000
}

/** `instant` milliseconds plus calendar months in UTC: January 31 plus one month is the last day of February. */
export function addMonths(instant: number, months: number): number {
  const from = new Date(instant)
  const month = from.getUTCFullYear() * 12 + from.getUTCMonth() + months
  const year = Math.floor(month / 12)
  const monthOfYear = month - year * 12
  const lastDay = new Date(Date.UTC(year, monthOfYear + 1, 0)).getUTCDate()
  const day = Math.min(from.getUTCDate(), lastDay)
  return Date.UTC(year, monthOfYear, day) + (instant - Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate()))
}
