import type { Instant } from '../../domain/instant.ts'
import type { UsageOperation } from '../../ports/usage-store.ts'
import type { CustomerUsage } from '../counting/customer-usage.ts'
import type { HeldReservation } from '../counting/feature-usage.ts'
import type { LoadedCustomer } from './loaded-customer.ts'
import type { NeedsList } from './row-needs.ts'

/** What an operation is known to be about before anything was fetched. */
export function gatherNamed(needs: NeedsList, customer: LoadedCustomer, operation: UsageOperation): void {
  switch (operation.verb) {
    case 'consume':
      if (operation.key !== null) customer.needKey(needs, operation.key)
      return
    case 'reserve':
      if (operation.key !== null) customer.needKey(needs, operation.key)
      customer.needReservation(needs, operation.feature, operation.reservation)
      return
    case 'settle':
      customer.needReservation(needs, operation.feature, operation.reservation)
      return
    case 'release':
      if (operation.target.by === 'key') customer.needKey(needs, operation.target.key)
      if (operation.target.by === 'reservation') customer.needReservation(needs, operation.feature, operation.target.reservation)
      return
    default:
      operation satisfies never
  }
}

/** What the rows of a customer call for by themselves: reservations that are due, and all that ending one of them touches. */
export function gatherFollowing(needs: NeedsList, customer: LoadedCustomer, usage: CustomerUsage | undefined, now: Instant): void {
  for (const [feature, expiry] of customer.notes.expiries ?? []) {
    if (expiry <= now) customer.needDue(needs, feature)
  }
  for (const [feature, reservations] of customer.reservations ?? []) {
    for (const reservation of reservations.values()) {
      if (reservation !== undefined && !('as' in reservation)) gatherHeld(needs, customer, usage, feature, reservation)
    }
  }
}

function gatherHeld(
  needs: NeedsList,
  customer: LoadedCustomer,
  usage: CustomerUsage | undefined,
  feature: string,
  held: HeldReservation,
): void {
  if (held.key !== null) customer.needKey(needs, held.key)
  if (customer.notes.archived?.has(feature) !== true) return
  for (const { id } of held.buckets) customer.needCounter(needs, feature, id, usage)
  customer.needCounter(needs, feature, held.overdraftBucket.id, usage)
}

/** What an operation calls for once the rows that it names are there. */
export function gatherTouched(needs: NeedsList, customer: LoadedCustomer, operation: UsageOperation, usage: CustomerUsage | undefined): void {
  const { feature } = operation
  const isArchived = customer.notes.archived?.has(feature) === true
  switch (operation.verb) {
    case 'consume':
    case 'reserve':
      if (!isArchived) return
      for (const { id } of operation.buckets) customer.needCounter(needs, feature, id, usage)
      if (operation.verb === 'reserve') customer.needCounter(needs, feature, operation.overdraftBucket.id, usage)
      return
    case 'settle':
      return
    case 'release': {
      const { target } = operation
      const keyed = target.by === 'key' ? usage?.keys?.get(target.key) : undefined
      if (keyed !== undefined && keyed.reservation !== null) customer.needReservation(needs, feature, keyed.reservation)
      if (!isArchived) return
      for (const { bucket } of target.by === 'drawn' ? target.drawn : (keyed?.drawn ?? [])) customer.needCounter(needs, feature, bucket, usage)
      return
    }
    default:
      operation satisfies never
  }
}
