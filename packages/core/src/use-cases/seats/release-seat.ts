import type { Context } from '../context.ts'
import { type SeatRelease, type SeatRequest, checkSeat, seatOf, writeSeat } from '../customers/held-seats.ts'
import { loadCustomer } from '../customers/load-customer.ts'
import { retryConflicts } from '../customers/retry-conflicts.ts'

/**
 * Takes a seat back, once however often it is asked for; also one of a feature that the catalog no longer has, or counts in seats.
 *
 * @throws FareboxError `invalid-request` for ids that are not valid, and for a feature without seats of which none is held; `unavailable`.
 */
export async function releaseSeat(context: Context, request: SeatRequest): Promise<SeatRelease> {
  const { customer, feature, id } = seatOf(request)
  return retryConflicts<SeatRelease>(async () => {
    const { row } = await loadCustomer(context, customer)
    const { rows } = await context.records.load(customer, ['seats'], { seats: [id] })
    // Two names, joined, may look like two others.
    const isHeld = rows.seats.some(({ value }) => value.feature === feature)
    if (!isHeld) checkSeat(context, request)
    if (row === undefined || !isHeld) return { kind: 'ended' }
    return (await writeSeat(context, row, id, feature, null)) ? { kind: 'released' } : undefined
  })
}
