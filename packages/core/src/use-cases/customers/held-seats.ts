import { entryOf } from '../../domain/entry-of.ts'
import { invalidRequest } from '../../errors/error.ts'
import type { CustomerRow, RecordEntry, RecordWrite, SeatRow } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { checkId } from './check-id.ts'
import { loadCustomer } from './load-customer.ts'

/** A seat, and who holds it or shall hold it. */
export interface SeatRequest<Feature extends string = string> {
  readonly customer: string
  readonly feature: Feature
  /** Whatever the app calls its people: a user's id. */
  readonly member: string
}

/** `released`: the seat is free. `ended`: the member held none. */
export interface SeatRelease {
  readonly kind: 'released' | 'ended'
}

/** The row of a seat, of whatever feature. @throws FareboxError `invalid-request` unless the ids are valid. */
export function seatOf({ customer, feature, member }: SeatRequest): SeatRequest & { readonly id: string } {
  const checked = { customer: checkId(customer, 'customer'), feature: checkId(feature, 'feature'), member: checkId(member, 'member') }
  return { ...checked, id: `${checked.feature}:${checked.member}` }
}

/** As {@link seatOf}. @throws FareboxError `invalid-request` unless the catalog counts the feature in seats. */
export function checkSeat({ catalog }: Context, request: SeatRequest): ReturnType<typeof seatOf> {
  const seat = seatOf(request)
  const { feature } = seat
  const definition = entryOf(catalog.features, feature)
  if (definition?.kind !== 'seats') {
    const names = Object.keys(catalog.features).filter((key) => catalog.features[key]?.kind === 'seats')
    throw invalidRequest('The feature has no seats', 'feature', `Name a feature of seats: ${names.join(', ')}`)
  }
  return seat
}

/** How many seats of a feature are held. */
export function heldSeats(row: CustomerRow | undefined, feature: string): number {
  return entryOf(row?.seats ?? {}, feature) ?? 0
}

/** Takes a seat, or gives it back, if nothing of the customer has changed since it was loaded; answers whether it did. */
export async function writeSeat(context: Context, { customer, revision, value }: RecordEntry<'customers'>, id: string, feature: string, seat: SeatRow | null): Promise<boolean> {
  const held = heldSeats(value, feature) + (seat === null ? -1 : 1)
  const writes: readonly RecordWrite[] = [
    { collection: 'customers', id: customer, expect: revision, value: { ...value, seats: { ...value.seats, [feature]: held } } },
    { collection: 'seats', id, value: seat },
  ]
  return (await context.records.commit(customer, writes)).kind === 'committed'
}

/**
 * How many a plan is to be paid for at least: as many seats as are held of what it is paid by, 0 where it is not paid by seat.
 *
 * @throws FareboxError `invalid-request` at `quantity` where fewer are asked for.
 */
export async function checkQuantity(
  context: Context,
  { customer, plan, quantity }: { readonly customer: string; readonly plan: string; readonly quantity?: number },
): Promise<number> {
  const terms = entryOf(context.catalog.plans, plan)?.features
  const paid = Object.entries(terms ?? {}).flatMap(([feature, each]) => (each.kind === 'seats' && each.paid === true ? [feature] : []))
  if (paid.length === 0) return 0
  const { row } = await loadCustomer(context, customer)
  const held = Math.max(...paid.map((feature) => heldSeats(row?.value, feature)))
  if (quantity === undefined || quantity >= held) return held
  throw invalidRequest('More seats are held than would be paid for', 'quantity', `Give at least ${held}, or release seats first`)
}
