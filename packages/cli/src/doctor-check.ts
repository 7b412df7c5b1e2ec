/** What one look at something found. `skipped`: it could not be looked at because something else is wrong, or is not there. */
export interface DoctorCheck {
  readonly name: string
  readonly state: 'ok' | 'fault' | 'warning' | 'skipped'
  /** What is, in one line. */
  readonly found: string
  /** What to do about it, in one line; `null` where there is nothing to do. */
  readonly fix: string | null
}

export function ok(name: string, found: string): DoctorCheck {
  return { name, state: 'ok', found, fix: null }
}

export function fault(name: string, found: string, fix: string): DoctorCheck {
  return { name, state: 'fault', found, fix }
}

export function warning(name: string, found: string, fix: string): DoctorCheck {
  return { name, state: 'warning', found, fix }
}

export function skipped(name: string, found: string): DoctorCheck {
  return { name, state: 'skipped', found, fix: null }
}

/** Stripe refuses nothing by its own clock, but signatures are good for five minutes: a minute off is too much already. */
const mostSkew = 60_000

/** How a clock stands beside this machine's, by the `Date` of a response, which counts whole seconds. */
export function checkClock(name: string, whose: string, date: string | null | undefined, now: number): DoctorCheck {
  const told = date === null || date === undefined ? Number.NaN : Date.parse(date)
  if (Number.isNaN(told)) return skipped(name, `${whose} does not tell the time`)
  const skew = Math.round(Math.abs(told - now) / 1000)
  if (skew * 1000 <= mostSkew) return ok(name, `${whose} and this machine agree on the time`)
  return fault(name, `${whose} is ${skew} seconds ${told < now ? 'behind' : 'ahead of'} this machine`, 'Set the clock that is off by NTP: signatures are refused after 300 seconds')
}
