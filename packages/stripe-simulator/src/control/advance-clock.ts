import { ownCause } from '../account.ts'
import type { Accounts } from '../accounts.ts'
import { addDuration, type Duration } from '../clock.ts'
import { invalidRequest } from '../errors.ts'
import { runDue } from '../lifecycle/due/fall-due.ts'
import { deleteOldTestClocks } from '../lifecycle/due/test-clock.ts'
import { readNumber, readText, refuseOthers } from './read-json.ts'

const units = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const

/** How far to move simulated time: by a length of calendar time, or to an instant (milliseconds since 1970, or a date). */
export type ClockMove = Duration | { readonly to: number | Date }

/**
 * Moves simulated time forward and runs what falls due on the way, in order, as one action of each account. Test clocks stand still. Answers the new
 * instant in milliseconds. Refuses to go back, and to go further than 100 years at once.
 */
export function advanceClock(accounts: Accounts, move: ClockMove): number {
  const { main } = accounts.own(false).timelines
  const now = main.now()
  const target = 'to' in move ? Number(move.to) : addDuration(now, move)
  if (!Number.isFinite(target) || target < now) {
    throw invalidRequest(`Simulated time never goes back; it is ${new Date(now).toISOString()}.`, { param: 'to' })
  }
  if (target > addDuration(now, { years: 100 })) {
    throw invalidRequest('Simulated time moves at most 100 years at once.', { param: 'advance' })
  }
  for (const account of accounts.all()) {
    account.finish()
    account.act(ownCause, () => {
      runDue(account, target)
      main.moveTo(target)
    })
    deleteOldTestClocks(account)
  }
  return main.now()
}

/** Reads `{"advance": {"months": 1}}` or `{"advance": {"to": "2027-01-31T00:00:00Z"}}` (`to` also at the top). */
export function readClockMove(body: ReadonlyMap<string, unknown>): ClockMove {
  refuseOthers(body, ['advance', 'to'])
  const advance = body.get('advance')
  const given =
    typeof advance === 'object' && advance !== null ? new Map<string, unknown>(Object.entries(advance)) : body
  if (given === body && !body.has('to')) {
    throw invalidRequest('Send {"advance": {"months": 1}} or {"to": "2027-01-31T00:00:00Z"}.', { param: 'advance' })
  }
  refuseOthers(given, [...units, 'to'], given === body ? '' : 'advance.')
  const to = readText(given, 'to')
  if (to !== undefined) {
    const instant = Date.parse(to)
    if (Number.isNaN(instant)) throw invalidRequest('to must be an ISO 8601 instant', { param: 'to' })
    return { to: instant }
  }
  const parts = units.map((unit) => [unit, readNumber(given, unit, { least: 0, most: 1e9, isWhole: true }) ?? 0] as const)
  return Object.fromEntries(parts)
}
