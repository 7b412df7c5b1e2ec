import type { Context } from './context.ts'
import { loadCustomer } from './customers.ts'
import { type SeatRelease, type SeatRequest, checkSeat, writeSeat } from './held-seats.ts'
import { retryConflicts } from './retry-conflicts.ts'

/** Takes a seat back, once however often it is asked for. @throws FareboxError as `assignSeat` does. */
export async function releaseSeat(context: Context, request: SeatRequest): Promise<SeatRelease> {
  const { customer, id } = checkSeat(context, request)
  return retryConflicts<SeatRelease>('The customer is being changed by too many callers at once', async () => {
    const { row } = await loadCustomer(context, customer)
    const { rows } = await context.records.load(customer, ['seats'], { seats: [id] })
    if (row === undefined || rows.seats.length === 0) return { kind: 'ended' }
    return (await writeSeat(context, row, id, request.feature, null)) ? { kind: 'released' } : undefined
  })
}
