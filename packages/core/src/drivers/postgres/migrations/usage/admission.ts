/** Where the SQL that counts finds what a request asks: each an expression, a parameter or a column. */
export interface Asked {
  readonly present: string
  readonly customer: string
  readonly feature: string
  readonly shape: string
  readonly version: string
  readonly validFrom: string
  readonly validUntil: string
  readonly amount: string
  readonly requests: string
  /** Of up to three buckets, in burn order. */
  readonly limits: readonly string[]
  readonly keeps: readonly string[]
  /** Of up to two gates; a step of 0 for none. */
  readonly steps: readonly string[]
  readonly rooms: readonly string[]
  /** Where the gates of the row stand. */
  readonly arrivals: readonly string[]
}

/**
 * Whether row `u` may simply count what is asked: the row is of this shape, the marker is alive and of this version,
 * nothing waits to be ended, the bucket that paid last holds all of it while those before it are used up, and both gates
 * admit. All of it is about one row, so it stays true when the row had to be waited for. Whatever else may be the case is
 * for the functions that look at everything.
 */
export function admits(asked: Asked, isMarked = 'false'): string {
  const { present, limits, keeps, amount } = asked
  const used = ['u.state[1] + u.state[2]', 'u.state[4] + u.state[5]']
  const pays = limits.map((limit, index) => {
    const before = limits.slice(0, index).map((earlier, place) => ` and ${used[place]} >= ${earlier}`)
    return `when ${index + 1} then ${limit} - u.used - u.reserved >= ${amount} and u.keep_until >= ${keeps[index]}${before.join('')}`
  })
  const gates = asked.steps.map((_, gate) => ` and ${passes(asked, gate)}`)
  return `u.customer = ${asked.customer} and u.feature = ${asked.feature} and u.shape = ${asked.shape}
    and (u.version = ${asked.version} and u.marker_until > ${present} and ${present} >= ${asked.validFrom} and ${present} < ${asked.validUntil}
      or ${isMarked}) and u.expiry > ${present}
    and case u.paid ${pays.join(' ')} else false end${gates.join('')}`
}

/** How long a marker that is not asked for is kept. */
export const markerFor = 900000

/** What counting changes in row `u`. */
export function counts(asked: Asked): string {
  const gates = asked.steps.map((_, gate) => `, ${columns[gate]} = ${nextArrival(asked, gate)}`)
  return `marker_until = ${asked.present} + ${markerFor}, used = u.used + ${asked.amount}${gates.join('')}`
}

const columns = ['arrival', 'arrival_2']

/** What {@link Asked.arrivals} are of row `u`. */
export const ownArrivals: readonly string[] = columns.map((column) => `u.${column}`)

/** Whether a gate admits. */
export function passes({ present, requests, steps, rooms, arrivals }: Asked, gate: number): string {
  return `(${steps[gate]} = 0 or greatest(${arrivals[gate]} - ${present} * 1000, 0) + ${steps[gate]} * ${requests} <= ${rooms[gate]})`
}

/** Where a gate that admits stands then. */
export function nextArrival({ present, requests, steps, arrivals }: Asked, gate: number): string {
  const arrival = arrivals[gate]
  return `case when ${steps[gate]} = 0 then ${arrival} else greatest(${arrival}, ${present} * 1000) + ${steps[gate]} * ${requests} end`
}

/** The state of a row, also of one that has none yet. */
export function stateOf(row: string): string {
  return `coalesce(${row}.state, '{0,0,0,0,0,0,0,0,0}')`
}
