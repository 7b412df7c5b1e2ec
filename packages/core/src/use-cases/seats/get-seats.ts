import { entitlementsAt } from '../../domain/entitlement.ts'
import { toIso } from '../../domain/instant.ts'
import type { SeatView, SeatsView } from '../../protocol/seats.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { customerOf, decisive } from '../customers/load-customer.ts'
import { limitOf } from './assign-seat.ts'

/**
 * Who holds the seats of each feature, and how many there are, read in one moment; of one that the catalog no longer has, those that
 * are still held. Writes nothing.
 */
export async function getSeats(context: Context, request: { readonly customer: string }): Promise<SeatsView> {
  const { catalog, records } = context
  const customer = checkId(request.customer, 'customer')
  const reading = await records.load(customer, [...decisive, 'seats'])
  const entitlements = entitlementsAt(catalog, customerOf(customer, reading).records, reading.now)
  const held = reading.rows.seats.map(({ value }) => value).toSorted((one, other) => one.since - other.since || (one.member < other.member ? -1 : 1))
  const viewOf = (feature: string): SeatView => {
    const members = held.filter((seat) => seat.feature === feature).map(({ member, since }) => ({ member, since: toIso(since) }))
    const limit = limitOf(entitlements, feature)
    return { used: members.length, limit, remaining: limit === null ? null : Math.max(0, limit - members.length), members }
  }
  const features = Object.keys(catalog.features).filter((key) => catalog.features[key]?.kind === 'seats')
  const named = [...features, ...held.map(({ feature }) => feature)]
  return { seats: Object.fromEntries(named.map((feature) => [feature, viewOf(feature)])) }
}
